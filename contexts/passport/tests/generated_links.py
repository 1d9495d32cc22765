"""Links and wishes as Hypothesis draws them."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from contexts.passport.domain.choosing import Wish, entities
from contexts.passport.domain.digital_link import parse_uri
from contexts.passport.tests.links import ANCHOR, NOW, link

TODAY = date(2026, 5, 1)
CODE = parse_uri(f"https://a.example{ANCHOR}/22/V/10/L/21/S", today=TODAY)

LANGUAGES = ("de", "de-CH", "en", "fr", "pt", "pt-BR")
RANGES = (*LANGUAGES, "de-AT", "*", "zh-Hant-TW", "x")
links = st.lists(
    st.builds(
        replace,
        st.just(link()),
        id=st.uuids(),
        anchor=st.sampled_from([*entities(CODE), "/01/00000000000000"]),
        link_type=st.sampled_from(["gs1:pip", "gs1:traceability", "https://schema.org/url"]),
        href=st.sampled_from(
            ["https://b.example/x", "https://b.example/{lot}/{gtin}", "https://b.example/{235}"]
        ),
        hreflang=st.lists(st.sampled_from(LANGUAGES), unique=True, max_size=2).map(tuple),
        media_type=st.sampled_from(["", "text/html", "application/pdf"]),
        context=st.sampled_from([(), ("DE",), ("hospital", "DE")]),
        valid_from=st.sampled_from([None, NOW, NOW - timedelta(1), NOW + timedelta(1)]),
        valid_to=st.sampled_from([None, NOW, NOW - timedelta(1), NOW + timedelta(1)]),
        is_default=st.booleans(),
        passes_query=st.booleans(),
    ),
    max_size=8,
)
weights = st.sampled_from([0.0, 0.1, 0.8, 1.0])
wishes = st.builds(
    Wish,
    link_type=st.sampled_from([None, "gs1:pip", "gs1:traceability", "gs1:none"]),
    media_types=st.lists(
        st.tuples(st.sampled_from(["text/html", "application/pdf", "text/*", "*/*"]), weights), max_size=3
    ).map(tuple),
    languages=st.lists(st.tuples(st.sampled_from([r.lower() for r in RANGES]), weights), max_size=3).map(
        tuple
    ),
    context=st.sampled_from([None, "de", "hospital", "none"]),
)
