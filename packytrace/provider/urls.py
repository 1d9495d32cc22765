"""Addresses of the provider: OpenID Connect and a sign-in page. No sign-up, password reset or device flow."""

from allauth.account import views as account
from django.urls import include, path

from packytrace.provider import pages
from packytrace.provider.authorization import AuthorizationWithPkce

urlpatterns = [
    path("", pages.home),
    path("sign-in", account.login, name="account_login"),
    path("sign-in/again", account.reauthenticate, name="account_reauthenticate"),
    path("closed", account.account_inactive, name="account_inactive"),
    # Before the library's own, which ask for less or do what is not offered.
    path("identity/o/authorize", AuthorizationWithPkce.as_view()),
    path("identity/o/device", pages.not_found),
    path("identity/o/api/device/code", pages.not_found),
    path("", include("allauth.idp.urls")),
]

handler400 = "packytrace.provider.pages.bad_request"
handler403 = "packytrace.provider.pages.forbidden"
handler404 = "packytrace.provider.pages.not_found"
handler429 = "packytrace.provider.pages.too_many"
handler500 = "packytrace.provider.pages.server_error"
