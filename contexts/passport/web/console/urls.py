"""Addresses of the brand console that are about products, links and codes."""

from typing import Final

from django.urls import URLPattern, URLResolver, path, re_path

from contexts.passport.web.console import codes, journeys, labels, products, recalls
from packytrace.edge.console import console

app_name = "brand_catalogue"

_GTIN: Final = "(?P<gtin>[0-9]{14})"
_PRODUCT: Final = f"^catalogue/{_GTIN}"

urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue", console.admin_view(products.catalogue), name="catalogue"),
    path("catalogue/add", console.admin_view(products.add), name="add"),
    path("catalogue/prefixes", console.admin_view(products.prefixes), name="prefixes"),
    re_path(f"{_PRODUCT}$", console.admin_view(products.product), name="product"),
    re_path(f"{_PRODUCT}/label$", console.admin_view(labels.label), name="label"),
    re_path(f"{_PRODUCT}/journey$", console.admin_view(journeys.journey), name="journey"),
    re_path(f"{_PRODUCT}/recalls$", console.admin_view(recalls.recalls), name="recalls"),
    re_path(
        rf"{_PRODUCT}/recalls/(?P<recall_id>[0-9a-f-]{{36}})$",
        console.admin_view(recalls.withdraw),
        name="withdraw_recall",
    ),
    re_path(f"{_PRODUCT}/history$", console.admin_view(products.history), name="history"),
    re_path(f"{_PRODUCT}/restore$", console.admin_view(products.restore), name="restore"),
    re_path(f"^codes/{_GTIN}$", console.admin_view(codes.code_page), name="code"),
    re_path(
        rf"^codes/{_GTIN}\.(?P<form>svg|png|pdf|eps)$", console.admin_view(codes.code_file), name="code_file"
    ),
    re_path(f"^codes/{_GTIN}/batch$", console.admin_view(codes.code_batch), name="code_batch"),
]
