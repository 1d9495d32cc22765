"""Addresses of the passport context. The Resolver stands first: it is asked most and must cost least."""

from django.urls import URLPattern, URLResolver, path, re_path

from contexts.passport.web import (
    comparing,
    history,
    history_api,
    nudge,
    pages,
    product_api,
    reports,
    resolver,
    scan_api,
)

app_name = "passport"
urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^01/", resolver.resolve, name="resolve"),
    path("", pages.home, name="home"),
    path("passport/<str:gtin>", pages.passport, name="passport"),
    path("passport/<str:gtin>/nudge", nudge.dismiss, name="dismiss_nudge"),
    path("history", history.history, name="history"),
    path("history/recent", history.recent_scans, name="recent_scans"),
    path("compare", comparing.compare, name="compare"),
    path("search", pages.search_page, name="search"),
    path("scan", resolver.enter_code, name="enter_code"),
    path("scan/<uuid:scan_id>/report", reports.report, name="report_page"),
    path("api/v1/products", product_api.Products.as_view(), name="products"),
    path("api/v1/products/<str:gtin>", product_api.Product.as_view(), name="product"),
    path("api/v1/scans", scan_api.Scans.as_view(), name="scans"),
    path("api/v1/scans/<uuid:scan_id>", scan_api.OneScan.as_view(), name="scan"),
    path("api/v1/scans/<uuid:scan_id>/report", scan_api.Report.as_view(), name="report"),
    path("api/v1/me/scans", history_api.MyScans.as_view(), name="my_scans"),
]
