"""Addresses of identity."""

from django.urls import path

from contexts.identity.web import preferences, your_data
from contexts.identity.web.account_api import Accounts, Sessions
from contexts.identity.web.consent_api import Consents, OneConsent
from contexts.identity.web.sign_in import SignIn, SignInCallback, SignUp
from contexts.identity.web.sign_out import SignOut, signed_out
from contexts.identity.web.your_data_api import ExportFile, Exports, Me, OneExport

app_name = "identity"

urlpatterns = [
    path("sign-in", SignIn.as_view(), name="sign_in"),
    path("sign-up", SignUp.as_view(), name="sign_up"),
    path("sign-in/callback", SignInCallback.as_view(), name="sign_in_callback"),
    path("sign-out", SignOut.as_view(), name="sign_out"),
    path("signed-out", signed_out, name="signed_out"),
    path("preferences", preferences.preferences, name="preferences"),
    path("preferences/consents/<str:purpose>", preferences.consent, name="consent"),
    path("preferences/export", your_data.export_page, name="export"),
    path("preferences/export/<uuid:export_id>", your_data.export_file, name="export_file"),
    path("preferences/erase", your_data.erase_page, name="erase"),
    path("erasure/<uuid:erasure_id>", your_data.receipt_page, name="erasure"),
    path("api/v1/me", Me.as_view(), name="me"),
    path("api/v1/me/export", Exports.as_view(), name="me_export"),
    path("api/v1/me/export/<uuid:export_id>", OneExport.as_view(), name="me_one_export"),
    path("api/v1/me/export/<uuid:export_id>/file", ExportFile.as_view(), name="me_export_file"),
    path("api/v1/accounts", Accounts.as_view(), name="accounts"),
    path("api/v1/sessions", Sessions.as_view(), name="sessions"),
    path("api/v1/me/consents", Consents.as_view(), name="me_consents"),
    path("api/v1/me/consents/<str:purpose>", OneConsent.as_view(), name="me_consent"),
]
