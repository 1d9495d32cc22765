"""Addresses of the brand console that are about products, links and codes."""

from django.urls import URLPattern, URLResolver

app_name = "brand_catalogue"
urlpatterns: list[URLPattern | URLResolver] = []
