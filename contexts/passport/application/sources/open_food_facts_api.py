"""Open Food Facts' API v3: one product, asked for when somebody has scanned it and we do not know it.

Its rules (openfoodfacts.github.io/openfoodfacts-server/api/): 100 product reads a minute, a User-Agent that
names the application and whom to write to. It also allows 10 searches a minute: we search our own catalogue
and never theirs. What is asked tells the GTIN and nothing else; nothing of a person goes along.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from django.conf import settings

from contexts.passport.application.sources.adapter import (
    AnswerRefused,
    Budget,
    Heard,
    Question,
    RemoteSource,
    WrongProduct,
)
from contexts.passport.application.sources.open_food_facts import NAME, understood
from contexts.passport.application.sources.open_food_facts_json import record_of
from contexts.passport.application.sources.open_food_facts_record import record_to_json
from contexts.passport.application.sources.record import RecordRefused
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.section_states import Section

_LANGUAGES: Final = ("en", "it", "de", "fr", "es")
_PER_LANGUAGE: Final = (
    "product_name",
    "generic_name",
    "ingredients_text",
    "ingredients_text_with_allergens",
    "conservation_conditions",
    "preparation",
)
#: What is read of a product: an answer without this list has a hundred times as many bytes.
_FIELDS: Final = (
    "code", "lang", "lc", "brands", "allergens_tags", "traces_tags", "labels_tags", "categories_tags",
    "nutriments", "quantity", "product_quantity_unit", "nutriscore_grade", "nutriscore_version", "nova_group",
    "environmental_score_score", "environmental_score_data", "ecoscore_score", "ecoscore_data", "origins",
    "last_modified_t", "additives_tags", "serving_size", "serving_quantity",
    *_PER_LANGUAGE, *(f"{name}_{language}" for name in _PER_LANGUAGE for language in _LANGUAGES),
)  # fmt: skip
#: GS1's prefix for demonstrations: what has it is no product.
_DEMONSTRATION: Final = "0952"


def _question(gtin: str) -> Question | None:
    if not settings.OPEN_FOOD_FACTS_URL or gtin.startswith(_DEMONSTRATION):
        return None
    query = urlencode({"fields": ",".join(_FIELDS)})
    return Question(
        url=f"{settings.OPEN_FOOD_FACTS_URL}/api/v3/product/{gtin.removeprefix('0')}?{query}",
        headers={"User-Agent": settings.SOURCES_USER_AGENT, "Accept": "application/json"},
    )


def _read(*, gtin: str, status: int, body: bytes, read_on: date) -> Heard | None:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise AnswerRefused("not_json") from None
    if not isinstance(answer, dict):
        raise AnswerRefused("not_json")
    product = answer.get("product")
    if not isinstance(product, dict) or not product:
        if _says_unknown(answer):
            return None
        raise AnswerRefused("no_product")
    if status != 200:
        raise AnswerRefused("not_accepted")
    record = record_of({"code": answer.get("code"), **product})
    try:
        code = gtin14(record.code)
    except CodeRefused:
        raise WrongProduct from None
    if code != gtin:
        raise WrongProduct
    try:
        entry = understood(record, read_on=read_on).entry
    except RecordRefused as refused:
        raise AnswerRefused(refused.refused.code) from refused
    return Heard(
        contribution=Contribution(origin=Origin.OPEN_FOOD_FACTS, entry=entry, record=record_to_json(record))
    )


def _says_unknown(answer: Mapping[str, Any]) -> bool:
    result = answer.get("result")
    return isinstance(result, dict) and result.get("id") == "product_not_found"


SOURCE: Final = RemoteSource(
    name="open_food_facts",
    gives=frozenset({Section.LABEL, Section.ECO}),
    shown_as=NAME,
    question=_question,
    read=_read,
    fresh_for=timedelta(days=7),
    budget=Budget(questions=90, at_once=10),
)
