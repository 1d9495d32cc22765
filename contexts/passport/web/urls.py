"""Addresses of the passport context. The Resolver stands first: it is asked most and must cost least."""

from django.urls import URLPattern, URLResolver, path, re_path

from contexts.passport.domain.application_identifiers import GTIN, KEY_QUALIFIERS
from contexts.passport.web import (
    alternatives,
    comparing,
    description,
    history,
    history_api,
    nudge,
    pages,
    product_api,
    product_history,
    reports,
    resolver,
    scan_api,
    sections,
)
from contexts.passport.web.console import link_api
from contexts.passport.web.console import product_api as brand_product_api

#: The keys of other things than products, and what a radio tag writes; of both also what is not quite right,
#: which is refused as the code that it was to be. A tag's first byte is 2C to 41 or F0 to FB (see
#: `domain.epc`): by its character a tag that was cut off is known from a word that begins with "ex".
_OTHER_KEYS = "|".join(key for key in KEY_QUALIFIERS if key != GTIN)
_COMPRESSED = "e(?:h[0-9A-Za-z]+|x(?:[A-Za-z0-9_-]{8,}|[L-Q89-][A-Za-z0-9_-]*))/?"

app_name = "passport"
urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^01(?:/|$)", resolver.resolve, name="resolve"),
    re_path(rf"^(?:[0-9]{{2,4}}/|(?:{_OTHER_KEYS})$)", resolver.resolve, name="resolve_other"),
    re_path(rf"^{_COMPRESSED}$", resolver.resolve, name="resolve_compressed"),
    path(".well-known/gs1resolver", description.describe, name="description"),
    path("", pages.home, name="home"),
    path("passport/<str:gtin>", pages.passport, name="passport"),
    path("passport/<str:gtin>/alternatives", alternatives.alternatives, name="alternatives"),
    path("passport/<str:gtin>/history", product_history.product_history, name="product_history"),
    path("passport/<str:gtin>/nudge", nudge.dismiss, name="dismiss_nudge"),
    path("passport/<str:gtin>/sections", sections.stream, name="section_stream"),
    path("passport/<str:gtin>/sections/<str:name>", sections.fragment, name="section"),
    path("history", history.history, name="history"),
    path("history/recent", history.recent_scans, name="recent_scans"),
    path("compare", comparing.compare, name="compare"),
    path("search", pages.search_page, name="search"),
    path("scan", resolver.enter_code, name="enter_code"),
    path("scan/<uuid:scan_id>/report", reports.report, name="report_page"),
    path("api/v1/products", product_api.Products.as_view(), name="products"),
    path("api/v1/products/<str:gtin>", product_api.Product.as_view(), name="product"),
    path(
        "api/v1/products/<str:gtin>/history",
        product_api.ProductHistory.as_view(),
        name="product_values_history",
    ),
    path("api/v1/scans", scan_api.Scans.as_view(), name="scans"),
    path("api/v1/scans/<uuid:scan_id>", scan_api.OneScan.as_view(), name="scan"),
    path("api/v1/scans/<uuid:scan_id>/report", scan_api.Report.as_view(), name="report"),
    path("api/v1/brand/products", brand_product_api.OwnProducts.as_view(), name="brand_products"),
    path("api/v1/brand/products/<str:gtin>", brand_product_api.OneOwnProduct.as_view(), name="brand_product"),
    path("api/v1/brand/links", link_api.BrandLinks.as_view(), name="brand_links"),
    path("api/v1/brand/links/<uuid:link_id>", link_api.OneBrandLink.as_view(), name="brand_link"),
    path("api/v1/me/scans", history_api.MyScans.as_view(), name="my_scans"),
]
