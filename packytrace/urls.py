"""All addresses of the deployable: each context's own, and the front door's."""

from django.urls import URLPattern, URLResolver, include, path

from packytrace.edge import failures, openapi, preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("contexts.passport.web.urls")),  # first: the Resolver is asked most
    path("", include("contexts.identity.web.urls")),
    path("", include("contexts.personalization.web.urls")),
    path("", include("contexts.fridge.web.urls")),
    path("admin/", include("contexts.identity.web.admin_urls")),
    path("brand/", include("contexts.brand_analytics.web.urls")),
    path("brand/", include("contexts.passport.web.console.urls")),
    path("preferences/language", preferences.choose, name="choose_language_and_theme"),
    path("api/v1/openapi.json", openapi.view, name="openapi"),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.server_error
