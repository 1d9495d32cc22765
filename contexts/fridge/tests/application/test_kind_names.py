"""The names of the kinds of food."""

from contexts.fridge.application.kind_names import KIND_NAMES
from contexts.fridge.domain.storage_guidance import guidance


def test_the_translators_get_every_name_of_the_storage_guidance() -> None:
    assert list(KIND_NAMES) == [row.name for row in guidance().rows.values()]
    assert len(set(KIND_NAMES)) == len(KIND_NAMES)
