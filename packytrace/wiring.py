"""The composition root: the only module that may import from several contexts. Binds ports to providers."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from kombu.exceptions import KombuError

from contexts.brand_analytics import facts as brand_analytics_facts
from contexts.brand_analytics.web import navigation as brand_analytics_navigation
from contexts.fridge import facts as fridge_facts
from contexts.fridge.application import demo as fridge_demo
from contexts.fridge.application import overdue as fridge_overdue
from contexts.fridge.application import ports as fridge_ports
from contexts.fridge.application.exporting import export as fridge_export
from contexts.fridge.web.panel import save_form
from contexts.identity import facts as identity_facts
from contexts.identity.application import accounts, brand_users, consents, erasures, measuring, notices
from contexts.identity.application import demo as identity_demo
from contexts.identity.application import ports as identity_ports
from contexts.identity.application.errors import AccountErased, TokenEnded
from contexts.identity.domain.consents import Purpose
from contexts.identity.web import gates
from contexts.identity.web.admin import operators
from contexts.measurement import facts as measurement_facts
from contexts.measurement.application import closing, progress
from contexts.measurement.application import people as measurement_people
from contexts.measurement.application import ports as measurement_ports
from contexts.measurement.domain import windows
from contexts.passport import facts as passport_facts
from contexts.passport.application import company_prefixes
from contexts.passport.application import demo_catalogue as passport_demo
from contexts.passport.application import demo_scans as passport_demo_scans
from contexts.passport.application import ports as passport_ports
from contexts.passport.application.catalogue import StoredEntry, find_entry
from contexts.passport.application.errors import CodeNotAccepted
from contexts.passport.application.exporting import export as passport_export
from contexts.passport.domain.digital_link import parse_code
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.label import Claim, DigitalLabel
from contexts.passport.domain.nutrition import Nutrition
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.web import operators as passport_operators
from contexts.passport.web.console import navigation as passport_navigation
from contexts.personalization import facts as personalization_facts
from contexts.personalization.application import ports as personalization_ports
from contexts.personalization.application.exporting import edition as personalization_edition
from contexts.personalization.application.exporting import export as personalization_export
from contexts.personalization.domain import label as screened
from contexts.personalization.domain.lexicon import vocabulary
from contexts.personalization.web.panel import verdict_panel
from packytrace.edge import ports as edge_ports
from packytrace.edge.access_tokens import Bearer
from packytrace.facts.fact import Consumer
from packytrace.openid.accounts import provider_accounts
from packytrace.openid.errors import TokenRefused
from packytrace.provider.demo import DEMO_PEOPLE

_log = structlog.get_logger(__name__)

#: Importing these registers the facts that each context tells.
PUBLISHING = (identity_facts, measurement_facts, passport_facts, personalization_facts, fridge_facts)


def bind() -> None:
    """Bind every port of every context, and put their pages on the operators' site. Called once, when
    Django's apps are loaded."""
    edge_ports.bind(
        accounts=_Accounts(), consumers=consumers(), overdue_work=overdue_work, brand_gate=_BrandGate()
    )
    identity_ports.bind(
        exporters={
            "passport": lambda person_ids: passport_export(person_ids=person_ids),
            "personalization": lambda person_ids: personalization_export(person_ids=person_ids),
            "fridge": lambda person_ids: fridge_export(person_ids=person_ids),
            "measurement": lambda person_ids: measurement_people.export(person_ids=person_ids),
        },
        editions={"personalization": lambda account_id: personalization_edition(account_id=account_id)},
        soon=_soon,
    )
    fridge_ports.bind(
        products=_FridgeProducts(),
        packs=_Packs(),
        consents=_FridgeConsents(),
        mailboxes=_Mailboxes(),
        desk=_NoticesDesk(),
        who=_Who(),
    )
    measurement_ports.bind(consents=_MeasurementConsents())
    passport_ports.bind(personal_part=_PersonalPart(), who=_Who(), soon=_soon, colleagues=accounts.names)
    personalization_ports.bind(
        consents=_HealthConsents(), products=_Products(), desk=_ConsentDesk(), who=_Who()
    )
    passport_operators.register(operators)


def warm_up() -> None:
    """Make what the first verdict of a process would wait for, in a tenth of a second or less."""
    vocabulary()


def console_pages(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar of the brand console, as django-unfold wants it: named in the settings of its site."""
    return [
        {"items": brand_analytics_navigation.pages(request)},
        {"items": passport_navigation.pages(request)},
    ]


def consumers() -> tuple[Consumer, ...]:
    """Everything that some context listens to."""
    return (
        *passport_facts.CONSUMERS,
        *personalization_facts.CONSUMERS,
        *fridge_facts.CONSUMERS,
        *identity_facts.CONSUMERS,
        *measurement_facts.CONSUMERS,
        *brand_analytics_facts.CONSUMERS,
    )


def load_demo_catalogue(*, now: datetime) -> None:
    """The demo's brands, the people who work for them, and what they make. Again changes nothing."""
    brand_ids = identity_demo.ensure_demo_brands(at=now)
    for person in DEMO_PEOPLE:
        if person.brand is not None and settings.OIDC_EMBEDDED:
            identity_demo.ensure_demo_brand_user(
                issuer=settings.OIDC_ISSUER,
                subject=str(person.subject),
                display_name=person.name,
                slug=person.brand,
            )
    passport_demo.load_demo_catalogue(brand_ids=brand_ids, now=now)


def fill_demo_fridge(*, now: datetime) -> None:
    """The fridge that the demo's consumers share. Again changes nothing; who was erased stays erased."""
    if not settings.OIDC_EMBEDDED:
        return
    fridge_demo.ensure_demo_household(
        people={
            identity_demo.ensure_demo_consumer(
                issuer=settings.OIDC_ISSUER, subject=str(person.subject), display_name=person.name
            ): person.name.split()[0]
            for person in DEMO_PEOPLE
            if person.role == "consumer"
        },
        now=now,
    )


def demo_link(*, today: date) -> str:
    """Path of a Digital Link of a demo product with lot and best-before date, long after today."""
    product = next(product for product in passport_demo.PRODUCTS if product.brand == "campo-vivo")
    return f"/01/{product.gtin}/10/L6041?15={today + timedelta(days=400):%y%m%d}"


def demo_history_start() -> date | None:
    """The first day of the demo's history, if a run has begun one."""
    return passport_demo_scans.demo_history_start()


def scan_demo_days(*, start: date, days: int) -> Iterator[passport_demo_scans.DemoDay]:
    """Let the demo's shoppers scan, day by day; days that are there stay as they are."""
    return passport_demo_scans.scan_demo_days(start=start, days=days, stem=settings.PUBLIC_URL)


def close_windows_up_to(day: date) -> None:
    """Close the windows up to a day, as on the morning after it."""
    closing.close_windows(now=windows.due_at(day), k=settings.MEASUREMENT_K)


def window_is_closed(day: date) -> bool:
    """Whether a day's numbers are released."""
    return progress.is_closed(day=day)


def last_closed_window() -> date | None:
    """The last day whose numbers are released."""
    return progress.last_closed_day()


def overdue_erasures(*, now: datetime) -> int:
    """How many people wait to be forgotten for longer than it should ever take."""
    return erasures.overdue(now=now)


def prefixes_waiting() -> Collection[datetime]:
    """Since when company prefixes wait for an operator, each of them."""
    waiting = company_prefixes.listed(state=company_prefixes.State.WAITING)
    return [claimed.claimed_at for claimed in waiting]


def oldest_overdue_window(*, now: datetime) -> date | None:
    """The oldest day whose numbers should have been released by now."""
    return progress.oldest_overdue_day(now=now)


def overdue_work(*, now: datetime) -> Mapping[str, edge_ports.Overdue]:
    """What a worker should have done by now, by the name of the work: all that there is, late or not."""
    late = erasures.overdue(now=now)
    in_fridges = {
        "notices": fridge_overdue.notices(now=now),
        "looks": fridge_overdue.looks(now=now),
        "untold": fridge_overdue.untold(now=now),
        "files": fridge_overdue.files(now=now),
    }
    return {
        "erasures": edge_ports.Overdue(number=late, since=erasures.oldest_request() if late else None),
        **{
            work: edge_ports.Overdue(number=found.number, since=found.since)
            for work, found in in_fridges.items()
        },
    }


class _Accounts:
    """Whom a bearer token speaks for is identity's to say."""

    def recognise(self, *, bearer: Bearer) -> UUID:
        try:
            return accounts.recognise(
                issuer=bearer.issuer, subject=bearer.subject, roles=bearer.roles, token_digest=bearer.digest
            )
        except (AccountErased, TokenEnded) as error:
            # Its provider may not have heard of it yet: a valid token of nobody.
            raise TokenRefused(error.code) from error


class _BrandGate:
    """Which brand a signed-in person works for is identity's to say."""

    def brand_of(self, *, request: HttpRequest) -> edge_ports.BrandIdentity:
        scope = gates.brand_scope(request)
        return edge_ports.BrandIdentity(id=scope.brand_id, name=scope.name)

    def brand_of_account(self, *, account_id: UUID) -> edge_ports.BrandIdentity:
        scope = brand_users.brand_of(account_id=account_id)
        return edge_ports.BrandIdentity(id=scope.brand_id, name=scope.name)


class _MeasurementConsents:
    """Who may be counted is identity's to say."""

    def counted_as(self, *, visitor_id: UUID | None, account_id: UUID | None) -> UUID | None:
        return measuring.may_measure(visitor_id=visitor_id, account_id=account_id)


class _Who:
    """Who uses a browser is identity's to say."""

    def signed_in(self, request: HttpRequest) -> UUID:
        return gates.signed_in_account(request)

    def known(self, request: HttpRequest) -> UUID | None:
        return gates.known_account(request)


class _HealthConsents:
    """Whether somebody may be screened, and told of, is identity's to say."""

    _PURPOSES = (Purpose.HEALTH_PROFILE, Purpose.MEASUREMENT)

    def standing(self, *, account_id: UUID) -> personalization_ports.Standing:
        return self._standing(consents.all_in_force(person_id=account_id, purposes=self._PURPOSES))

    def never_withdrawn(self, *, account_id: UUID) -> personalization_ports.Standing:
        return self._standing(consents.never_withdrawn(person_id=account_id, purposes=self._PURPOSES))

    def _standing(self, since: Mapping[Purpose, datetime]) -> personalization_ports.Standing:
        return personalization_ports.Standing(
            health_profile=since.get(Purpose.HEALTH_PROFILE), measurement=since.get(Purpose.MEASUREMENT)
        )


class _ConsentDesk:
    """The consent to a Health Profile, given and taken back on personalization's pages."""

    def notice(self, *, language: str) -> personalization_ports.Notice:
        notice, text = notices.current(Purpose.HEALTH_PROFILE).shown(language)
        return personalization_ports.Notice(
            version=notice.version,
            html=render_to_string("identity/_notice_in_layers.html", {"layers": text.layers}),
            text="\n\n".join((text.title, *("\n".join(block.lines) for block in text.blocks))),
        )

    def grant(self, *, account_id: UUID, notice_version: str, at: datetime) -> None:
        consents.grant(
            person_id=account_id,
            purpose=Purpose.HEALTH_PROFILE,
            notice_version=notice_version,
            channel="web",
            at=at,
        )

    def withdraw(self, *, account_id: UUID, at: datetime) -> None:
        consents.withdraw(person_id=account_id, purpose=Purpose.HEALTH_PROFILE, channel="web", at=at)


class _NoticesDesk:
    """The consent to be written to, given and taken back on fridge's pages."""

    def notice(self, *, language: str) -> fridge_ports.ConsentText:
        notice, text = notices.current(Purpose.NOTIFICATIONS).shown(language)
        return fridge_ports.ConsentText(
            version=notice.version,
            html=render_to_string("identity/_notice_in_layers.html", {"layers": text.layers}),
        )

    def grant(self, *, account_id: UUID, notice_version: str, at: datetime) -> None:
        consents.grant(
            person_id=account_id,
            purpose=Purpose.NOTIFICATIONS,
            notice_version=notice_version,
            channel="web",
            at=at,
        )

    def withdraw(self, *, account_id: UUID, at: datetime) -> None:
        consents.withdraw(person_id=account_id, purpose=Purpose.NOTIFICATIONS, channel="web", at=at)


class _FridgeConsents:
    """Whether a household may be counted, and its people be written to, is identity's to say."""

    def notifications(self, *, account_id: UUID) -> datetime | None:
        return consents.in_force(person_id=account_id, purpose=Purpose.NOTIFICATIONS)

    def all_measured(self, *, account_ids: Collection[UUID]) -> bool:
        return bool(account_ids) and all(
            measuring.may_measure(visitor_id=None, account_id=account_id) for account_id in account_ids
        )

    def never_withdrawn(self, *, account_id: UUID) -> fridge_ports.Standing:
        since = consents.never_withdrawn(
            person_id=account_id, purposes=(Purpose.NOTIFICATIONS, Purpose.MEASUREMENT)
        )
        return fridge_ports.Standing(
            notifications=since.get(Purpose.NOTIFICATIONS), measurement=since.get(Purpose.MEASUREMENT)
        )


class _Packs:
    """What a code says of a pack is passport's to say."""

    def of_code(self, *, code: str, today: date) -> fridge_ports.Pack:
        try:
            item = parse_code(text=code, today=today)
        except CodeRefused as refused:
            raise CodeNotAccepted(refused) from refused
        return fridge_ports.Pack(
            gtin=item.gtin,
            lot=item.lot,
            serial=item.serial,
            use_by=item.expiry,
            best_before=item.best_before,
            net_weight=item.net_weight,
        )


class _Mailboxes:
    """Where people get their mail is their provider's to say."""

    def address(self, *, account_id: UUID) -> str | None:
        subject = accounts.find_subject(account_id=account_id, issuer=settings.OIDC_ISSUER)
        return None if subject is None else provider_accounts().address(subject=subject)


class _FridgeProducts:
    """What a product is called and how it is kept is passport's to say."""

    def product(self, *, gtin: str) -> fridge_ports.CatalogueProduct | None:
        try:
            stored = find_entry(gtin=gtin14(gtin))
        except CodeRefused:
            return None
        return _product_at_home(stored) if stored else None


class _Products:
    """What a product's label says is passport's to say."""

    def product(self, *, gtin: str) -> personalization_ports.Product | None:
        try:
            stored = find_entry(gtin=gtin14(gtin))
        except CodeRefused:
            return None
        return screened_product(stored) if stored else None


class _PersonalPart:
    """Whether a product fits somebody is personalization's to say, how it gets into the fridge fridge's."""

    def verdict_panel(self, *, request: HttpRequest, stored: StoredEntry) -> bytes:
        account_id = gates.known_account(request)
        if account_id is None:
            return b""
        return verdict_panel(account_id=account_id, product=screened_product(stored))

    def save_form(self, *, request: HttpRequest, stored: StoredEntry, code: str) -> bytes:
        if gates.known_account(request) is None:
            return b""
        return save_form(request=request, gtin=stored.entry.gtin, code=code)


def _soon(task: str) -> None:
    """Have a worker run a task now. Where its queue cannot be reached, the next tick of the clock does."""
    if settings.PRODUCTION and settings.CELERY_BROKER_URL == "filesystem://":
        return  # a folder of this container alone, which no worker reads
    from packytrace.celery import app  # ends a process whose configuration is refused: not while it starts

    try:
        app.send_task(task, expires=30, retry=False)
    except (KombuError, OSError):
        _log.warning("task_waits_for_the_clock", task=task)


def screened_product(stored: StoredEntry) -> personalization_ports.Product:
    """A catalogue entry as personalization screens it."""
    entry = stored.entry
    return personalization_ports.Product(
        gtin=entry.gtin,
        brand_id=entry.brand_id,
        label=_screened_label(entry.label, verified=entry.is_verified),
        name=entry.name,
    )


def _product_at_home(stored: StoredEntry) -> fridge_ports.CatalogueProduct:
    entry, label = stored.entry, stored.entry.label
    return fridge_ports.CatalogueProduct(
        gtin=entry.gtin,
        name=entry.name,
        brand_name=entry.brand_name,
        brand_id=entry.brand_id,
        categories=entry.categories,
        quantity=label.quantity,
        date_kind=label.date_kind.value if label.date_kind else None,
        storage=label.storage,
        instructions=label.instructions,
        picture=entry.picture,
        data_version=stored.data_version,
    )


#: Claims that some policy of personalization reads.
_CLAIMS: Final = {claim: screened.Claim(claim.value) for claim in Claim if claim.value in set(screened.Claim)}


def _screened_label(label: DigitalLabel, *, verified: bool) -> screened.Label:
    return screened.Label(
        language=label.language,
        ingredients={language: text_of(runs) for language, runs in label.ingredients.items()},
        allergens=frozenset(screened.Allergen(allergen.value) for allergen in label.allergens),
        traces=frozenset(screened.Allergen(allergen.value) for allergen in label.traces or ()),
        traces_stated=label.traces is not None,
        other_allergens=label.other_allergens,
        other_traces=label.other_traces,
        nutrition=_screened_nutrition(label.nutrition) if label.nutrition else None,
        claims=frozenset(_CLAIMS[claim] for claim in label.claims if claim in _CLAIMS),
        verified=verified,
    )


def _screened_nutrition(nutrition: Nutrition) -> screened.Nutrition:
    return screened.Nutrition(basis=screened.Basis[nutrition.basis.name], **dict(nutrition.stated()))
