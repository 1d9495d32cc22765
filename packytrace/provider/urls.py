"""Addresses of the provider: OpenID Connect, the pages of an account, and what the application asks for."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path

from packytrace.provider import machine, pages
from packytrace.provider.authorization import AuthorizationWithPkce
from packytrace.provider.passkeys import PasskeySignIn
from packytrace.provider.registration import Confirmation, Registration

urlpatterns = [
    path("", pages.home),
    path("sign-up", Registration.as_view(), name="account_signup"),
    path("sign-up/mail", account.email_verification_sent, name="account_email_verification_sent"),
    path("confirm/<str:key>", Confirmation.as_view(), name="account_confirm_email"),
    path("sign-in", account.login, name="account_login"),
    path("sign-in/passkey", PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/second", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/again", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sign-out", account.logout, name="account_logout"),
    path("closed", account.account_inactive, name="account_inactive"),
    path("password/forgotten", account.password_reset, name="account_reset_password"),
    path("password/forgotten/mail", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/changed",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "account",
        login_required(mfa.IndexView.as_view(template_name="provider/account.html")),
        name="mfa_index",
    ),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/passkeys/new", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("account/passkeys", pages.to_account, name="mfa_list_webauthn"),
    path("account/passkeys/<int:pk>/remove", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/app/off", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/codes", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/codes/new", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("machine/accounts", machine.register),
    path("machine/accounts/address", machine.address),
    path("machine/accounts/delete", machine.delete),
    path("machine/sessions", machine.sign_in),
    path("machine/sessions/end", machine.sign_out),
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
