"""A product export of any size, made of real products: `python -m bench.products FILE --products N`.

Each product of the sample comes again and again under a valid GTIN of its own, with a name and a brand of its
own: words by Zipf's law, as in every language, so that to look for one finds few, many or very many.
"""

import argparse
import sys
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq

from tests import parts

#: The columns that an import reads, as the export writes them.
_COLUMNS: Final = (
    "ingredients_text, generic_name, allergens_tags, traces_tags, labels_tags, categories_tags, nutriments,"
    " quantity, product_quantity_unit, nutriscore_grade, nova_group, environmental_score_score,"
    " environmental_score_data, origins, last_modified_t, serving_size, serving_quantity, additives_tags,"
    " lang"
)
_ONSETS: Final = ("b", "br", "c", "d", "f", "fl", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "z")
_VOWELS: Final = ("a", "e", "i", "o", "u", "é", "ö", "ai")
_CODAS: Final = ("", "l", "n", "r", "s", "tt", "x", "nd")
#: Rows of one group of the file, about what the real one has.
_ROW_GROUP: Final = 100_000

#: A place in a list of so many words that the first hold most often: 1/rank, by inversion.
_ZIPF: Final = "1 + CAST(pow({size}, hash(number, {salt}) % 1000003 / 1000003.0) - 1 AS BIGINT)"

_PRODUCTS: Final = f"""
SELECT
    body || ((10 - list_sum(list_transform(range(1, 13), lambda place:
        CAST(body[place] AS INTEGER) * (CASE WHEN place % 2 = 0 THEN 3 ELSE 1 END))) % 10) % 10) AS code,
    list_transform(product_name, lambda name: {{'lang': name.lang, 'text': concat_ws(
        ' ', first.word, name.text, CASE WHEN number % 3 = 0 THEN last.word END)}}) AS product_name,
    CASE WHEN number % 5 = 0 THEN brands ELSE brand.word END AS brands,
    {_COLUMNS}
FROM (
    SELECT number, '4' || lpad(CAST(number * 7 AS VARCHAR), 11, '0') AS body,
        1 + number % (SELECT count(*) FROM sample) AS nth, {_ZIPF.format(size=60_000, salt=1)} AS first_place,
        {_ZIPF.format(size=60_000, salt=2)} AS last_place, {_ZIPF.format(size=200_000, salt=3)} AS brand_place
    FROM range($first, $last) AS numbers (number)
) JOIN sample USING (nth)
JOIN words AS first ON first.place = first_place JOIN words AS last ON last.place = last_place
JOIN brand_words AS brand ON brand.place = brand_place
ORDER BY number
"""


def write(path: Path, *, products: int, sample: Path | None = None) -> Path:
    """Write the export; the same products each time. Needs the real sample beside the project."""
    sample = sample or parts.shared("data", "openfoodfacts-sample.parquet")
    with duckdb.connect() as connection, ExitStack() as stack:
        connection.execute("SET threads = 2; SET memory_limit = '2GB'; SET enable_progress_bar = false")
        connection.execute(
            "CREATE TABLE sample AS SELECT row_number() OVER () AS nth, * FROM read_parquet($path)",
            {"path": str(sample)},
        )
        words, brands = _words(60_000), _words(200_000)
        _keep_words(connection, "words", words)
        _keep_words(
            connection,
            "brand_words",
            [f"{brand} {words[n * 7 % len(words)]}".title() for n, brand in enumerate(brands)],
        )
        writer = None
        for first in range(0, products, _ROW_GROUP):
            table = connection.sql(
                _PRODUCTS, params={"first": first, "last": min(products, first + _ROW_GROUP)}
            ).to_arrow_table()
            writer = writer or stack.enter_context(
                pq.ParquetWriter(path, table.schema, compression="zstd", use_dictionary=False)
            )
            writer.write_table(table)
    return path


def _keep_words(connection: duckdb.DuckDBPyConnection, name: str, words: list[str]) -> None:
    connection.execute(
        f"CREATE TABLE {name} AS SELECT unnest($words::VARCHAR[]) AS word, unnest(range(1, $after)) AS place",
        {"words": words, "after": len(words) + 1},
    )


def _words(count: int) -> list[str]:
    """Words that can be said and are no real ones but by chance, each once."""
    syllables = ["".join(parts) for parts in product(_ONSETS, _VOWELS, _CODAS)]
    size = len(syllables)
    # The multipliers have no factor in common with the number of syllables, so that all pairs differ.
    return [
        syllables[n % size]
        + syllables[(n * 7 + n // size) % size]
        + (syllables[n // size % size] if n >= size else "")
        for n in range(count)
    ]


def main() -> None:
    """Make one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--products", type=int, default=4_000_000)
    options = parser.parse_args()
    write(options.file, products=options.products)
    sys.stdout.write(f"{options.file}: {options.products:,} products\n")


if __name__ == "__main__":
    main()
