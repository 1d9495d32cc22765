"""Links that brands register: what the Resolver chooses from."""

from typing import ClassVar, Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models

from packytrace.databases.prepared import PreparedStatement


class Link(models.Model):
    """A typed target of one entity. Everybody may read it; only inside its brand's scope it is written.

    It is about a product of that brand: a foreign key on brand and GTIN, which a migration makes (Django has
    none of two columns), points at `BrandProduct`.
    """

    tenant_scoped: ClassVar = True
    readable_by_all: ClassVar = True

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    """The product that the entity is, or is a pack of."""
    anchor = models.CharField(max_length=400)
    """The entity: path of its Digital Link in canonical form, as `domain.links.anchor_of` gives it."""
    link_type = models.CharField(max_length=200)
    """A link type of the GS1 Web Vocabulary as `gs1:pip`, or an absolute URI."""
    href = models.CharField(max_length=2_048)
    """Target; may have places for what was scanned, as `{lot}`."""
    title = models.CharField(max_length=200)
    hreflang = ArrayField(models.CharField(max_length=35), default=list)
    """Languages (BCP 47) of the target; empty for any."""
    media_type = models.CharField(max_length=100, blank=True)
    context = ArrayField(models.CharField(max_length=100), default=list)
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    is_default = models.BooleanField(default=False)
    """Where a code leads that asks for nothing special; one of each entity at a moment: one with a period
    counts while it lasts, one without before and after."""
    passes_query = models.BooleanField(default=True)
    """Whether the query of the code goes along."""
    version = models.PositiveIntegerField(default=1)
    """Grows by one with every change."""
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "link"
        indexes: ClassVar = [
            models.Index(fields=["anchor"], name="link_by_anchor"),
            models.Index(fields=["brand_id", "gtin"], name="link_by_brand"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["anchor"],
                condition=models.Q(is_default=True, valid_from__isnull=True, valid_to__isnull=True),
                name="link_one_default",
            ),
            # Of those with a period: one without stands beside them.
            ExclusionConstraint(
                expressions=[
                    ("anchor", RangeOperators.EQUAL),
                    (
                        models.Func("valid_from", "valid_to", function="TSTZRANGE"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=models.Q(is_default=True)
                & (models.Q(valid_from__isnull=False) | models.Q(valid_to__isnull=False)),
                name="link_one_default_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(href__startswith="https://") | models.Q(href__startswith="http://"),
                name="link_to_a_website",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="link_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link_type} of {self.anchor}"


#: A code's links and the standing recalls of its product, as one JSON array of two; NULL where it has no
#: links: what stands alone then is our page, which tells of recalls itself. `anchors` is a PostgreSQL array
#: of texts. No order: `choosing.offered` has its own.
#: The array is unpacked where the planner cannot see how many texts it has: a plan for just these would seem
#: cheaper than one for any, be made anew for each code, and take several times as long as reading the links.
LINKS: Final = """
    SELECT json_build_array(
        json_agg(json_build_array(
            id, anchor, link_type, href, title, hreflang, media_type, context, valid_from, valid_to,
            is_default, passes_query
        )),
        ARRAY(
            SELECT json_build_array(lots, serial_from, serial_to, reason)
            FROM recall WHERE gtin = %(gtin)s AND NOT withdrawn
        )
    ) AS found
    FROM link
    WHERE anchor = ANY (ARRAY(SELECT unnest(%(anchors)s::text[])))
    HAVING count(*) > 0
"""

#: What LINKS gives, alone.
FIND_LINKS: Final = PreparedStatement(
    name="find_links", sql="SELECT found::text FROM (<links>) AS registered".replace("<links>", LINKS)
)

#: What there is for a code, in one round trip: whether the catalogue has its product, its name, then what
#: LINKS gives.
READ_LINKS: Final = PreparedStatement(
    name="read_links",
    sql="""
WITH registered AS (<links>)
SELECT json_build_array(entry.gtin IS NOT NULL, entry.name, registered.found)::text
FROM (VALUES (%(gtin)s)) AS asked (gtin)
LEFT JOIN catalogue_entry AS entry ON entry.gtin = asked.gtin
LEFT JOIN registered ON true
""".replace("<links>", LINKS),
)
