"""Every address of the URL configuration, asked by everybody whom its data is none of, and from elsewhere."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit
from uuid import uuid4

import orjson
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client

from contexts.fridge.application import households, invitations
from contexts.identity.application import accounts, notices
from contexts.identity.domain.consents import Purpose
from contexts.passport.tests.entries import MUESLI
from tests.two_people import CONTEXTS, Person, Town, routes

pytestmark = pytest.mark.django_db(databases=CONTEXTS)

METHODS: Final = ("GET", "POST", "PUT", "DELETE")
#: The contexts whose pages and endpoints keep something of people.
OF_PEOPLE: Final = ("passport", "identity", "personalization", "fridge")
FOREIGN: Final = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}

#: What stands in an address, by the name of its part; those of a person are Luca's.
NEVER_ANYBODYS: Final = {
    "gtin": MUESLI,
    "name": "journey",
    "link_id": "00000000-0000-4000-8000-000000000000",
    "recall_id": "00000000-0000-4000-8000-000000000000",
    "form": "svg",
    "file_id": "00000000-0000-4000-8000-000000000000",
    "upload_id": "00000000-0000-4000-8000-000000000000",
    "purpose": "health_profile",
    "verb": "finish",
    # Whoever has such a secret may use it: what nobody has opens nothing.
    "secret": "s" * 43,
    "token": "t" * 43,
}
#: Addresses that stand for a route's alternatives.
ONE_OF_MANY: Final = {
    "^01(?:/|$)": "/01/",
    "^(?:[0-9]{2,4}/|(?:00|253|255|401|402|414|415|417|8003|8004|8006|8010|8013|8017|8018)$)": (
        "/414/9520123456788"
    ),
    "^e(?:h[0-9A-Za-z]+|x(?:[A-Za-z0-9_-]{8,}|[L-Q89-][A-Za-z0-9_-]*))/?$": "/eh3074257bf7194e4000001a85",
}
#: Parts of addresses that are something of one household's.
AT_HOME: Final = (
    "action_id",
    "browser_id",
    "household_id",
    "invitation_id",
    "item_id",
    "place_id",
    "reference",
    "subscription_id",
)
#: Browsers of one's own that are told nothing any more: of one that is not there that is true as well.
GONE_ANYWAY: Final = ("browser_id", "subscription_id")

#: How an address with a person's own things answers its owner's GET, and whether one of the marks is in it.
#: Whoever adds an address says here what it is: public, or whose.
OWNERS: Final[dict[str, tuple[int, bool]]] = {
    "history": (200, False),  # names of products and moments
    "history/recent": (200, False),
    "scan/<uuid:scan_id>/report": (200, False),
    "api/v1/scans/<uuid:scan_id>": (200, True),
    "api/v1/scans/<uuid:scan_id>/report": (405, False),
    "api/v1/brand/links": (403, False),
    "api/v1/brand/links/<uuid:link_id>": (403, False),
    "api/v1/brand/products": (403, False),
    "api/v1/brand/products/<str:gtin>": (403, False),
    "api/v1/me": (405, False),
    "api/v1/me/scans": (200, True),
    "api/v1/me/consents": (200, False),
    "api/v1/me/consents/<str:purpose>": (405, False),
    "api/v1/me/export": (200, False),
    "api/v1/me/export/<uuid:export_id>": (200, False),
    "api/v1/me/export/<uuid:export_id>/file": (200, False),  # packed
    "api/v1/me/profile": (200, True),
    "api/v1/me/verdicts/<str:gtin>": (200, False),
    "api/v1/me/fridge/actions": (405, False),
    "api/v1/me/fridge/actions/<uuid:action_id>/undo": (405, False),
    "api/v1/me/fridge/calendar": (200, False),
    "api/v1/me/fridge/export": (200, True),
    "api/v1/me/fridge/import": (404, False),
    "api/v1/me/fridge/import/broken": (404, False),
    "api/v1/me/fridge/import/confirm": (405, False),
    "api/v1/me/fridge/items": (200, True),
    "api/v1/me/fridge/items/<uuid:item_id>": (200, True),
    "api/v1/me/fridge/items/<uuid:item_id>/<slug:verb>": (405, False),
    "api/v1/me/fridge/items/<uuid:item_id>/history": (200, False),
    "api/v1/me/fridge/shopping-list": (200, False),
    "api/v1/me/fridge/waste": (200, False),
    "api/v1/me/households": (200, True),
    "api/v1/me/households/<uuid:household_id>": (200, True),
    "api/v1/me/households/<uuid:household_id>/invitations": (200, False),
    "api/v1/me/households/<uuid:household_id>/invitations/<uuid:invitation_id>": (405, False),
    "api/v1/me/households/<uuid:household_id>/leave": (405, False),
    "api/v1/me/households/<uuid:household_id>/members/<uuid:reference>": (405, False),
    "api/v1/me/households/<uuid:household_id>/owner": (405, False),
    "api/v1/me/households/<uuid:household_id>/places": (405, False),
    "api/v1/me/households/<uuid:household_id>/places/<uuid:place_id>": (405, False),
    "api/v1/me/households/join": (405, False),
    "api/v1/me/notices": (403, False),
    "api/v1/me/notices/subscriptions": (405, False),
    "api/v1/me/notices/subscriptions/<uuid:subscription_id>": (405, False),
    "fridge": (200, True),
    "fridge/actions/<uuid:action_id>/undo": (405, False),
    "fridge/add": (200, True),
    "fridge/bulk": (302, False),
    "fridge/calendar": (200, False),
    "fridge/calendar/revoke": (405, False),
    "fridge/export.csv": (200, True),
    "fridge/export.json": (200, True),
    "fridge/household": (200, True),
    "fridge/household/about": (405, False),
    "fridge/household/dissolve": (200, False),
    "fridge/household/invitations/<uuid:invitation_id>/revoke": (405, False),
    "fridge/household/invite": (405, False),
    "fridge/household/join/<str:token>": (404, False),
    "fridge/household/leave": (200, False),
    "fridge/household/me": (405, False),
    "fridge/household/members/<uuid:reference>/owner": (200, False),
    "fridge/household/members/<uuid:reference>/remove": (200, False),
    "fridge/household/places": (405, False),
    "fridge/household/places/<uuid:place_id>/remove": (405, False),
    "fridge/household/places/<uuid:place_id>/rename": (405, False),
    "fridge/import": (200, False),
    "fridge/import/broken.csv": (404, False),
    "fridge/import/confirm": (405, False),
    "fridge/import/forget": (405, False),
    "fridge/items/<uuid:item_id>": (200, True),
    "fridge/items/<uuid:item_id>/<slug:verb>": (302, False),
    "fridge/notices": (200, False),
    "fridge/notices/agree": (405, False),
    "fridge/notices/browsers": (405, False),
    "fridge/notices/browsers/<uuid:browser_id>/remove": (405, False),
    "fridge/notices/withdraw": (405, False),
    "fridge/shopping-list": (200, False),
    "fridge/waste": (200, False),
    "passport/<str:gtin>": (200, False),
    "preferences": (200, True),
    "preferences/consents/<str:purpose>": (405, False),
    "preferences/export": (200, False),
    "preferences/export/<uuid:export_id>": (200, False),
    "preferences/erase": (200, True),
    "profile": (200, True),
    "profile/change": (200, True),
    "profile/delete": (405, False),
    "profile/withdraw": (405, False),
    "setup": (303, False),
    "setup/allergens": (200, False),
    "setup/wishes": (200, True),
    "sign-out": (200, True),
}
PUBLIC: Final = frozenset(
    {
        "",
        *ONE_OF_MANY,
        ".well-known/gs1resolver",
        "api/v1/accounts",
        "api/v1/openapi.json",
        "api/v1/products",
        "api/v1/products/<str:gtin>",
        "api/v1/products/<str:gtin>/history",
        "api/v1/scans",
        "api/v1/sessions",
        "compare",
        "calendars/<str:secret>.ics",  # whoever has the secret; nothing of the person
        "erasure/<uuid:erasure_id>",  # whoever has the number; tells of nobody
        "notices/unsubscribe/<str:secret>",  # whoever has the secret; stops mails, tells nothing
        "passport/<str:gtin>/alternatives",
        "passport/<str:gtin>/history",
        "passport/<str:gtin>/nudge",
        "passport/<str:gtin>/sections",
        "passport/<str:gtin>/sections/<str:name>",
        "preferences/language",
        "scan",
        "search",
        "service-worker.js",
        "sign-in",
        "sign-in/callback",
        "sign-up",
        "signed-out",
    }
)
#: Not there in these tests.
NEED_THE_PROVIDER: Final = ("api/v1/accounts", "api/v1/sessions")
#: Forms of public pages, which are the same for everybody, so that no token stands in them.
#: A mail program says it, which has no token of ours (RFC 8058, section 3.2); its secret says who.
BY_SECRET: Final = frozenset({"notices/unsubscribe/<str:secret>"})
OWN_FORMS: Final = frozenset(
    {"passport/<str:gtin>/nudge", "preferences/language", "scan", "scan/<uuid:scan_id>/report"}
)

#: A body that every form and every endpoint finds something in.
TYPED: Final = {
    "answer": "no",
    "understood": "yes",
    "allergens": ["fish"],
    "avoided": "soup",
    "edition": "",
    "code": MUESLI,
    "language": "it",
    "placeName": "theirs",
}


def sent() -> dict[str, Any]:
    version = notices.current(Purpose.HEALTH_PROFILE).version
    return {"noticeVersion": version, "diets": ["vegan"], "email": "x@shop.example", "password": "x" * 12}


#: What an endpoint finds sense in that takes no field but its own, by how its address ends.
FITTING: Final[dict[str, dict[str, Any]]] = {
    "/finish": {},
    "/leave": {},
    "/owner": {"member": str(uuid4())},
    "/households/[^/]+": {"name": "theirs"},
    "/households/join": {"token": NEVER_ANYBODYS["token"]},
    "/members/[^/]+": {"name": "theirs"},
    "/places": {"kind": "fridge", "name": "theirs"},
    "/places/[^/]+": {"name": "theirs"},
}


def addresses(route: str, *, of: Person, town: Town) -> list[str]:
    """The addresses of a route with a person's ids in it. An unknown part fails: say what stands there."""
    if route in ONE_OF_MANY:
        return [ONE_OF_MANY[route]]
    values: dict[str, list[str]] = {
        **{name: [value] for name, value in NEVER_ANYBODYS.items()},
        **{name: [value] for name, value in of.at_home.items()},
        "scan_id": [str(scan_id) for scan_id in of.scan_ids],
        "export_id": [str(of.export_id)],
        "erasure_id": [str(town.receipt)],
        "object_id": [str(of.account_id)],
        "content_type_id": ["1"],
        "url": ["x"],
        "app_label": ["identity"],
    }
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<str:\1>", route)
    plain = re.sub(r"[\^$\\]", "", plain)
    parts = re.findall(r"<\w+:(\w+)>", plain)
    assert set(parts) <= set(values), f"{route}: what stands in its address?"
    filled = [f"/{plain}"]
    for part in parts:
        filled = [re.sub(rf"<\w+:{part}>", value, address) for address in filled for value in values[part]]
    return filled


def ask(client: Client, method: str, address: str, *, data: Any = None, **headers: str) -> HttpResponse:
    """One request with a body that fits, from a browser that keeps what cookies it had."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    if method == "GET":
        body: dict[str, Any] = {"data": data or {}}
    elif method == "POST" and not address.startswith("/api/"):
        body = {"data": data or TYPED}
    else:
        fitting = [said for end, said in FITTING.items() if re.search(f"{end}$", address)]
        body = {"data": orjson.dumps((*fitting, sent())[0]), "content_type": "application/json"}
        headers = {"Idempotency-Key": str(uuid4()), **headers}
        if "/fridge/items/" in address:
            headers = {"If-Match": "*", **headers}
    answer: HttpResponse = getattr(client, method.lower())(address, headers=headers, **body)
    client.cookies.clear()
    client.cookies.load(cookies)
    return answer


def text_of(answer: HttpResponse) -> str:
    """What was answered, streamed or not."""
    return answer.getvalue().decode(errors="replace")


@contextmanager
def undone() -> Iterator[None]:
    """Let nothing of what is done outlive the block."""
    with ExitStack() as stack:
        for context in OF_PEOPLE:
            stack.enter_context(transaction.atomic(using=context))
        yield
        for context in OF_PEOPLE:
            transaction.set_rollback(True, using=context)


def _rows_sql(context: str) -> str:
    with connections[context].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            " AND tablename <> 'django_migrations' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
    every = " UNION ALL ".join(f"SELECT '{name}', t::text FROM \"{name}\" t" for name in tables)
    return f"SELECT * FROM ({every}) AS rows (name, row) WHERE row LIKE ANY (%s) ORDER BY 1, 2"


class Rows:
    """What is kept about a person in every table of the three contexts that hold something of people."""

    def __init__(self, person: Person) -> None:
        self._asked = {name: _rows_sql(name) for name in OF_PEOPLE}
        self._ids = [f"%{id_}%" for id_ in person.ids]

    def __call__(self) -> list[tuple[str, str]]:
        found = []
        for context, statement in self._asked.items():
            with connections[context].cursor() as cursor:
                cursor.execute(statement, [self._ids])
                found += cursor.fetchall()
        return found


def test_every_address_is_known_to_be_somebodys_or_public() -> None:
    """A new address says here whose it is, and is asked for by everybody else from then on."""
    assert set(routes()) == {*OWNERS, *PUBLIC}


def test_its_owner_is_answered(town: Town) -> None:
    """Without this, the refusals below would prove nothing."""
    luca, found = town.luca, {}
    for route, (status, _marked) in OWNERS.items():
        with undone():
            answers = [ask(luca.client(), "GET", address) for address in addresses(route, of=luca, town=town)]
        shown = [text_of(answer) for answer in answers]
        statuses = {answer.status_code for answer in answers}
        found[route] = (
            status if status in statuses else min(statuses),
            any(mark in text for text in shown for mark in luca.marks),
        )
    assert found == OWNERS


@pytest.mark.parametrize("who", ["nobody", "sara", "a brand user", "an operator", "a closed account"])
def test_nobody_else_sees_or_changes_anything(town: Town, who: str) -> None:
    luca, sara = town.luca, town.sara
    client = Client(raise_request_exception=False) if who == "nobody" else sara.client()
    if who in {"a brand user", "an operator"}:
        role = who.rpartition(" ")[2].replace("user", "brand_user")
        accounts.sign_in(issuer=town.issuer.url, subject="sara", display_name=sara.name, roles=[role])
        client.defaults["HTTP_AUTHORIZATION"] = "Bearer " + town.issuer.id_token(
            aud=settings.OIDC_AUDIENCE, sub="sara", roles=[role]
        )
    elif who == "a closed account":
        accounts.set_active(account_id=sara.account_id, active=False)
    rows = Rows(luca)
    before = rows()
    assert len({name for name, _row in before}) > 8, "Luca has something in many tables"
    for route in routes():
        own = any(f":{part}>" in route for part in ("scan_id", "export_id", *AT_HOME))
        for address in addresses(route, of=luca, town=town):
            with undone():
                answers = {method: ask(client, method, address) for method in METHODS}
                assert rows() == before, address
            for method, answer in answers.items():
                status, where = answer.status_code, f"{method} {address}: {answer.status_code}"
                assert status < 500 or route in NEED_THE_PROVIDER, where
                shown = text_of(answer) + str(answer.headers)
                assert not [mark for mark in luca.marks if mark in shown], where
                if own and not any(f":{part}>" in route for part in GONE_ANYWAY):
                    assert status in {302, 401, 403, 404, 405}, where
                    onwards = answer.headers.get("Location", "")
                    assert status != 302 or onwards.startswith(("/sign-in", "/fridge/items/")), where
                if who in {"nobody", "a closed account"} and "api/v1/me" in route:
                    assert status in {401, 403, 405}, where


def test_what_is_anothers_is_told_as_what_is_not_there(town: Town) -> None:
    """Whoever asks for something of a household that is not theirs hears what anybody hears of nothing; also
    who was in it once. Of one's own household with another's things in it, too."""
    luca, sara = town.luca, town.sara
    nobody = replace(luca, at_home={part: str(uuid4()) for part in luca.at_home})
    between = replace(luca, at_home={**luca.at_home, "household_id": sara.at_home["household_id"]})
    nowhere = replace(nobody, at_home={**nobody.at_home, "household_id": sara.at_home["household_id"]})
    at_home = [route for route in routes() if any(f":{part}>" in route for part in AT_HOME)]
    assert len(at_home) > 15
    rows = Rows(luca)
    before, client = rows(), sara.client()
    for route in at_home:
        for method in (*METHODS, "PATCH") if route.startswith("api/") else ("GET", "POST"):
            for theirs, none in ((luca, nobody), (between, nowhere)):
                if theirs is between and re.findall(r"<\w+:(\w+)>", route) == ["household_id"]:
                    continue  # her own
                told = []
                for of in (theirs, none):
                    with undone():
                        (address,) = addresses(route, of=of, town=town)
                        answer = ask(client, method, address)
                        assert rows() == before, f"{method} {address}"
                    told.append((answer.status_code, _without_ids(text_of(answer))))
                assert told[0] == told[1], f"{method} {route}"
                assert told[0][0] in {302, 303, 204, 404, 405}, f"{method} {route}: {told[0][0]}"


def _without_ids(text: str) -> str:
    """A page or document without what differs from answer to answer."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|[A-Za-z0-9+/_-]{22,}=*", "", text)


def test_who_shares_a_fridge_sees_the_food_and_nothing_of_health(town: Town) -> None:
    luca, sara = town.luca, town.sara
    owner = households.of(account_id=luca.account_id, now=datetime.now(UTC))
    token = invitations.invite(member=owner, now=datetime.now(UTC)).token
    invitations.accept(account_id=sara.account_id, token=token, leave_behind=True, now=datetime.now(UTC))
    client, seen = sara.client(), ""
    for route in routes():
        if route.startswith(("fridge", "api/v1/me/fridge", "api/v1/me/households", "api/v1/me/notices")):
            for address in addresses(route, of=luca, town=town):
                seen += text_of(ask(client, "GET", address))
    assert luca.food in seen
    told = [mark for mark in luca.marks if mark != luca.food and mark in seen]
    assert told == [], "neither health nor account, name, scans or browser"


def test_the_owner_could_have_changed_it(town: Town) -> None:
    luca = town.luca
    rows, changed = Rows(luca), set()
    before = rows()
    for route in OWNERS:
        for method in ("POST", "DELETE"):
            with undone():
                ask(luca.client(), method, addresses(route, of=luca, town=town)[-1])
                if rows() != before:
                    changed.add(f"{method} {route}")
    assert changed >= {
        "DELETE api/v1/me",
        "DELETE api/v1/me/profile",
        "DELETE api/v1/me/consents/<str:purpose>",
        "POST api/v1/me/export",
        "POST preferences/consents/<str:purpose>",
        "POST preferences/erase",
        "DELETE api/v1/me/households/<uuid:household_id>",
        "DELETE api/v1/me/households/<uuid:household_id>/members/<uuid:reference>",
        "DELETE api/v1/me/households/<uuid:household_id>/invitations/<uuid:invitation_id>",
        "DELETE api/v1/me/households/<uuid:household_id>/places/<uuid:place_id>",
        "POST api/v1/me/fridge/actions/<uuid:action_id>/undo",
        "POST api/v1/me/fridge/items/<uuid:item_id>/<slug:verb>",
        "POST api/v1/me/households/<uuid:household_id>/leave",
        "POST fridge/actions/<uuid:action_id>/undo",
        "POST fridge/items/<uuid:item_id>/<slug:verb>",
        "POST fridge/household/dissolve",
        "POST fridge/household/invitations/<uuid:invitation_id>/revoke",
        "POST fridge/household/leave",
        "POST fridge/household/members/<uuid:reference>/owner",
        "POST fridge/household/members/<uuid:reference>/remove",
        "POST fridge/household/places/<uuid:place_id>/remove",
        "POST profile/delete",
        "POST profile/withdraw",
        "POST scan/<uuid:scan_id>/report",
        "POST sign-out",
    }


def test_a_browsers_session_opens_nothing_of_the_api(town: Town) -> None:
    """A form of another site takes the session along, never a token."""
    client = town.luca.client(token=False)
    for route in routes():
        if route.startswith("api/v1/me"):
            for method in METHODS:
                with undone():
                    answer = ask(client, method, addresses(route, of=town.luca, town=town)[0])
                assert answer.status_code in {401, 405}, f"{method} {route}"


def test_every_form_is_refused_from_elsewhere(town: Town) -> None:
    """Without its token, with another site's, and with ours from another site; at every address."""
    luca = town.luca
    accounts.sign_in(
        issuer=town.issuer.url, subject="luca", display_name=luca.name, roles=["operator", "brand_user"]
    )
    client = luca.client(token=False, strict=True)
    token = "t" * 32
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    with_token = {**TYPED, "csrfmiddlewaretoken": token}
    rows = Rows(luca)
    before, open_to_programs, forms = rows(), set(), set()
    for route in routes(consoles=True):
        if route.startswith("api/") or route in BY_SECRET:
            continue
        for address in addresses(route, of=luca, town=town)[:1]:
            with undone():
                for attempt in (
                    {"data": TYPED, **FOREIGN},
                    {"data": with_token, **FOREIGN},
                    {"data": with_token, "Origin": "null"},
                    {"data": with_token, "Origin": "http://testserver.evil.example"},
                ):
                    answer = ask(client, "POST", address, **attempt)  # type: ignore[arg-type] # headers and data
                    where = f"{address} {attempt}: {answer.status_code}"
                    assert answer.status_code in {403, 405}, where
                    assert settings.SESSION_COOKIE_NAME not in answer.cookies, where
                assert rows() == before, address
            with undone():
                if ask(client, "POST", address).status_code not in {403, 405}:
                    open_to_programs.add(route)
            with undone():
                if ask(client, "POST", address, data=with_token).status_code not in {403, 405}:
                    forms.add(route)
    assert open_to_programs == OWN_FORMS, "without a token and from no browser"
    assert forms > OWN_FORMS | {
        "profile/change",
        "preferences/erase",
        "admin/identity/brand/add/",
        "sign-out",
    }


NASTY: Final = (
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "https:evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    "//evil.example:80@testserver",
    "//testserver@evil.example",
    "http://testserver@evil.example/",
    "http://testserver:80%40evil.example/",
    "http://testserver.evil.example/",
    "//evil.example\\@testserver",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2f%2fevil.example",
    "/%2fevil.example",
    "%68ttps://evil.example",
    "//%65vil.example",
    "/01/../..//evil.example",
)


def test_nothing_leads_off_the_site(town: Town) -> None:
    """Whatever `next` and its like say, in the address, in the form, and as the page that one came from."""
    askers = (town.luca.client(token=False), Client(raise_request_exception=False))
    pages = [route for route in routes() if not route.startswith("api/") and "_id>" not in route]
    redirecting = [
        (asker, method, address, location)
        for route in pages
        for address in addresses(route, of=town.luca, town=town)
        for asker in askers
        for method in ("GET", "POST")
        if (location := _wished(asker, method, address, "/search"))
    ]
    assert len(redirecting) > 20, "sign-in and sign-up, the steps of the setup, language, nudge, gates"
    for asker, method, address, led in redirecting:
        # Where a plain wish does not count, a few others tell whether any does.
        for wanted in NASTY if "search" in led else NASTY[:4]:
            location = _wished(asker, method, address, wanted)
            assert location is None or _is_ours(location, town), (method, address, wanted, location)


def _wished(asker: Client, method: str, address: str, wanted: str) -> str | None:
    """Where one is led who wishes to go somewhere; None where one is not led on."""
    wishes = dict.fromkeys(("next", "wanted", "back", "url", "return_to"), wanted)
    query = "&".join(f"{name}={quote(value)}" for name, value in wishes.items())
    data = {**TYPED, **wishes} if method == "POST" else None
    referer = re.sub(r"[\t\n]", "", wanted)
    with undone():
        answer = ask(asker, method, f"{address}?{query}", data=data, Referer=referer)
    return answer.headers.get("Location")


def _is_ours(location: str, town: Town) -> bool:
    """Whether a browser that follows stays here, or goes to sign in; read as WHATWG's URL standard does."""
    plain = re.sub(r"[\t\n\r]", "", location).strip().replace("\\", "/")
    if plain.startswith((f"{town.issuer.url}/authorize?", f"{town.issuer.url}/end?")):
        return "evil" not in urlsplit(plain).netloc
    return plain.startswith(f"{settings.PUBLIC_URL}/") or (
        plain.startswith("/") and not plain.startswith("//")
    )
