"""Addresses of personalization. None has anybody's id in it: they are about whoever is signed in."""

from django.urls import path

from contexts.personalization.web import pages, profile_api

app_name = "personalization"
urlpatterns = [
    path("setup", pages.setup, name="setup"),
    path("setup/allergens", pages.setup_allergens, name="setup_allergens"),
    path("setup/wishes", pages.setup_wishes, name="setup_wishes"),
    path("profile", pages.profile, name="profile"),
    path("profile/change", pages.change, name="change"),
    path("profile/delete", pages.delete, name="delete"),
    path("profile/withdraw", pages.withdraw, name="withdraw"),
    path("api/v1/me/profile", profile_api.Profile.as_view(), name="profile_api"),
    path("api/v1/me/verdicts/<str:gtin>", profile_api.OneVerdict.as_view(), name="verdict_api"),
]
