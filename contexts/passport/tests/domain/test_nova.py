"""The NOVA group by the words that tell, and how it stands to what was published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.label import DigitalLabel, Nova
from contexts.passport.domain.nova import Computed, MarkerKind, Missing, NotComputable, computed
from contexts.passport.tests.real_products import real_products


def of(text: str, language: str = "en", *categories: str) -> Computed:
    result = computed(
        label=DigitalLabel(language=language, ingredients={language: runs_of(text)}), categories=categories
    )
    assert isinstance(result, Computed)
    return result


@pytest.mark.parametrize(
    ("language", "text", "marker", "kind"),
    [
        ("en", "Wheat flour, glucose syrup, salt", "glucose syrup", MarkerKind.INGREDIENT),
        ("en", "Milk, sugar, natural flavouring", "natural flavouring", MarkerKind.FLAVOURING),
        ("en", "Water, E 951", "E 951", MarkerKind.ADDITIVE),
        ("de", "Wasser, modifizierte Maisstärke", "modifizierte Maisstärke", MarkerKind.INGREDIENT),
        ("de", "Sahne, Raucharoma", "Raucharoma", MarkerKind.FLAVOURING),
        ("fr", "Lait, sirop de glucose-fructose", "sirop de glucose-fructose", MarkerKind.INGREDIENT),
        ("fr", "Farine, émulsifiant : lécithines", "lécithines", MarkerKind.ADDITIVE),
        ("it", "Farina, grassi idrogenati", "idrogenati", MarkerKind.INGREDIENT),
        ("it", "Latte, aromi", "aromi", MarkerKind.FLAVOURING),
        ("es", "Agua, jarabe de glucosa", "jarabe de glucosa", MarkerKind.INGREDIENT),
        ("es", "Leche, edulcorante: sucralosa", "sucralosa", MarkerKind.ADDITIVE),
        ("es", "Leche, edulcorante", "edulcorante", MarkerKind.ADDITIVE),
    ],
)
def test_what_no_kitchen_has(language: str, text: str, marker: str, kind: MarkerKind) -> None:
    result = of(text, language)
    assert result.group is Nova.ULTRA_PROCESSED
    assert [(marker, kind)] == [(found.words, found.kind) for found in result.markers]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Oats, raisins, hazelnuts", Nova.UNPROCESSED),
        ("Milk, lactic acid cultures", Nova.UNPROCESSED),
        ("Tomatoes, salt", Nova.PROCESSED),
        ("Apples, antioxidant: ascorbic acid", Nova.PROCESSED),
        ("Mango, sulphur dioxide (to preserve flavour)", Nova.PROCESSED),
        ("Beans, water, salt, no artificial flavours", Nova.PROCESSED),
    ],
)
def test_other_groups(text: str, group: Nova) -> None:
    assert of(text).group is group


@pytest.mark.parametrize(
    ("language", "text", "group"),
    [
        ("it", "Farina di FRUMENTO (glutine), acqua, sale", Nova.PROCESSED),
        ("it", "Farina di grano tenero, acqua, sale. Contiene glutine.", Nova.PROCESSED),
        ("it", "Avena. Può contenere tracce di latte e lattosio", Nova.UNPROCESSED),
        ("en", "Oats. Contains milk, gluten", Nova.UNPROCESSED),
        ("de", "Milch (enthält Laktose), Salz", Nova.PROCESSED),
        ("fr", "Tomates, sel. Sans arômes", Nova.PROCESSED),
        ("en", "Wheat flour, gluten, salt", Nova.ULTRA_PROCESSED),
        ("en", "Wheat flour (wheat gluten), salt", Nova.ULTRA_PROCESSED),
        ("de", "Mehl, Laktose", Nova.ULTRA_PROCESSED),
        ("en", "Potatoes, seasoning (lactose, salt)", Nova.ULTRA_PROCESSED),
        ("en", "Oats, maltodextrin. Contains gluten", Nova.ULTRA_PROCESSED),
    ],
)
def test_an_allergen_that_is_only_declared_is_no_ingredient(language: str, text: str, group: Nova) -> None:
    assert of(text, language).group is group


def test_a_culinary_ingredient_is_one_by_its_kind() -> None:
    result = of("Sunflower oil", "en", "en:fats", "en:vegetable-oils")
    assert result.group is Nova.CULINARY_INGREDIENT
    assert [marker.kind for marker in result.markers] == [MarkerKind.CATEGORY]
    assert of("Rapeseed oil, emulsifier: lecithin", "en", "en:fats").group is Nova.ULTRA_PROCESSED


def test_what_the_source_found_is_evidence_too() -> None:
    result = computed(label=DigitalLabel(ingredients={"en": runs_of("Sugar")}, additives=("E471",)))
    assert isinstance(result, Computed)
    assert [(marker.words, marker.number) for marker in result.markers] == [("E471", "E471")]


def test_the_markers_are_of_one_list_that_which_is_read() -> None:
    label = DigitalLabel(
        language="it",
        ingredients={
            "it": runs_of("Pomodori, olio di oliva, sale, Sale, correttore di acidità: acido lattico"),
            "en": runs_of("Tomatoes, olive oil, salt, acidity regulator: lactic acid"),
            "de": runs_of("Tomaten"),
        },
        additives=("E270",),
    )

    def markers(language: str) -> list[tuple[str, str]]:
        result = computed(label=label, language=language)
        assert isinstance(result, Computed)
        return [(marker.words, marker.language) for marker in result.markers]

    assert markers("en") == [("olive oil", "en"), ("salt", "en"), ("lactic acid", "en")]
    italian = [("olio", "it"), ("sale", "it"), ("acido lattico", "it")]
    assert markers("it") == italian
    assert markers("de") == markers("fr") == italian


def test_no_list_or_one_in_an_unknown_language_says_nothing() -> None:
    nothing = NotComputable(reasons=(Missing.INGREDIENTS,))
    assert computed(label=DigitalLabel()) == nothing
    assert computed(label=DigitalLabel(ingredients={"cs": runs_of("Mouka, voda")})) == nothing
    ultra = computed(label=DigitalLabel(ingredients={"cs": runs_of("Mouka, voda, E 471")}))
    assert isinstance(ultra, Computed)


@given(st.text(max_size=60), st.sampled_from(["en", "de", "xx"]))
def test_every_list_has_a_result(text: str, language: str) -> None:
    result = computed(label=DigitalLabel(ingredients={language: runs_of(text)}))
    if isinstance(result, Computed) and result.group is not Nova.UNPROCESSED:
        assert result.markers


_UNREAD = "the source does not read “monosodium glutamate and spices” as the flavour enhancer E621"
#: GTIN: what was published, what we compute, and why they differ.
DISAGREEMENTS = {
    "00005216438517": (3, 4, _UNREAD),
    "00005216438524": (3, 4, _UNREAD),
    "00005216438555": (3, 4, _UNREAD),
    "00008295663801": (1, 3, "the source takes a vinegar with caramel and must for an unprocessed food"),
    "00000000020985": (1, None, "a list in Czech, whose words are not known"),
}


def test_real_products_get_the_group_that_was_published() -> None:
    compared = 0
    different = {}
    for product in real_products():
        published = product.entry.label.nova
        if published is None:
            continue
        compared += 1
        result = computed(label=product.entry.label, categories=product.entry.categories)
        group = result.group if isinstance(result, Computed) else None
        if group is not published:
            different[product.entry.gtin] = (published.value, group and group.value)
    assert different == {gtin: (theirs, ours) for gtin, (theirs, ours, _) in DISAGREEMENTS.items()}
    assert compared >= 135
