"""The real products at hand, as entries: what the measures of this context are taken on."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pyarrow.parquet as pq

from contexts.passport.application.sources.open_food_facts import Record, understood
from contexts.passport.application.sources.record import RecordRefused
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.tests import exports

READ_ON = date(2026, 5, 1)


@dataclass(frozen=True, slots=True)
class RealProduct:
    """A product of the sample: what was published about it, and the entry that we make of it."""

    row: dict[str, Any]
    entry: CatalogueEntry

    @property
    def published_score(self) -> int | None:
        """The score that Open Food Facts worked out under the rules of 2023."""
        score: int | None = self.row["nutriscore_score"]
        return score

    def texts(self) -> Iterator[str]:
        """The lists of ingredients as the source has them."""
        return (text["text"] for text in self.row["ingredients_text"] or () if text["text"])


@cache
def real_products() -> tuple[RealProduct, ...]:
    """All that make an entry."""
    found = []
    for row in pq.read_table(exports.sample()).to_pylist():
        try:
            entry = understood(record_of_row(row), read_on=READ_ON).entry
        except RecordRefused:
            continue
        found.append(RealProduct(row, entry))
    return tuple(found)


def record_of_row(row: dict[str, Any]) -> Record:
    """The record that a row of the Parquet export is."""
    return Record(
        code=row["code"] or "",
        language=row["lang"] or "",
        names=_texts(row, "product_name"),
        generic_names=_texts(row, "generic_name"),
        ingredients=_texts(row, "ingredients_text"),
        storage={},
        instructions={},
        brands=row["brands"] or "",
        allergens=row["allergens_tags"] or (),
        traces=row["traces_tags"] or (),
        labels=row["labels_tags"] or (),
        categories=row["categories_tags"] or (),
        nutrients={
            nutrient["name"]: _single(nutrient["100g"])
            for nutrient in row["nutriments"] or ()
            if nutrient["100g"] is not None
        },
        quantity=row["quantity"] or "",
        quantity_unit=row["product_quantity_unit"] or "",
        nutriscore=row["nutriscore_grade"] or "",
        nova=row["nova_group"],
        eco_score=row["environmental_score_score"],
        eco_data=row["environmental_score_data"],
        origins=row["origins"] or "",
        modified=row["last_modified_t"],
        additives=row.get("additives_tags") or (),
        serving=row.get("serving_size") or "",
        serving_quantity=row.get("serving_quantity"),
        nutriscore_version=row.get("nutriscore_version") or "",
    )


def _single(value: float) -> float:
    """The number as the export's 32 bits hold it."""
    single: float = struct.unpack("f", struct.pack("f", value))[0]
    return single


def _texts(row: dict[str, Any], name: str) -> dict[str, str]:
    texts = {text["lang"]: text["text"] for text in row[name] or () if text["text"]}
    main = texts.pop("main", None)
    return texts if main is None else {row["lang"] or "": main, **texts}
