"""What operators ask of verdicts and rulesets on the command line."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from contexts.personalization.application import ports
from contexts.personalization.application.ports import Product
from contexts.personalization.domain.label import Allergen, Label
from contexts.personalization.domain.rulesets import FOLDER

GTIN = "04006381333931"


class Catalogue:
    """Knows one product."""

    def product(self, *, gtin: str) -> Product | None:
        label = Label(language="it", ingredients={"it": "latte, sale"}, allergens=frozenset({Allergen.MILK}))
        known = Product(gtin=GTIN, brand_id=None, label=replace(label, verified=True), name="Formaggio")
        return known if gtin == GTIN else None


@pytest.fixture(autouse=True)
def _catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "products", Catalogue)


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "profile.json"
    path.write_text('{"allergens": {"milk": "contains"}}')
    return path


def said(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_verdict_is_explained_with_reason_and_evidence(profile: Path) -> None:
    text = said("verdict", "--gtin", GTIN, "--profile", profile)
    assert "Formaggio" in text
    assert "Avoid  (ruleset 2026.2)" in text
    assert "Contains one of your allergens: milk." in text
    assert "list of ingredients (it), “latte”" in text


def test_a_verdict_as_the_api_tells_it(profile: Path, tmp_path: Path) -> None:
    label = tmp_path / "label.json"
    label.write_text('{"ingredients": {"en": "milk"}}')
    document = json.loads(said("verdict", "--label", label, "--profile", profile, "--json"))
    assert document["outcome"] == "avoid"
    assert document["missing"] == ["verification"]
    assert document["rulesetVersion"] == "2026.2"
    assert [finding["code"] for finding in document["findings"]] == [
        "allergen_only_in_ingredients",
        "label_not_verified",
    ]
    assert document["findings"][0]["evidence"][0]["start"] == 0


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"--gtin": "04006381333900"}, "import_products"),
        ({"--ruleset": "1999"}, "There is no ruleset '1999'. There is: 2026.1, 2026.2"),
        ({"--language": "tlh"}, "There is no language 'tlh'"),
        ({"--profile": "nowhere.json"}, "cannot be read"),
        ({"--profile": __file__}, "is no JSON"),
        ({"--profile": "bad.json"}, "is no health profile. diets: must be of vegan"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    change: dict[str, str], complaint: str, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(profile.parent)
    Path("bad.json").write_text('{"diets": ["carnivore"]}')
    given = {"--gtin": GTIN, "--profile": str(profile), **change}
    with pytest.raises(CommandError) as refused:
        said("verdict", *(part for pair in given.items() for part in pair))
    assert complaint in str(refused.value)


def test_the_list_says_which_is_in_force_and_that_its_golden_cases_are_met() -> None:
    (line,) = [line for line in said("rulesets", "list").splitlines() if "in force" in line]
    version, _meets, met, _of, cases, *_rest = line.split()
    assert version == "2026.2"
    assert int(met) == int(cases) > 20


def test_what_another_ruleset_would_change_is_shown_before_it_is_switched_on(tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    text = (FOLDER / "2026.1.toml").read_text()
    high = "high = { 100g = 10, 100ml = 5 }"
    assert high in text
    draft.write_text(text.replace('"2026.1"', '"draft"').replace(high, "high = { 100g = 60, 100ml = 60 }"))
    compared = said("rulesets", "compare", "2026.1", draft)
    assert "Too much sugar (it)\n  be_careful [goal_not_met] -> good_for_you [no findings]\n" in compared
    assert "change from 2026.1 to draft" in compared
    assert compared.rstrip().endswith("to a better outcome, 0 to a worse one.")
    assert said("rulesets", "compare", "2026.1", "2026.1").startswith("0 of ")


def test_cases_of_the_catalogue_and_broken_files(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    cases = tmp_path / "cases.toml"
    case = '[[cases]]\nname = "{0}"\ngtin = "{0}"\nprofile = "p"\noutcome = "avoid"\nfindings = []\n'
    case += 'language = "it"\nwhy = "w"\n'
    cases.write_text("[profiles.p]\n" + case.format(GTIN) + case.format("1"))
    assert said("rulesets", "compare", "2026.1", "2026.1", "--cases", cases).startswith("0 of 1 ")
    assert "Left out: 1. The catalogue has no 1." in capsys.readouterr().err
    for broken in ("nowhere.toml", __file__):
        with pytest.raises(CommandError):
            said("rulesets", "compare", "2026.1", "2026.1", "--cases", broken)
        with pytest.raises(CommandError):
            said("rulesets", "compare", "2026.1", broken)
