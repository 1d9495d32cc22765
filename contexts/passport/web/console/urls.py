"""Addresses of the brand console that are about products, links and codes."""

from typing import Final

from django.urls import URLPattern, URLResolver, path, re_path

from contexts.passport.web.console import (
    codes,
    journeys,
    labels,
    link_files,
    links,
    products,
    recalls,
    unknown_products,
    uploads,
)
from packytrace.edge.console import console

app_name = "brand_catalogue"

_GTIN: Final = "(?P<gtin>[0-9]{14})"
_PRODUCT: Final = f"^catalogue/{_GTIN}"
_LINKS: Final = f"^links/{_GTIN}"
_LINK: Final = rf"{_LINKS}/(?P<link_id>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"

urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue", console.admin_view(products.catalogue), name="catalogue"),
    path("catalogue/add", console.admin_view(products.add), name="add"),
    path("catalogue/prefixes", console.admin_view(products.prefixes), name="prefixes"),
    path("unknown-products", console.admin_view(unknown_products.wanted), name="unknown_products"),
    path("uploads", console.admin_view(uploads.files), name="uploads"),
    path("uploads/<uuid:upload_id>", console.admin_view(uploads.upload), name="upload"),
    path(
        "uploads/<uuid:upload_id>/left-out.csv", console.admin_view(uploads.refused_file), name="refused_rows"
    ),
    re_path(f"{_PRODUCT}$", console.admin_view(products.product), name="product"),
    re_path(f"{_PRODUCT}/remove$", console.admin_view(products.remove), name="remove"),
    re_path(f"{_PRODUCT}/label$", console.admin_view(labels.label), name="label"),
    re_path(f"{_PRODUCT}/journey$", console.admin_view(journeys.journey), name="journey"),
    re_path(f"{_PRODUCT}/journey/again$", console.admin_view(journeys.tell_once_more), name="journey_again"),
    re_path(f"{_PRODUCT}/recalls$", console.admin_view(recalls.recalls), name="recalls"),
    re_path(
        rf"{_PRODUCT}/recalls/(?P<recall_id>[0-9a-f-]{{36}})$",
        console.admin_view(recalls.withdraw),
        name="withdraw_recall",
    ),
    re_path(f"{_PRODUCT}/history$", console.admin_view(products.history), name="history"),
    re_path(f"{_PRODUCT}/restore$", console.admin_view(products.restore), name="restore"),
    path("links", console.admin_view(links.products), name="links"),
    path("links/import", console.admin_view(link_files.import_page), name="links_import"),
    path("links/import/<uuid:file_id>", console.admin_view(link_files.file_page), name="links_file"),
    path(
        "links/import/<uuid:file_id>/forget", console.admin_view(link_files.forget), name="links_file_forget"
    ),
    path("links/export.csv", console.admin_view(link_files.export_csv), name="links_csv"),
    path("links/export.xlsx", console.admin_view(link_files.export_xlsx), name="links_xlsx"),
    re_path(f"{_LINKS}$", console.admin_view(links.product), name="product_links"),
    re_path(f"{_LINKS}/add$", console.admin_view(links.add), name="link_add"),
    re_path(f"{_LINKS}/history$", console.admin_view(links.history), name="link_history"),
    re_path(f"{_LINKS}/restore$", console.admin_view(links.restore), name="link_restore"),
    re_path(f"{_LINK}$", console.admin_view(links.edit), name="link_edit"),
    re_path(f"{_LINK}/remove$", console.admin_view(links.remove), name="link_remove"),
    re_path(f"{_LINK}/check$", console.admin_view(links.check_again), name="link_check"),
    re_path(f"^codes/{_GTIN}$", console.admin_view(codes.code_page), name="code"),
    re_path(
        rf"^codes/{_GTIN}\.(?P<form>svg|png|pdf|eps)$", console.admin_view(codes.code_file), name="code_file"
    ),
    re_path(f"^codes/{_GTIN}/batch$", console.admin_view(codes.code_batch), name="code_batch"),
]
