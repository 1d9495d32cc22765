"""What a code is answered: the short ways lead where the long one does."""

from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.application.resolving import answering, offers, read
from contexts.passport.domain.choosing import Wish, choose
from contexts.passport.domain.links import Link
from contexts.passport.tests.generated_links import CODE, links, wishes
from contexts.passport.tests.links import NOW

RECALLS = st.sampled_from([[], [[["L"], "", "", "allergen"]], [[["M"], "", "", "allergen"]]])


def row(link: Link) -> list[object]:
    """A link as the database writes it down."""
    return [
        str(link.id),
        link.anchor,
        link.link_type,
        link.href,
        link.title,
        list(link.hreflang),
        link.media_type,
        list(link.context),
        link.valid_from and link.valid_from.isoformat(),
        link.valid_to and link.valid_to.isoformat(),
        link.is_default,
        link.passes_query,
    ]


@given(links, wishes, RECALLS, st.booleans())
def test_what_can_answer_without_a_link_type_answers_as_all_links_do(
    registered: list[Link], wish: Wish, recalls: list[object], known: bool
) -> None:
    found = [[row(link) for link in registered], recalls] if registered else None
    every = read(found, identified=CODE, product_known=known)
    fewer = read(found, identified=CODE, product_known=known, default_alone=wish.link_type is None)
    assert set(fewer.links) <= set(every.links) == set(registered)
    assert answering(fewer, identified=CODE, wish=wish, at=NOW) == choose(
        offers(every, identified=CODE, at=NOW), wish
    )
