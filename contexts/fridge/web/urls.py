"""Addresses of the fridge. Every id in one is checked against the household of whoever is signed in."""

from django.urls import URLPattern

app_name = "fridge"
urlpatterns: list[URLPattern] = []
