"""What sources answered, how they are, and where lots of a product have been."""

from typing import ClassVar

from django.db import models

from packytrace.databases.privileges import Privileges


class LotJourney(models.Model):
    """Where one lot of a product has been, as one origin tells it. Everybody may read it; only inside its
    brand's scope it is written."""

    tenant_scoped: ClassVar = True
    readable_by_all: ClassVar = True

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    lot = models.CharField(max_length=20, blank=True)
    """Empty for what is true of every lot of which nothing else is told."""
    steps = models.JSONField(default=list)
    """The steps in their order, as `models.label_json.journey_to_json` writes them."""
    origin = models.CharField(max_length=32)
    """Who tells it: a value of `domain.precedence.Origin`, or `journey_feed`."""
    said_by = models.CharField(max_length=200, blank=True)
    """What the brand was called when it told it; empty for a feed."""
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "lot_journey"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gtin", "lot", "origin"], name="lot_journey_once")
        ]

    def __str__(self) -> str:
        return f"Journey of {self.gtin} lot {self.lot or 'any'} by {self.origin}"


class LotJourneyChange(models.Model):
    """What somebody told of one lot at one time, all steps of it. Stays, so that it can be told again.

    Everybody may read it: it was said to everybody.
    """

    privileges = Privileges.APPEND_ONLY
    tenant_scoped: ClassVar = True
    readable_by_all: ClassVar = True

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    lot = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=32)
    said_by = models.CharField(max_length=200, blank=True)
    author = models.UUIDField(null=True)
    """Which person of the brand told it, by the reference in `link_author`."""
    at = models.DateTimeField()
    steps = models.JSONField(default=list)
    """As in `lot_journey`; none where nothing was told any more from then on."""
    data_version = models.PositiveIntegerField(null=True)
    """The version of the catalogue entry that it made; null while there was no entry."""

    class Meta:
        db_table = "lot_journey_change"
        indexes: ClassVar = [models.Index(fields=["gtin", "lot", "-at"], name="lot_journey_change_newest")]

    def __str__(self) -> str:
        return f"Journey of {self.gtin} lot {self.lot or 'any'} from {self.at}"


class SourceAnswer(models.Model):
    """The last answer of one source about one product; also its place among the questions that wait."""

    pk = models.CompositePrimaryKey("source", "gtin")
    source = models.CharField(max_length=32)
    gtin = models.CharField(max_length=14)
    known = models.BooleanField(default=False)
    """Whether it knew the product when it last answered: what it said is in the catalogue or the journeys."""
    etag = models.CharField(max_length=200, blank=True)
    fetched_at = models.DateTimeField(null=True)
    """When it last answered, if only to say that nothing has changed; null if it never did."""
    fresh_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    """How often it has failed since it last answered."""
    failure = models.CharField(max_length=32, blank=True)
    """Code of the last of these failures."""
    not_before = models.DateTimeField(null=True)
    """After a failure: when it may be asked again."""
    wanted_at = models.DateTimeField(null=True)
    """Since when somebody waits for an answer; null where nobody does."""
    taken_at = models.DateTimeField(null=True)
    """When a worker went to ask it; one that was killed has not come back."""
    version = models.PositiveIntegerField(default=1)
    """Grows with every change that a page shows."""

    class Meta:
        db_table = "source_answer"
        indexes: ClassVar = [
            models.Index(
                fields=["source", "wanted_at"],
                condition=models.Q(wanted_at__isnull=False),
                name="source_answer_wanted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} on {self.gtin}"


class SourceState(models.Model):
    """How a source is, for all processes together."""

    source = models.CharField(primary_key=True, max_length=32)
    next_at = models.DateTimeField(null=True)
    """When its budget of questions would be whole again."""
    blocked_until = models.DateTimeField(null=True)
    """Until when it has asked to be left alone."""
    breaker = models.CharField(max_length=10, default="closed")
    """State of its circuit breaker: `closed`, `open` or `half-open`."""
    failures = models.PositiveIntegerField(default=0)
    successes = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "source_state"

    def __str__(self) -> str:
        return f"{self.source}: {self.breaker}"


class JourneyEvent(models.Model):
    """What an EPCIS event says of one lot; also that an event was declared wrong."""

    pk = models.CompositePrimaryKey("event_id", "gtin", "lot")
    event_id = models.CharField(max_length=500)
    gtin = models.CharField(max_length=14, blank=True)
    """Empty where the row says that the event was declared wrong, whatever it was about."""
    lot = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    place = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField()
    day = models.DateField(null=True)
    """The day of the place where it happened."""
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        db_table = "journey_event"
        indexes: ClassVar = [models.Index(fields=["gtin", "lot", "happened_at"], name="journey_event_of_lot")]

    def __str__(self) -> str:
        return f"Event {self.event_id}"


class LifeCycleFood(models.Model):
    """A food of the Agribalyse database: what a kilogram of it costs the environment."""

    code = models.CharField(primary_key=True, max_length=16)
    """Agribalyse's code (the Ciqual code of the food)."""
    name = models.CharField(max_length=300)
    """In English."""
    single_score = models.DecimalField(max_digits=12, decimal_places=6)
    """EF 3.0 single score in millipoints per kilogram."""
    co2 = models.DecimalField(max_digits=12, decimal_places=6)
    """Kilograms of CO2 equivalents per kilogram."""
    quality = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    """Data quality ratio, 1 the best, 5 the worst."""
    edition = models.CharField(max_length=32)

    class Meta:
        db_table = "life_cycle_food"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
