"""No endpoint of the API has a way of its own to read bodies: the strict one of the edge is everybody's."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

from packytrace.edge.api import JsonParser


def endpoints(routes: list[URLPattern | URLResolver]) -> Iterator[type[APIView]]:
    """The views of REST framework behind some routes."""
    for route in routes:
        if isinstance(route, URLResolver):
            yield from endpoints(route.url_patterns)
        elif isinstance(view := getattr(route.callback, "cls", None), type) and issubclass(view, APIView):
            yield view


def test_every_endpoint_reads_with_the_parser_of_the_edge() -> None:
    found = set(endpoints(get_resolver().url_patterns))
    assert "Scans" in {view.__name__ for view in found}
    assert {view.__qualname__: view.parser_classes for view in found} == {
        view.__qualname__: [JsonParser] for view in found
    }
