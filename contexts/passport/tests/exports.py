"""Exports of Open Food Facts for tests: small ones made here, and real products where they are at hand."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from contexts.passport.domain.gtin import check_digit
from tests import parts

_TEXTS: Final = pa.list_(pa.struct([("lang", pa.string()), ("text", pa.string())]))
_TAGS: Final = pa.list_(pa.string())
SCHEMA: Final = pa.schema([
    ("code", pa.string()),
    ("lang", pa.string()),
    ("product_name", _TEXTS),
    ("generic_name", _TEXTS),
    ("ingredients_text", _TEXTS),
    ("brands", pa.string()),
    ("allergens_tags", _TAGS),
    ("traces_tags", _TAGS),
    ("labels_tags", _TAGS),
    ("categories_tags", _TAGS),
    (
        "nutriments",
        pa.list_(pa.struct([("name", pa.string()), ("100g", pa.float32()), ("unit", pa.string())])),
    ),
    ("quantity", pa.string()),
    ("product_quantity_unit", pa.string()),
    ("nutriscore_grade", pa.string()),
    ("nova_group", pa.int32()),
    ("environmental_score_score", pa.int32()),
    ("environmental_score_data", pa.string()),
    ("origins", pa.string()),
    ("last_modified_t", pa.int64()),
])  # fmt: skip
MODIFIED: Final = 1_760_000_000


def sample() -> Path:
    """167 real products; a test that needs them is skipped where they are not, and fails under CI."""
    return parts.shared("data", "openfoodfacts-sample.parquet")


def code(number: int) -> str:
    """A GTIN-13 with a right check digit, another one for each number."""
    digits = f"40{number:010d}"
    return digits + check_digit(digits)


def product(number: int = 1, /, **changed: Any) -> dict[str, Any]:
    """A product's row, complete and unremarkable but for what is `changed`."""
    return {
        "code": code(number),
        "lang": "en",
        "product_name": texts(en=f"Oat biscuits {number}"),
        "generic_name": [],
        "ingredients_text": texts(
            en='<span class="allergen">Oats</span>, sugar, <span class="allergen">milk</span>'
        ),
        "brands": "Mill & Sons, Mill",
        "allergens_tags": ["en:gluten", "en:milk"],
        "traces_tags": ["en:nuts"],
        "labels_tags": ["en:organic", "en:green-dot", "en:vegetarian"],
        "categories_tags": ["en:snacks", "en:biscuits", "en:oat-biscuits"],
        "nutriments": nutriments(**{"energy-kj": 1900.5, "fat": 18.2, "salt": 0.22}),
        "quantity": "200 g",
        "product_quantity_unit": "g",
        "nutriscore_grade": "d",
        "nova_group": 4,
        "environmental_score_score": None,
        "environmental_score_data": None,
        "origins": "France",
        "last_modified_t": MODIFIED,
        **changed,
    }


def texts(**by_language: str) -> list[dict[str, str]]:
    """Texts as the Parquet export holds them."""
    return [{"lang": language, "text": text} for language, text in by_language.items()]


def nutriments(**per_100: float) -> list[dict[str, Any]]:
    """Nutrients as the Parquet export holds them."""
    return [{"name": name, "100g": value, "unit": "mg"} for name, value in per_100.items()]


def parquet(path: Path, rows: Sequence[dict[str, Any]], *, row_group: int = 1000) -> Path:
    """Write a Parquet export."""
    pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), path, row_group_size=row_group)
    return path


def json_lines(path: Path, lines: Sequence[dict[str, Any] | bytes], *, compressed: bool = False) -> Path:
    """Write a JSON Lines export; bytes are a line as it is."""
    content = b"".join((line if isinstance(line, bytes) else orjson.dumps(line)) + b"\n" for line in lines)
    path.write_bytes(gzip.compress(content) if compressed else content)
    return path


def json_product(number: int = 1, /, **changed: Any) -> dict[str, Any]:
    """The product of `product` as a line of the database's dump."""
    return {
        "code": code(number),
        "lang": "en",
        "product_name": f"Oat biscuits {number}",
        "product_name_en": f"Oat biscuits {number}",
        "ingredients_text": "Oats, sugar, milk",
        "ingredients_text_en": "Oats, sugar, milk",
        "ingredients_text_with_allergens_en": '<span class="allergen">Oats</span>, sugar,'
        ' <span class="allergen">milk</span>',
        "brands": "Mill & Sons, Mill",
        "allergens_tags": ["en:gluten", "en:milk"],
        "traces_tags": ["en:nuts"],
        "labels_tags": ["en:organic", "en:green-dot", "en:vegetarian"],
        "categories_tags": ["en:snacks", "en:biscuits", "en:oat-biscuits"],
        "nutriments": {"energy-kj_100g": 1900.5, "fat_100g": "18.2", "salt_100g": 0.22, "salt_unit": "mg"},
        "quantity": "200 g",
        "product_quantity_unit": "g",
        "nutriscore_grade": "d",
        "nova_group": 4,
        "origins": "France",
        "last_modified_t": MODIFIED,
        **changed,
    }
