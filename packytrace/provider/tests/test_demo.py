"""The people of the demonstration."""

import re

from packytrace.provider.demo import DEMO_PEOPLE


def test_every_role_and_every_demo_brand_has_somebody() -> None:
    assert {person.role for person in DEMO_PEOPLE} == {"consumer", "brand_user", "operator"}
    assert [p.brand for p in DEMO_PEOPLE if p.role == "brand_user"] == ["alpenhof", "campo-vivo", "nordkorn"]
    assert all(person.brand is None for person in DEMO_PEOPLE if person.role != "brand_user")


def test_passwords_can_be_typed_and_are_of_this_installation() -> None:
    here = [person.password(secret="one installation") for person in DEMO_PEOPLE]
    there = [person.password(secret="another") for person in DEMO_PEOPLE]
    assert len({*here, *there}) == 2 * len(DEMO_PEOPLE)
    assert all(re.fullmatch(r"([a-z]{4}-){3}[a-z]{4}", password) for password in here)
    assert here == [person.password(secret="one installation") for person in DEMO_PEOPLE]


def test_subjects_are_fixed() -> None:
    assert len({person.subject for person in DEMO_PEOPLE}) == len(DEMO_PEOPLE)
    assert str(DEMO_PEOPLE[0].subject) == "4180eee7-1794-53e0-b0ab-e5b1134d6edd"
