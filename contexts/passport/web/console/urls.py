"""Addresses of the brand console that are about products, links and codes."""

from typing import Final

from django.urls import URLPattern, URLResolver, re_path

from contexts.passport.web.console import codes
from packytrace.edge.console import console

app_name = "brand_catalogue"

_GTIN: Final = "(?P<gtin>[0-9]{14})"

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(f"^codes/{_GTIN}$", console.admin_view(codes.code_page), name="code"),
    re_path(
        rf"^codes/{_GTIN}\.(?P<form>svg|png|pdf|eps)$", console.admin_view(codes.code_file), name="code_file"
    ),
    re_path(f"^codes/{_GTIN}/batch$", console.admin_view(codes.code_batch), name="code_batch"),
]
