"""All addresses of the deployable: each context's own, and the front door's."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
