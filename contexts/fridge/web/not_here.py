"""What a person is shown whose household has not, or not any more, what a page was about."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contexts.fridge.application.errors import (
    ActionNotFound,
    InvitationNotFound,
    ItemNotFound,
    MemberNotFound,
    NoLongerMember,
    PlaceNotFound,
)
from packytrace.edge.answers import asks_for_json

P = ParamSpec("P")
_NOT_HERE: Final = (
    ActionNotFound,
    InvitationNotFound,
    ItemNotFound,
    MemberNotFound,
    NoLongerMember,
    PlaceNotFound,
)


def told_kindly(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Make a view lead back to the fridge where it finds nothing.

    What was never there, what is gone and what others have is told in the same bytes.
    """

    @wraps(view)
    def told(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except _NOT_HERE as error:
            if asks_for_json(request):
                raise
            context = {"said": "" if isinstance(error, ItemNotFound) else str(error)}
            return render(request, "fridge/not_here.html", context, status=404)

    return told
