"""The API of what was wasted and of what is to be bought. Only with an access token."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.fridge.application.errors import NoLongerMember
from contexts.fridge.application.shopping_list import Line, shopping_list, tick_off, untick
from contexts.fridge.application.waste import summary
from contexts.fridge.domain.storage_guidance import Source
from contexts.fridge.domain.waste import Average, Bar, Period, Slice, Summary, Sums
from contexts.fridge.web.item_json import Fields, values
from contexts.fridge.web.items_api import NOT_STORED, Strict, member_of
from packytrace.edge import openapi

_MOST_ITEMS: Final = 500


def _grams(text: str) -> serializers.CharField:
    return serializers.CharField(help_text=f"Grams, a decimal: {text}")


class SourceView(serializers.Serializer[Any]):
    """Where figures come from."""

    def get_fields(self) -> Fields:
        return {
            "name": serializers.CharField(),
            "url": serializers.CharField(),
            "year": serializers.IntegerField(),
        }


class SumsView(serializers.Serializer[Any]):
    """Everything that left the fridge in these days."""

    def get_fields(self) -> Fields:
        return {
            "used": _grams("eaten, drunk or cooked"),
            "wasted": _grams("thrown away"),
            "given": _grams("given away"),
            "rate": serializers.CharField(allow_null=True, help_text="wasted / (used + wasted), 0 to 1"),
            "recorded": _grams("the part of the wasted mass that packs tell or that was measured"),
            "estimated": _grams("the part of it that is what such food typically weighs"),
            "money": serializers.CharField(allow_null=True, help_text="Of what was wasted, as far as known"),
            "massWithoutPrice": _grams("the part of the wasted mass that `money` does not cover"),
            "co2eKg": serializers.CharField(help_text="Of what was wasted and could have been eaten"),
            "massWithoutCo2e": _grams("the part of the wasted mass that `co2eKg` does not cover"),
        }


class SliceView(serializers.Serializer[Any]):
    """A part of the waste."""

    def get_fields(self) -> Fields:
        return {
            "of": serializers.CharField(help_text="Kind of food, or reason"),
            "wasted": _grams("of it"),
            "share": serializers.CharField(help_text="Of all that was wasted, 0 to 1"),
            "co2eKg": serializers.CharField(allow_null=True),
        }


class BarView(serializers.Serializer[Any]):
    """A day, or a month of a year."""

    def get_fields(self) -> Fields:
        return {
            "first": serializers.DateField(),
            "last": serializers.DateField(),
            "used": _grams("used"),
            "wasted": _grams("wasted"),
            "given": _grams("given"),
        }


class AverageView(serializers.Serializer[Any]):
    """What an average household of as many people wastes in as many days."""

    def get_fields(self) -> Fields:
        return {
            "area": serializers.CharField(),
            "wasted": _grams("wasted"),
            "people": serializers.IntegerField(),
            "days": serializers.IntegerField(),
            "source": SourceView(),
        }


class WasteView(serializers.Serializer[Any]):
    """What was wasted in a week, month or year."""

    def get_fields(self) -> Fields:
        return {
            "period": serializers.ChoiceField(choices=values(Period)),
            "first": serializers.DateField(),
            "last": serializers.DateField(),
            "days": serializers.IntegerField(help_text="How many of them count: up to today"),
            "currency": serializers.CharField(help_text="ISO 4217"),
            "total": SumsView(),
            "byKind": SliceView(many=True),
            "byReason": SliceView(many=True),
            "series": BarView(many=True, help_text="Without gaps"),
            "averages": AverageView(many=True),
            "co2eSource": SourceView(),
            "inedibleSource": SourceView(),
        }


class WasteQuery(serializers.Serializer[Any]):
    """Which days are wanted."""

    period = serializers.ChoiceField(choices=values(Period), required=False, default=Period.MONTH.value)
    day = serializers.DateField(required=False, help_text="Any day of it from 2000 to 2199; left out: today")

    def validate_day(self, day: date) -> date:
        """The day. Raises ValidationError for one of no household."""
        if not 2000 <= day.year < 2200:
            raise serializers.ValidationError("No household has recorded anything then.")
        return day


class LineView(serializers.Serializer[Any]):
    """One thing to buy."""

    def get_fields(self) -> Fields:
        return {
            "itemIds": serializers.ListField(child=serializers.UUIDField(), help_text="What is ticked off"),
            "name": serializers.CharField(),
            "brandName": serializers.CharField(),
            "gtin": serializers.CharField(help_text="GTIN-14; empty for what was entered by hand"),
            "isLow": serializers.BooleanField(help_text="Some is left; otherwise nothing is"),
            "isOftenWasted": serializers.BooleanField(help_text="The household often throws this away"),
            "wastedTimes": serializers.IntegerField(help_text="Items of which some was wasted in a year"),
            "wastedShare": serializers.CharField(allow_null=True, help_text="Of what left of it in a year"),
        }


class ShoppingListView(serializers.Serializer[Any]):
    """What is to be bought."""

    def get_fields(self) -> Fields:
        return {"lines": LineView(many=True)}


class Ticking(Strict):
    """Which lines are bought, or are not after all."""

    def get_fields(self) -> Fields:
        return {
            "itemIds": serializers.ListField(
                child=serializers.UUIDField(), min_length=1, max_length=_MOST_ITEMS
            ),
            "ticked": serializers.BooleanField(default=True, help_text="False puts them back"),
        }


class Waste(APIView):
    """What was wasted."""

    @extend_schema(
        operation_id="getWaste",
        summary="See what was wasted",
        parameters=[WasteQuery],
        responses={200: OpenApiResponse(WasteView, description="With how each figure is known.")},
        description="Mass, money and CO2e of what was thrown away in a week, month or year, with sources.",
    )
    def get(self, request: Request) -> Response:
        query = WasteQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        member, now = member_of(request)
        found = summary(member=member, period=Period(wanted["period"]), now=now, day=wanted.get("day"))
        return Response(_waste(found, currency=member.currency), headers=NOT_STORED)


class ShoppingList(APIView):
    """What is to be bought."""

    @extend_schema(
        operation_id="getShoppingList",
        summary="See what is to be bought",
        parameters=[
            OpenApiParameter(
                "Accept-Language", str, OpenApiParameter.HEADER, description="The language of names"
            )
        ],
        responses={200: OpenApiResponse(ShoppingListView, description="What was finished last first.")},
        description="What is finished or low, and whether the household often throws it away.",
    )
    def get(self, request: Request) -> Response:
        member, now = member_of(request)
        lines = [_line(line) for line in shopping_list(member=member, now=now)]
        return Response({"lines": lines}, headers=NOT_STORED)

    @extend_schema(
        operation_id="tickShoppingList",
        summary="Tick something off, or put it back",
        request=Ticking,
        responses={200: OpenApiResponse(ShoppingListView, description="The list as it is now.")},
        extensions=openapi.may_raise(NoLongerMember),
        description="Take lines from the list by the items they are about. Again changes nothing.",
    )
    def put(self, request: Request) -> Response:
        body = Ticking(data=request.data)
        body.is_valid(raise_exception=True)
        member, now = member_of(request)
        if body.validated_data["ticked"]:
            tick_off(member=member, item_ids=body.validated_data["itemIds"], now=now)
        else:
            untick(member=member, item_ids=body.validated_data["itemIds"])
        return self.get(request)


def _waste(found: Summary, *, currency: str) -> dict[str, Any]:
    return {
        "period": found.span.period,
        "first": found.span.first,
        "last": found.span.last,
        "days": found.days,
        "currency": currency,
        "total": _sums(found.total),
        "byKind": [_slice(part) for part in found.by_kind],
        "byReason": [_slice(part) for part in found.by_reason],
        "series": [_bar(bar) for bar in found.series],
        "averages": [_average(average) for average in found.averages],
        "co2eSource": _source(found.co2e_source),
        "inedibleSource": _source(found.inedible_source),
    }


def _sums(sums: Sums) -> dict[str, str | None]:
    return {
        "used": _plain(sums.used),
        "wasted": _plain(sums.wasted),
        "given": _plain(sums.given),
        "rate": _known(sums.rate),
        "recorded": _plain(sums.recorded),
        "estimated": _plain(sums.estimated),
        "money": _known(sums.money),
        "massWithoutPrice": _plain(sums.mass_without_price),
        "co2eKg": _plain(sums.co2e),
        "massWithoutCo2e": _plain(sums.mass_without_co2e),
    }


def _slice(part: Slice) -> dict[str, str | None]:
    return {
        "of": part.of,
        "wasted": _plain(part.wasted),
        "share": _plain(part.share),
        "co2eKg": _known(part.co2e),
    }


def _bar(bar: Bar) -> dict[str, Any]:
    return {
        "first": bar.first,
        "last": bar.last,
        "used": _plain(bar.used),
        "wasted": _plain(bar.wasted),
        "given": _plain(bar.given),
    }


def _average(average: Average) -> dict[str, Any]:
    return {
        "area": average.area,
        "wasted": _plain(average.wasted),
        "people": average.people,
        "days": average.days,
        "source": _source(average.source),
    }


def _source(source: Source) -> dict[str, Any]:
    return {"name": source.name, "url": source.url, "year": source.year}


def _line(line: Line) -> dict[str, Any]:
    return {
        "itemIds": line.item_ids,
        "name": line.name,
        "brandName": line.brand_name,
        "gtin": line.gtin,
        "isLow": line.is_low,
        "isOftenWasted": line.is_often_wasted,
        "wastedTimes": line.wasted_times,
        "wastedShare": _known(line.wasted_share),
    }


def _known(number: Decimal | None) -> str | None:
    return None if number is None else _plain(number)


def _plain(number: Decimal) -> str:
    """At most six decimals, without an exponent, and without zeros that say nothing."""
    return f"{round(number, 6).normalize():f}"
