"""What each source says of a product, side by side, and what it said before."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

#: An entry had one source: its brand or the demo, or Open Food Facts. Texts that were understood already stay
#: as they were; the next import brings the source's own.
_TO_CONTRIBUTIONS = """
UPDATE catalogue_entry SET
    contributions = jsonb_build_object(
        CASE WHEN is_demo THEN 'demo' WHEN brand_id IS NOT NULL THEN 'brand' ELSE 'open_food_facts' END,
        jsonb_strip_nulls(jsonb_build_object(
            'at', to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'),
            'said', nullif(label, '{}'),
            'sources', nullif(provenance, '[]'),
            'brand_name', nullif(brand_name, ''),
            'brand_id', brand_id,
            'is_demo', nullif(is_demo, false)
        ))
    ),
    card = jsonb_strip_nulls(jsonb_build_object(
        'names', label -> 'names',
        'quantity', label -> 'quantity',
        'picture', label -> 'picture',
        'verified', nullif(provenance <> '[]' AND NOT provenance @> '[{"verified": false}]', false)
    )),
    words = (
        SELECT coalesce(string_agg('''' || word || ''':1A', ' '), '')::tsvector
        FROM (
            SELECT DISTINCT left(word, 60) FROM unnest(string_to_array(search_text, ' ')) AS row (word)
        ) AS each (word)
        WHERE word <> ''
    ) || array_to_tsvector(ARRAY(
        SELECT DISTINCT fact FROM (
            SELECT '/in/' || tag FROM jsonb_array_elements_text(
                coalesce(label -> 'categories', '[]')) AS row (tag)
            UNION ALL SELECT '/has/' || has FROM jsonb_array_elements_text(
                coalesce(label -> 'allergens', '[]') || coalesce(label -> 'traces', '[]')) AS row (has)
            UNION ALL SELECT '/diet/' || diet FROM jsonb_array_elements_text(
                coalesce(label -> 'claims', '[]')) AS row (diet) WHERE diet IN ('vegan', 'vegetarian')
            UNION ALL SELECT '/grade/' || lower(label ->> 'nutri_score') WHERE label ? 'nutri_score'
            UNION ALL SELECT '/known' WHERE label ? 'ingredients'
        ) AS told (fact)
    ))
"""
_TO_WORDS = """
INSERT INTO search_word (word)
SELECT DISTINCT left(word, 60)
FROM catalogue_entry CROSS JOIN unnest(string_to_array(search_text, ' ')) AS row (word)
WHERE word <> ''
"""
_SHARES = {
    "000": models.Q(gtin__endswith="000"),
    "00": models.Q(gtin__endswith="00") & ~models.Q(gtin__endswith="000"),
    "0": models.Q(gtin__endswith="0") & ~models.Q(gtin__endswith="00"),
    "others": ~models.Q(gtin__endswith="0"),
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0007_brand_products")]
    operations: ClassVar = [
        migrations.AddField("catalogueentry", "contributions", models.JSONField(default=dict)),
        migrations.AddField("catalogueentry", "card", models.JSONField(default=dict)),
        migrations.AddField("catalogueentry", "record", models.TextField(blank=True, default="")),
        migrations.AddField("catalogueentry", "record_at", models.DateTimeField(null=True)),
        migrations.AddField("catalogueentry", "words", SearchVectorField(default="")),
        # Django would add an index for LIKE, which the one of trigrams answers.
        migrations.RunSQL(
            "CREATE TABLE search_word (word text PRIMARY KEY)",
            "DROP TABLE search_word",
            state_operations=[
                migrations.CreateModel(
                    name="SearchWord",
                    fields=[("word", models.TextField(primary_key=True, serialize=False))],
                    options={"db_table": "search_word"},
                )
            ],
        ),
        migrations.RunSQL([_TO_CONTRIBUTIONS, _TO_WORDS], migrations.RunSQL.noop),
        migrations.RemoveIndex("catalogueentry", "catalogue_entry_search"),
        migrations.RemoveField("catalogueentry", "label"),
        migrations.RemoveField("catalogueentry", "provenance"),
        migrations.RemoveField("catalogueentry", "search_text"),
        # Of another kind now; what they said of the old contents is in the contributions.
        migrations.RemoveField("catalogueentry", "source_modified"),
        migrations.RemoveField("catalogueentry", "content_digest"),
        migrations.AddField("catalogueentry", "source_modified", models.BigIntegerField(null=True)),
        migrations.AddField("catalogueentry", "content_digest", models.BigIntegerField(null=True)),
        migrations.AlterField("catalogueentry", "source_record", models.TextField(blank=True)),
        *(
            migrations.AddIndex(
                "catalogueentry",
                GinIndex(
                    fields=["words"],
                    condition=share,
                    name=f"catalogue_entry_words_{end}",
                    gin_pending_list_limit=1024,
                ),
            )
            for end, share in _SHARES.items()
        ),
        migrations.AddIndex(
            "searchword",
            GinIndex(fields=["word"], name="search_word_trigrams", opclasses=["gin_trgm_ops"]),
        ),
        migrations.CreateModel(
            name="ContributionChange",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "gtin",
                        "data_version",
                        "origin",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("gtin", models.CharField(max_length=14)),
                ("data_version", models.PositiveIntegerField()),
                ("origin", models.CharField(max_length=32)),
                ("was", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                ("withdrawn", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "contribution_change",
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn", True)),
                        fields=["gtin"],
                        name="contribution_change_withdrawn",
                    )
                ],
            },
        ),
    ]
