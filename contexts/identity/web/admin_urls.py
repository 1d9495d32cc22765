"""Addresses of the operators' console."""

from contexts.identity.web.admin import operators

urlpatterns, app_name, namespace = operators.urls
