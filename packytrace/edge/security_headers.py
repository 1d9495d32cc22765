"""Headers by which a browser protects its user: everything is forbidden but what our pages need.

Content Security Policy Level 3, without unsafe-inline. HSTS, nosniff, Referrer-Policy and COOP are what
Django's SecurityMiddleware says, which this one is; X-Frame-Options is for browsers that do not know
frame-ancestors.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

Policy = Mapping[str, tuple[str, ...]]
Headers = tuple[tuple[str, str], ...]

_SELF: Final = ("'self'",)

_FEATURES: Final = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)


def permissions(*, camera: bool) -> str:
    """The value of Permissions-Policy: nothing of what a browser could hand out, or the camera alone."""
    allowed = {"camera": "(self)"} if camera else {}
    return ", ".join(f"{feature}={allowed.get(feature, '()')}" for feature in _FEATURES)


def policy(*, issuer: str) -> dict[str, tuple[str, ...]]:
    """The policy of every page. A sign-in form ends at `issuer`, by way of a redirect."""
    provider = urlsplit(issuer)
    return {
        "default-src": ("'none'",),
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ("'self'", "data:"),
        "font-src": _SELF,
        "connect-src": _SELF,
        "manifest-src": _SELF,
        "media-src": _SELF,
        "worker-src": _SELF,
        "form-action": ("'self'", f"{provider.scheme}://{provider.netloc}"),
        "frame-ancestors": ("'none'",),
        "base-uri": ("'none'",),
    }


def render(sources: Policy, *, widened_by: Policy | None = None) -> str:
    """The header's value; `widened_by` adds sources to directives."""
    wide = {**sources}
    for directive, more in (widened_by or {}).items():
        had = tuple(source for source in wide.get(directive, ()) if source != "'none'")
        wide[directive] = (*had, *(source for source in more if source not in had))
    return "; ".join(f"{directive} {' '.join(values)}" for directive, values in wide.items())


class SecurityHeadersMiddleware(SecurityMiddleware):
    """Sets all of them on every answer, static files and error pages included.

    One middleware instead of three: each is a call and a guard against exceptions in every request. What goes
    beyond them stands in two settings: CONTENT_SECURITY_POLICY_WIDER (whole paths, as regular expressions, to
    added sources) and CAMERA_PATHS.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._get_response = get_response
        sources = policy(issuer=settings.OIDC_ISSUER)
        self._headers = self._headers_with(render(sources))
        with_camera = self._headers_with(render(sources), camera=True)
        self._with_camera = dict.fromkeys(settings.CAMERA_PATHS, with_camera)
        self._wider = {
            re.compile(paths): self._headers_with(render(sources, widened_by=widened_by))
            for paths, widened_by in settings.CONTENT_SECURITY_POLICY_WIDER.items()
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        for name, value in self._headers_for(request.path):
            response.headers[name] = value
        if self.sts_seconds and request.is_secure():
            self.process_response(request, response)
        return response

    def _headers_for(self, path: str) -> Headers:
        if (with_camera := self._with_camera.get(path)) is not None:
            return with_camera
        for paths, wider in self._wider.items():
            if paths.fullmatch(path):
                return wider
        return self._headers

    def _headers_with(self, content_policy: str, *, camera: bool = False) -> Headers:
        """What is the same on every answer; of Django's, all but HSTS, which is told over TLS alone."""
        response = HttpResponse()
        del response.headers["Content-Type"]
        response.headers["Content-Security-Policy"] = content_policy
        response.headers["Permissions-Policy"] = permissions(camera=camera)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
        self.process_response(HttpRequest(), response)
        return tuple(response.headers.items())
