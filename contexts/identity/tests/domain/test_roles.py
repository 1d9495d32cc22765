"""Of what a provider grants, only our roles mean something."""

from hypothesis import given
from hypothesis import strategies as st

from contexts.identity.domain.roles import Role, known_roles

_ANYTHING = st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text(), max_size=2))


@given(names=st.lists(_ANYTHING), roles=st.sets(st.sampled_from(Role)))
def test_exactly_our_roles_remain(names: list[object], roles: set[Role]) -> None:
    others = [name for name in names if name not in list(Role)]
    assert known_roles([*others, *(role.value for role in roles)]) == roles


def test_a_role_is_its_exact_name() -> None:
    assert known_roles(["Operator", "operator ", "brand-user", "admin"]) == frozenset()
