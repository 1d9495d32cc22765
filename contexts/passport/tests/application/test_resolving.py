"""What a code is answered: the short ways lead where the long one does."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from contexts.passport.application.resolving import answering, offers, read
from contexts.passport.domain.choosing import Wish, choose
from contexts.passport.domain.links import Link
from contexts.passport.tests.generated_links import CODE, links, wishes
from contexts.passport.tests.links import NOW, link

#: Links that compete for one code: all of them valid, the first one its default.
COMPETING = links.map(
    lambda found: [
        replace(
            link(),
            id=one.id,
            link_type="gs1:traceability" if number and one.passes_query else "gs1:pip",
            hreflang=one.hreflang,
            media_type=one.media_type,
            context=one.context,
            is_default=not number,
        )
        for number, one in enumerate(found)
    ]
)
WITHOUT_TYPE = wishes.map(lambda wish: replace(wish, link_type=None))
RECALLS = st.sampled_from([[], [[["L"], "", "", "allergen"]], [[["M"], "", "", "allergen"]]])


def row(one: Link) -> list[object]:
    """A link as the database writes it down."""
    return [
        str(one.id),
        one.anchor,
        one.link_type,
        one.href,
        one.title,
        list(one.hreflang),
        one.media_type,
        list(one.context),
        one.valid_from and one.valid_from.isoformat(),
        one.valid_to and one.valid_to.isoformat(),
        one.is_default,
        one.passes_query,
    ]


@example(
    [link(1, is_default=True, hreflang=["en"]), link(2, hreflang=["de"])],
    Wish(languages=(("de", 1.0),)),
    [],
    True,
)
@given(links | COMPETING, WITHOUT_TYPE, RECALLS, st.booleans())
def test_what_can_answer_without_a_link_type_answers_as_all_links_do(
    registered: list[Link], wish: Wish, recalls: list[object], known: bool
) -> None:
    found = [[row(one) for one in registered], recalls] if registered else None
    every = read(found, identified=CODE, product_known=known)
    fewer = read(found, identified=CODE, product_known=known, default_alone=True)
    assert set(fewer.links) <= set(every.links) == set(registered)
    assert answering(fewer, identified=CODE, wish=wish, at=NOW) == choose(
        offers(every, identified=CODE, at=NOW), wish
    )
