"""The accounts of a Keycloak realm: its Admin REST API, and a token by password for one confidential client.

The client `packytrace-accounts` may manage the realm's users, and nothing else there.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

import jwt
import orjson
import requests
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from packytrace.openid.embedded_accounts import unreachable
from packytrace.openid.errors import AddressRefused, CredentialsRefused, TooManyAttempts
from packytrace.openid.issuer import Issuer
from packytrace.openid.passwords import check_password
from packytrace.openid.tokens import Tokens

#: Seconds to wait for a connection, and for an answer: Keycloak sends a mail before it answers.
_TIMEOUT: Final = (2.0, 15.0)
#: Seconds after which registering answers, at the earliest: making an account takes longer than finding one.
_UNIFORM_SECONDS: Final = 1.0
#: Seconds before its end at which our own token is taken for ended.
_EARLY: Final = 30.0
#: Failures in five minutes, from one address and at one account. Each process counts alone; Keycloak's own
#: protection counts for all of them, and answers as for a wrong password.
_FROM_ADDRESS: Final = RateLimitItemPerMinute(50, multiples=5)
_AT_ACCOUNT: Final = RateLimitItemPerMinute(5, multiples=5)
_REFUSED_IN_NAMES: Final = frozenset('<>&"$%!#?§;*~/\\|^=[]{}()\u007f')
_LOG: Final = logging.getLogger(__name__)


class KeycloakAccounts:
    """See ProviderAccounts."""

    def __init__(
        self,
        *,
        issuer: Issuer,
        client_id: str,
        client_secret: str,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._token_endpoint = f"{issuer.url}/protocol/openid-connect/token"
        self._admin = issuer.url.replace("/realms/", "/admin/realms/", 1)
        self._credentials = (client_id, client_secret)
        self._clock, self._sleep = clock, sleep
        self._attempts = MovingWindowRateLimiter(MemoryStorage())
        self._lock = threading.Lock()
        self._token: tuple[str, float] | None = None

    def register(
        self, *, email: str, password: str, name: str, language: str, client_address: str = ""
    ) -> None:
        email = _address(email)
        # Before Keycloak is asked: it would judge the password of a new address alone.
        check_password(password=password, email=email, name=name)
        self._count("register", email=email, client_address=client_address)
        began = self._clock()
        made = self._manage(
            "POST",
            "users",
            {
                "username": email,
                "email": email,
                "enabled": True,
                "firstName": _plain(name),
                "attributes": {"locale": [language]} if language else {},
                "credentials": [{"type": "password", "value": password, "temporary": False}],
            },
        )
        if made.status_code == requests.codes.created:
            self._mail(made.headers["Location"].rsplit("/", 1)[1], verified=False)
        elif made.status_code == requests.codes.conflict:
            for owner in self._found(email):
                self._mail(str(owner["id"]), verified=bool(owner.get("emailVerified")))
        elif made.status_code == requests.codes.bad_request:
            # Nobody has an account whose address Keycloak takes for none: this tells nothing.
            raise AddressRefused(_("This is no e-mail address."))
        else:
            raise _unexpected(made)
        self._sleep(max(0.0, began + _UNIFORM_SECONDS - self._clock()))

    def sign_in(self, *, email: str, password: str, client_address: str) -> Tokens:
        email = email.strip().lower()
        if not self._may_try("sign in", email=email, client_address=client_address):
            raise _too_many()
        answer = self._post_token(grant_type="password", username=email, password=password)
        given = _object(answer)
        if answer.status_code == requests.codes.ok:
            return Tokens(access_token=str(given["access_token"]), expires_in=int(given["expires_in"]))
        if given.get("error") != "invalid_grant":
            raise _unexpected(answer)
        self._count("sign in", email=email, client_address=client_address)
        raise CredentialsRefused(
            _("The e-mail address or the password is not right, or the address is not confirmed yet.")
        )

    def sign_out(self, *, access_token: str) -> None:
        try:
            # The caller has verified it; here only its session's number is read.
            claims = jwt.decode(access_token, options={"verify_signature": False})
        except jwt.PyJWTError:
            return
        session = claims.get("sid")
        if isinstance(session, str) and session:
            self._settled(self._manage("DELETE", f"sessions/{quote(session, safe='')}"))

    def address(self, *, subject: str) -> str | None:
        answer = self._manage("GET", f"users/{quote(subject, safe='')}")
        if answer.status_code == requests.codes.not_found:
            return None
        if answer.status_code != requests.codes.ok:
            raise _unexpected(answer)
        user = _object(answer)
        is_his = user.get("enabled") is True and user.get("emailVerified") is True
        address = user.get("email")
        return address if is_his and isinstance(address, str) and address else None

    def delete(self, *, subject: str) -> None:
        self._settled(self._manage("DELETE", f"users/{quote(subject, safe='')}"))

    def _settled(self, answer: requests.Response) -> None:
        if answer.status_code not in {requests.codes.no_content, requests.codes.not_found}:
            raise _unexpected(answer)

    def _found(self, email: str) -> list[dict[str, Any]]:
        answer = self._manage("GET", f"users?exact=true&email={quote(email, safe='')}")
        if answer.status_code != requests.codes.ok:
            raise _unexpected(answer)
        found = orjson.loads(answer.content)
        return found if isinstance(found, list) else []

    def _mail(self, user: str, *, verified: bool) -> None:
        """A link to confirm the address; for one that is confirmed, a link to a new password."""
        # Its last page leads to the application, not to Keycloak's own console.
        back = f"client_id={quote(settings.OIDC_RP_CLIENT_ID, safe='')}"
        if verified:
            answer = self._manage("PUT", f"users/{user}/execute-actions-email?{back}", ["UPDATE_PASSWORD"])
        else:
            answer = self._manage("PUT", f"users/{user}/send-verify-email?{back}")
        if answer.status_code != requests.codes.no_content:
            # Said to nobody, for it would tell addresses apart; Keycloak's page sends the mail again.
            _LOG.error(
                "Keycloak could not send a mail: %s. Check the realm's mail server.", answer.status_code
            )

    def _manage(self, method: str, path: str, body: object = None) -> requests.Response:
        try:
            return requests.request(
                method,
                f"{self._admin}/{path}",
                data=None if body is None else orjson.dumps(body),
                headers={
                    "Authorization": f"Bearer {self._own_token()}",
                    **({} if body is None else {"Content-Type": "application/json"}),
                },
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            _LOG.warning("Keycloak does not answer: %s", type(error).__name__)
            raise unreachable() from error

    def _own_token(self) -> str:
        with self._lock:
            if self._token is None or self._clock() >= self._token[1]:
                answer = self._post_token(grant_type="client_credentials")
                if answer.status_code != requests.codes.ok:
                    raise _unexpected(answer)
                given = _object(answer)
                ends = self._clock() + float(given["expires_in"]) - _EARLY
                self._token = (str(given["access_token"]), ends)
            return self._token[0]

    def _post_token(self, **form: str) -> requests.Response:
        try:
            return requests.post(
                self._token_endpoint,
                data=form,
                auth=self._credentials,
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            _LOG.warning("Keycloak does not answer: %s", type(error).__name__)
            raise unreachable() from error

    def _may_try(self, what: str, *, email: str, client_address: str) -> bool:
        return self._attempts.test(_AT_ACCOUNT, what, email) and self._attempts.test(
            _FROM_ADDRESS, what, "from", client_address
        )

    def _count(self, what: str, *, email: str, client_address: str) -> None:
        """Raises TooManyAttempts."""
        allowed = self._attempts.hit(_AT_ACCOUNT, what, email)
        if client_address:
            allowed = self._attempts.hit(_FROM_ADDRESS, what, "from", client_address) and allowed
        if not allowed:
            raise _too_many()


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise AddressRefused(_("This is no e-mail address.")) from error
    return email


def _plain(name: str) -> str:
    """The name without what Keycloak refuses in one."""
    return "".join(sign for sign in name if sign.isprintable() and sign not in _REFUSED_IN_NAMES)[
        :150
    ].strip()


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        given = orjson.loads(answer.content)
    except orjson.JSONDecodeError as error:
        raise _unexpected(answer) from error
    if not isinstance(given, dict):
        raise _unexpected(answer)
    return given


def _unexpected(answer: requests.Response) -> Exception:
    _LOG.error(
        "Keycloak answers %s at %s. Check OIDC_ACCOUNTS_CLIENT_SECRET and the client's roles.",
        answer.status_code,
        answer.url.split("?", 1)[0],
    )
    return unreachable()


def _too_many() -> TooManyAttempts:
    return TooManyAttempts(_("Too many attempts. Wait five minutes, then try again."))
