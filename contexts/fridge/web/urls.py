"""Addresses of the fridge. Every id in one is checked against the household of whoever is signed in."""

from django.urls import URLPattern, path

from contexts.fridge.web import adding, doing, item_page, pages

app_name = "fridge"
urlpatterns: list[URLPattern] = [
    path("fridge", pages.fridge, name="fridge"),
    path("fridge/add", adding.add, name="add"),
    path("fridge/bulk", doing.bulk, name="bulk"),
    path("fridge/items/<uuid:item_id>", item_page.item, name="item"),
    path("fridge/items/<uuid:item_id>/<slug:verb>", doing.act, name="act"),
    path("fridge/actions/<uuid:action_id>/undo", doing.undo, name="undo"),
]
