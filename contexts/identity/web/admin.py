"""The operators' console below /admin/: brands, who works for them, and the accounts that have signed in."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from contexts.identity.application import accounts, brand_users, brands
from contexts.identity.application.census import census
from contexts.identity.domain.brands import is_slug, tidy_name
from contexts.identity.domain.roles import Role
from contexts.identity.models import Account, Brand, BrandUser
from contexts.identity.web import gates
from contexts.identity.web.addresses import sign_in_address
from contexts.identity.web.sign_out import SignOut


class OperatorSite(UnfoldAdminSite):
    """Django's admin behind our own gate: the role operator opens it, the provider signs in."""

    settings_name = "UNFOLD_OPERATORS"
    index_title = _("What is here")
    index_template = "identity/start.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """True for an operator. Raises what the gate raises: its middleware answers."""
        gates.operator(request)
        return True

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The start page: how much there is, and where to look when something is wrong."""
        return super().index(request, {**(extra_context or {}), "census": census()})

    def login(self, _request: HttpRequest, _extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(sign_in_address(wanted=reverse("admin:index")))

    def logout(self, request: HttpRequest, _extra_context: dict[str, Any] | None = None) -> Any:
        return SignOut.as_view()(request)

    def password_change(self, _request: HttpRequest, _extra_context: dict[str, Any] | None = None) -> Any:
        """Passwords are the provider's."""
        raise Http404


operators = OperatorSite(name="admin")


class OperatorAdmin(ModelAdmin):
    """What an operator may do is said by each table; nobody else comes this far."""

    list_fullwidth = True

    def has_module_permission(self, _request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return True

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return False


class BrandForm(forms.ModelForm):
    """A brand's name and slug, as strict as the use case."""

    class Meta:
        model = Brand
        fields = ("name", "slug", "is_active")
        labels = {"is_active": _("Active")}
        help_texts = {
            "slug": _(
                "The brand's name in addresses: lower case letters, digits and single hyphens. It stays."
            ),
            "is_active": _(
                "Without it the brand is suspended: its data is kept, its people cannot work with it."
            ),
        }

    def clean_name(self) -> str:
        name = tidy_name(self.cleaned_data["name"])
        if name is None:
            raise forms.ValidationError(_("A brand's name has 1 to 200 characters, all of them visible."))
        return name

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not is_slug(slug):
            raise forms.ValidationError(_("Use lower case letters, digits and single hyphens."))
        return slug


@admin.register(Brand, site=operators)
class BrandAdmin(OperatorAdmin):
    """Brands change through the use cases, which tell the other contexts; none is ever deleted."""

    form = BrandForm
    ordering = ("name",)
    list_display = ("name", "slug", "active")
    search_fields = ("name", "slug")

    @admin.display(description=_("Active"), boolean=True, ordering="is_active")
    def active(self, brand: Brand) -> bool:
        return brand.is_active

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return True

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return True

    def get_fields(self, _request: HttpRequest, obj: Any = None) -> Any:
        return ["name", "slug", "is_active"] if obj else ["name", "slug"]

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> Any:
        return ["slug"] if obj else []

    def save_model(self, _request: HttpRequest, obj: Any, _form: Any, change: bool) -> None:
        now = timezone.now()
        if not change:
            brands.ensure_brand(brand_id=obj.pk, slug=obj.slug, name=obj.name, at=now)
            return
        brands.rename_brand(brand_id=obj.pk, name=obj.name, at=now)
        if obj.is_active:
            brands.reinstate_brand(brand_id=obj.pk, at=now)
        else:
            brands.suspend_brand(brand_id=obj.pk, at=now)


class _AccountChoice(forms.ModelChoiceField):
    """Two people may have one name: the number tells them apart."""

    def label_from_instance(self, account: Account) -> str:
        return f"{account.display_name} ({account.pk})" if account.display_name else str(account.pk)


@admin.register(BrandUser, site=operators)
class BrandUserAdmin(OperatorAdmin):
    """Who works for which brand: assigned and removed, never moved."""

    ordering = ("brand__name", "account__display_name")
    list_display = ("account", "brand", "account_number")
    list_filter = ("brand",)
    list_select_related = ("account", "brand")
    search_fields = ("account__display_name", "account__id", "brand__name")
    fields = ("account", "brand")

    @admin.display(description=_("Account number"))
    def account_number(self, brand_user: BrandUser) -> str:
        return str(brand_user.account_id)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return True

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return True

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "account":
            waiting = Account.objects.filter(
                roles__contains=[Role.BRAND_USER.value], brand_user=None, is_active=True
            )
            kwargs["queryset"] = waiting.order_by("display_name")
            kwargs["form_class"] = _AccountChoice
            kwargs["help_text"] = (
                _("Accounts that have signed in with the role of a brand user and work for no brand yet.")
                if waiting.exists()
                else _("Nobody is waiting: a person appears here after signing in once.")
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Accounts are made by signing in, and brands have a page of their own.
            field.widget.can_add_related = field.widget.can_change_related = False
            field.widget.can_view_related = field.widget.can_delete_related = False
        return field

    def save_model(self, _request: HttpRequest, obj: Any, _form: Any, _change: bool) -> None:
        brand_users.assign_brand_user(account_id=obj.account_id, brand_id=obj.brand_id)
        obj.pk = BrandUser.objects.get(account_id=obj.account_id).pk

    def delete_model(self, _request: HttpRequest, obj: BrandUser) -> None:
        brand_users.remove_brand_user(account_id=obj.account_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[BrandUser]) -> None:
        for brand_user in queryset:
            self.delete_model(request, brand_user)


@admin.register(Account, site=operators)
class AccountAdmin(OperatorAdmin):
    """Who has signed in: names and roles are the provider's, here an account is closed and opened again."""

    ordering = ("display_name", "id")
    list_display = ("__str__", "number", "granted", "last_sign_in", "open")
    search_fields = ("display_name", "id", "subject")
    readonly_fields = ("display_name", "number", "issuer", "subject", "granted", "created_at", "last_sign_in")
    fields = (*readonly_fields, "is_active")

    @admin.display(description=_("Account number"))
    def number(self, account: Account) -> str:
        return str(account.pk)

    @admin.display(description=_("Roles"))
    def granted(self, account: Account) -> str:
        return ", ".join(account.roles)

    @admin.display(description=_("Last sign-in"), ordering="last_login")
    def last_sign_in(self, account: Account) -> str | None:
        # In words: on an account's own page the admin writes a moment as the machine does.
        at = account.last_login
        return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else None

    @admin.display(description=_("Open"), boolean=True, ordering="is_active")
    def open(self, account: Account) -> bool:
        return account.is_active

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        labels = {"is_active": _("Open")}
        help_texts = {"is_active": _("Without it the person cannot sign in, and is out at the next request.")}
        return super().get_form(request, obj, labels=labels, help_texts=help_texts, **kwargs)

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return True

    def save_model(self, _request: HttpRequest, obj: Any, _form: Any, _change: bool) -> None:
        accounts.set_active(account_id=obj.pk, active=obj.is_active)
