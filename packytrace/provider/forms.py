"""The form of who registers."""

from typing import Any

from allauth.account.forms import SignupForm
from allauth.account.internal import flows
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from packytrace.openid.passwords import NotThePersonValidator
from packytrace.provider.models import Person


class SignUpForm(SignupForm):
    """An address, a password, and a name for who wants to give one.

    The same answer for an address that has an account: its owner gets another mail, that is all.
    """

    name = forms.CharField(label=_("Name"), required=False, max_length=150)
    field_order = ("name", "email", "password1")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if password := cleaned.get("password1"):
            try:
                NotThePersonValidator().validate(password, Person(name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        if self.account_already_exists:
            # Making an account hashes its password: finding one takes as long.
            make_password(self.cleaned_data["password1"])
        else:
            try:
                with transaction.atomic():
                    person: Any = self.save(request)
                    return person, None
            except IntegrityError:  # the same address a moment ago, in another request
                pass
        email = self.cleaned_data["email"]
        return None, flows.signup.prevent_enumeration(request, email=email)
