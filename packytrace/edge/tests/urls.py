"""Views that stand for a context's: they show what came through the door, or fail in every known way."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from packytrace.edge import failures, openapi, preferences
from packytrace.edge.request import EdgeRequest
from packytrace.errors import DomainError, Kind
from packytrace.facts import correlation


class Crash(ValueError):
    """What nobody foresaw."""


class ShelfEmpty(DomainError):
    code = "test_shelf_empty"
    kind = Kind.NOT_FOUND


class ShelfTaken(DomainError):
    code = "test_shelf_taken"
    kind = Kind.CONFLICT


class ShelfClosed(DomainError):
    code = "test_shelf_closed"
    kind = Kind.UNAVAILABLE


ERRORS: dict[str, Exception] = {
    "missing": Http404("nothing"),
    "denied": PermissionDenied("no"),
    "empty": ShelfEmpty("The shelf is empty."),
    "taken": ShelfTaken("Somebody took it."),
    "closed": ShelfClosed("The shop is closed."),
    "database": OperationalError("server closed the connection unexpectedly"),
    "connection": InterfaceError("connection already closed"),
    "throttled": Throttled(),
}


def show(request: EdgeRequest) -> HttpResponse:
    """Everything that the edge says about a request."""
    return JsonResponse(
        {
            "address": request.client_address,
            "secure": request.is_secure(),
            "host": request.get_host(),
            "headers": dict(request.headers),
            "remote_user": request.META.get("REMOTE_USER"),
            "correlation_id": correlation.get(),
            "brand_safe": correlation.get_brand_safe(),
            "account": str(request.account_id),
        }
    )


def scan(request: EdgeRequest) -> HttpResponse:
    """What mints a visitor."""
    return HttpResponse(str(request.visitor.id), headers={"X-Known": str(request.visitor.known)})


def resolve(request: EdgeRequest, _rest: str) -> HttpResponse:
    """What a Digital Link leads to."""
    return scan(request)


def shared(request: EdgeRequest) -> HttpResponse:
    """A page that would be cached by everybody, and mints nevertheless."""
    return HttpResponse(str(request.visitor.id), headers={"Cache-Control": "public, max-age=600"})


def forget(request: EdgeRequest) -> HttpResponse:
    request.visitor.forget()
    return HttpResponse()


def look(request: EdgeRequest) -> HttpResponse:
    """What asks whether there is a visitor without making one."""
    return HttpResponse(f"{request.visitor.known} {request.visitor.known_id}")


@csrf_exempt
def fail(request: HttpRequest, how: str) -> HttpResponse:
    """Fail as asked; a crash quotes everything that the request holds."""
    if how == "crash":
        raise Crash(f"{request.META} {request.GET} {request.POST} {request.COOKIES} {request.body!r}")
    raise ERRORS[how]


@csrf_exempt
def body(request: HttpRequest) -> HttpResponse:
    """How long the body is."""
    return HttpResponse(str(len(request.body)))


@require_safe
def safe(_request: HttpRequest) -> HttpResponse:
    """Only for reading."""
    return HttpResponse("read")


class Shelf(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=5)
    place = serializers.IntegerField()


@api_view(["POST"])
@permission_classes([AllowAny])
def shelves(request: Request) -> Response:
    """An endpoint that reads JSON."""
    shelf = Shelf(data=request.data)
    shelf.is_valid(raise_exception=True)
    return Response(shelf.validated_data, status=201)


@api_view(["POST"])
@permission_classes([AllowAny])
def anything(request: Request) -> Response:
    """An endpoint that gives back what it read."""
    return Response(request.data)


@api_view(["GET"])
def mine(request: Request) -> Response:
    """An endpoint without a word about permissions: the default."""
    return Response({"account": str(vars(request._request)["account_id"])})


@api_view(["GET", "POST"])
@permission_classes([AllowAny])
def api_fail(_request: Request, how: str) -> Response:
    """Fail as asked, below the API."""
    if how == "crash":
        raise Crash("nobody foresaw this")
    raise ERRORS[how]


urlpatterns = [
    path("show", show, name="show"),
    path("brand/show", show, name="brand-show"),
    path("admin/show", show, name="admin-show"),
    path("01/<path:_rest>", resolve, name="resolver"),
    path("scan", scan, name="scan"),
    path("shared", shared, name="shared"),
    path("forget", forget, name="forget"),
    path("look", look, name="look"),
    path("fail/<how>", fail, name="fail"),
    path("body", body, name="body"),
    path("form", show, name="form"),
    path("safe", safe, name="safe"),
    path("api/v1/show", show, name="api-show"),
    path("api/v1/shelves", shelves, name="api-shelves"),
    path("api/v1/anything", anything, name="api-anything"),
    path("api/v1/mine", mine, name="api-mine"),
    path("api/v1/fail/<how>", api_fail, name="api-fail"),
    path("preferences/language", preferences.choose),
    path("api/v1/openapi.json", openapi.view, name="openapi"),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.server_error
