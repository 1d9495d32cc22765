"""What operators see and decide below /admin/: whose company prefix is whose."""

from datetime import UTC, datetime

from django.contrib import messages
from django.contrib.admin import AdminSite, action, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from contexts.passport.application import company_prefixes
from contexts.passport.application.company_prefixes import clashes_of
from contexts.passport.application.errors import PrefixHeld
from contexts.passport.models import PrefixClaim

_STATES = {"waiting": _("Waiting"), "confirmed": _("Confirmed"), "refused": _("Refused")}


def register(site: AdminSite) -> None:
    """Put passport's pages on the operators' site, whose gate they are behind."""
    site.register(PrefixClaim, PrefixClaimAdmin)


class PrefixClaimAdmin(ModelAdmin):
    """Claims of company prefixes, those that wait first. They are confirmed in the list; to refuse one takes
    a reason and a decision about products: its page has the command."""

    list_fullwidth = True
    ordering = ("-state", "claimed_at")
    list_display = ("digits", "state_in_words", "brand_name", "claimed_also_by", "claimed_at")
    list_filter = ("state",)
    search_fields = ("digits", "brand_name")
    fields = (*list_display, "kind", "brand_id", "reason", "decided_at", "how_to_refuse")
    actions = ("confirm",)

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

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrefixClaim]:
        """With who else claims numbers of each."""
        return company_prefixes.with_clashes(super().get_queryset(request))

    @display(description=_("State"), ordering="state")
    def state_in_words(self, row: PrefixClaim) -> str:
        return str(_STATES.get(row.state, row.state))

    @display(description=_("Claimed also by"))
    def claimed_also_by(self, row: PrefixClaim) -> str:
        return ", ".join(
            f"{other.brand_name} ({other.digits}, {_STATES[other.state.value]})" for other in clashes_of(row)
        )

    @display(description=_("To refuse it"))
    def how_to_refuse(self, row: PrefixClaim) -> SafeString:
        return format_html("<code>manage.py company_prefix refuse {} --reason …</code>", row.pk)

    @action(description=_("Confirm: GS1's register names this company"))
    def confirm(self, request: HttpRequest, rows: QuerySet[PrefixClaim]) -> None:
        """Confirm each that was chosen; one that another brand holds stays as it is, and that is said."""
        for row in rows:
            try:
                said = company_prefixes.confirm(claim_id=row.pk, now=datetime.now(UTC))
            except PrefixHeld as error:
                self.message_user(request, str(error), messages.ERROR)
                continue
            self.log_change(request, row, "confirmed")
            self.message_user(
                request,
                gettext("%(digits)s is confirmed as that of %(brand)s.")
                % {"digits": said.claim.digits, "brand": said.brand_name},
            )
