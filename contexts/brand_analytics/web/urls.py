"""Addresses of the brand console."""

from django.urls import path, re_path

from contexts.brand_analytics.web import pages
from packytrace.edge.console import console

app_name = "brand"

_GTIN = "(?P<gtin>[0-9]{14})"

urlpatterns = [
    path("", console.admin_view(pages.overview), name="index"),
    path("days.csv", console.admin_view(pages.days_file), name="days_file"),
    path("products", console.admin_view(pages.products), name="products"),
    path("products.csv", console.admin_view(pages.products_file), name="products_file"),
    re_path(f"^products/{_GTIN}$", console.admin_view(pages.product), name="product"),
    re_path(
        f"^products/{_GTIN}/days.csv$", console.admin_view(pages.product_days_file), name="product_days_file"
    ),
]
