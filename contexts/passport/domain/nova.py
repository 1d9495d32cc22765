"""The NOVA group of a food, computed from its list of ingredients, with the words that tell.

Source: C. A. Monteiro and others, "Ultra-processed foods: what they are and how to identify them", Public
Health Nutrition 22(5), 2019: ultra-processed is what has at least one ingredient that no kitchen has
(modified starches, hydrogenated fats, protein isolates, syrups of starch ...) or an additive that makes the
product palatable rather than keeps it (flavours, colours, sweeteners, emulsifiers, thickeners ...). Groups 2
and 3 after the same authors: culinary ingredients are those that nobody eats alone; processed is a food with
salt, sugar, oil or another culinary ingredient, or preserved.

NOVA is a classification of processing and not of what is healthy. What is computed here is never shown as if
somebody had published it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from contexts.passport.domain import additives
from contexts.passport.domain.additives import AdditiveClass
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.label import DigitalLabel, Nova
from contexts.passport.domain.lexicon import Lexicon
from contexts.passport.domain.text import folded


class MarkerKind(Enum):
    """What a marker is."""

    ADDITIVE = "additive"
    """One of a class that only ultra-processed foods have."""
    INGREDIENT = "ingredient"
    """A substance that no kitchen has."""
    FLAVOURING = "flavouring"
    CULINARY = "culinary"
    """Salt, sugar, oil and the like, which make of a food a processed one."""
    PRESERVED = "preserved"
    """A preservative or another additive that processed foods have too."""
    CATEGORY = "category"
    """What kind of product it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Marker:
    """A word that tells, as the list has it."""

    kind: MarkerKind
    words: str
    group: Nova
    """The group that it speaks for."""
    number: str | None = None
    """The E number of an additive."""
    purpose: AdditiveClass | None = None
    """What the list says an additive is there for, else what it mostly is."""
    language: str = ""
    """Of the list that has the words; empty for what is no list's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """A group, and all that led to it: without a marker, it is that none was found."""

    group: Nova
    markers: tuple[Marker, ...]


class Missing(Enum):
    """Data without which nothing can be computed."""

    INGREDIENTS = "ingredients"
    """No list of ingredients in a language whose words are known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotComputable:
    """Data is missing."""

    reasons: tuple[Missing, ...]


LANGUAGES: Final = frozenset({"en", "it", "de", "fr", "es"})
"""The languages whose words are known. Of a list in another only additives are found, so that nothing found
says nothing."""

_ULTRA_CLASSES: Final = frozenset({
    AdditiveClass.COLOUR,
    AdditiveClass.EMULSIFIER,
    AdditiveClass.FLAVOUR_ENHANCER,
    AdditiveClass.GLAZING,
    AdditiveClass.SWEETENER,
    AdditiveClass.THICKENER,
    AdditiveClass.GELLING,
    AdditiveClass.BULKING,
    AdditiveClass.MODIFIED_STARCH,
    AdditiveClass.MELTING_SALT,
    AdditiveClass.HUMECTANT,
})  # fmt: skip
#: Of those classes, what a kitchen has too or what only keeps.
_KITCHEN: Final = frozenset({"E170", "E440", "E300"})
#: Of other classes, what only ultra-processed foods have.
_ULTRA_NUMBERS: Final = frozenset({"E900", "E920", "E999", "E1505"})

#: Phrases of the five languages, after the paper's list.
_SUBSTANCES: Final = """
    glucose syrup*, glucose-fructose syrup*, glucose fructose syrup*, fructose syrup*, corn syrup*, high
    fructose corn syrup*, rice syrup*, invert sugar*, inverted sugar*, invert sugar syrup*, dextrose,
    maltodextrin*, fructose, lactose, soluble corn fiber, hydrogenated, interesterified, protein isolate*,
    protein concentrate*, hydrolysed, hydrolyzed, soy protein*, soya protein*, pea protein*, wheat protein*,
    milk protein*, whey protein*, whey powder, dried whey, wheat gluten, gluten, caseinate*, casein,
    modified starch*,
    modified corn starch, modified food starch, modified tapioca starch, mechanically separated, inulin,
    oligofructose, polydextrose, fruit juice concentrate, yeast extract, sciroppo di glucosio*, sciroppo di
    glucosio-fruttosio, sciroppo di fruttosio, sciroppo di mais, zucchero invertito, destrosio, maltodestrin*,
    fruttosio, lattosio, idrogenat*, proteine isolate, proteine di soia, proteine del latte, proteine di
    pisello, proteine del siero, siero di latte in polvere, glutine, caseinat*, amido modificato, amidi
    modificati, inulina, oligofruttosio, estratto di lievito, sciroppo di zucchero invertito, glukosesirup,
    glucosesirup, glukose-fruktose-sirup, glukose-fruktosesirup, fruktosesirup, maissirup, invertzucker*,
    dextrose, traubenzucker, fruktose, laktose, gehärtet*, *hydrolysat, sojaeiweiß*, sojaprotein*,
    milcheiweiß*, molkeneiweiß*, molkenpulver, süßmolkenpulver, erbsenprotein*, erbseneiweiß*, weizeneiweiß,
    weizengluten, weizenprotein, modifizierte stärke, inulin, hefeextrakt, milchzucker, sirop de glucose*,
    sirop de glucose-fructose, sirop de fructose, sirop de maïs, sucre inverti, sirop de sucre inverti,
    hydrogéné*, protéine* de soja, protéine* de lait, protéine* de pois, protéine* de blé, protéine*
    végétale*, isolat de protéine*, lactosérum en poudre, poudre de lactosérum, amidon modifié, amidon*
    modifié*, fécule modifiée, amidon de tapioca modifié, fécule de pomme de terre modifiée, amidon
    transformé, extrait de levure, caséinate*, inuline, oligofructose, sirop d'amidon, jarabe de glucosa*,
    jarabe de glucosa-fructosa, jarabe de fructosa, jarabe de maíz, azúcar invertido, jarabe de azúcar
    invertido, dextrosa, maltodextrina*, fructosa, lactosa, hidrogenad*, proteína* de soja, proteína* de
    leche, proteína* de guisante, proteína* de trigo, aislado de proteína, suero de leche en polvo, suero en
    polvo, almidón modificado, almidones modificados, inulina, oligofructosa, extracto de levadura, caseinato*
"""
_FLAVOURINGS: Final = """
    flavour, flavours, flavouring*, flavor, flavors, flavoring*, vanillin, ethyl vanillin, smoke flavour*,
    artificial flavor*, natural flavor*, natural flavour*, aroma, aromi, aromen, aromi naturali, aroma
    naturale, vanillina, vanilline, vainillina, *aroma, *aromen, arôme*, aromas, aroma natural, raucharoma
"""
_ADDITIVE_CLASSES: Final = """
    emulsifier*, emulgator*, émulsifiant*, emulsionant*, emulsionnant*, emulsionante*, color added, colour*
    added, artificial color*, artificial colour*, colorant*, coloranti, farbstoff*, thickener*,
    verdickungsmittel, épaississant*, addensant*, espesante*, sweetener*, süßungsmittel, édulcorant*,
    edulcorant*, edulcorante*, dolcificant*, flavour enhancer*, flavor enhancer*, geschmacksverstärker,
    exhausteur* de goût, esaltator* di sapidità, potenciador* del sabor, glazing agent*, überzugsmittel,
    agent* d'enrobage, agent* de rivestimento, gelling agent*, geliermittel, gélifiant*, gelificant*,
    gelificante*, stabilizer*, stabiliser*, stabilisator*, stabilisant*, stabilizzant*, estabilizador*,
    estabilizante*, firming agent*, humectant*, feuchthaltemittel
"""
#: Words of substances that say only what is missing.
_NOTHING: Final = """
    no artificial flavor*, to preserve flavo*, no artificial flavour*, without emulsifier*, gluten free,
    gluten-free, glutenfrei, sans gluten, senza glutine, sin gluten, lactose free, laktosefrei, lactose-free,
    sans lactose, senza lattosio, sin lactosa, colouring food*, coloring food*, färbendes lebensmittel,
    denrée* colorante*, alimento colorante, no flavour*, no flavor*, without flavour*, without flavor*, ohne
    aroma*, ohne aromen, sans arôme*, senza aromi, sin aromas, sans colorant*, senza coloranti, sin
    colorantes, ohne farbstoff*, sans édulcorant*, senza edulcoranti, sin edulcorantes, ohne süßungsmittel
"""
#: Substances that labels name, too, to say which allergen is in an ingredient: "wheat flour (gluten)",
#: "Contains lactose". Then the ingredient is still the flour.
_ALSO_ALLERGENS: Final = frozenset(
    ("gluten", "glutine", "lactose", "lattosio", "laktose", "lactosa", "casein", "milchzucker")
)
_DECLARATION: Final = re.compile(
    r"\b(?:contains?|contient|contiennent|contienen?|contengono|contenere|contener|contenir"
    r"|enthält|enthalten|allerg[eèé]n\w*|alérgen\w*|trac[ei]\w*|traza\w*|spuren)\b[^.;\n]*",
    re.IGNORECASE,
)
_CULINARY: Final = """
    salt, sea salt, sugar, cane sugar, cane juice, evaporated cane juice, brown sugar, honey, maple syrup,
    agave syrup, molasses, butter, cream, oil, vegetable oil*, olive oil, sunflower oil, rapeseed oil, soybean
    oil, vinegar, starch, corn starch, lard, sale, sale marino, zucchero, zucchero di canna, miele, burro,
    panna, olio*, aceto, amido, strutto, salz, meersalz, speisesalz, jodsalz, zucker, rohrzucker,
    rohrohrzucker, honig, *sirup, butter, *butter, sahne, öl, *blumenöl, rapsöl, *olivenöl, *pflanzenöl,
    *palmöl, *keimöl, *samenöl, *kokosöl, essig, *essig, stärke, *stärke, schmalz, sel, sel marin, sucre,
    sucre de canne, miel, beurre, crème, huile*, vinaigre, amidon, fécule*, saindoux, sal, sal marina, azúcar,
    azúcar de caña, miel, mantequilla, nata, aceite*, vinagre, almidón, manteca
"""


def _phrases(text: str) -> Iterable[str]:
    return filter(None, (" ".join(phrase.split()) for phrase in text.split(",")))


_ULTRA: Final = Lexicon[MarkerKind](
    [
        *((phrase, MarkerKind.INGREDIENT) for phrase in _phrases(_SUBSTANCES)),
        *((phrase, MarkerKind.FLAVOURING) for phrase in _phrases(_FLAVOURINGS)),
        *((phrase, MarkerKind.ADDITIVE) for phrase in _phrases(_ADDITIVE_CLASSES)),
        *((phrase, None) for phrase in _phrases(_NOTHING)),
        ("modifizierte* stärke", MarkerKind.INGREDIENT),
        ("modifizierte* maisstärke", MarkerKind.INGREDIENT),
        ("modifizierte* kartoffelstärke", MarkerKind.INGREDIENT),
    ]
)
_PROCESSED: Final = Lexicon[MarkerKind]((phrase, MarkerKind.CULINARY) for phrase in _phrases(_CULINARY))

#: What is a culinary ingredient itself, whatever else is in it but what only ultra-processed foods have.
_CULINARY_CATEGORIES: Final = (
    "en:fats",
    "en:vegetable-oils",
    "en:butters",
    "en:salts",
    "en:sugars",
    "en:honeys",
    "en:maple-syrups",
    "en:vinegars",
    "en:starches",
    "en:creams",
)
_PROCESSED_CATEGORIES: Final = (
    "en:cheeses",
    "en:breads",
    "en:canned-foods",
    "en:wines",
    "en:beers",
    "en:ciders",
    "en:hams",
    "en:smoked-fishes",
)


def computed(
    *, label: DigitalLabel, categories: Collection[str] = (), language: str | None = None
) -> Computed | NotComputable:
    """The group of a product; total. Whatever speaks for group 4 decides; then the kind of product; then what
    speaks for group 3.

    All lists decide, whatever language is read; but each says the same in other words. So the markers are of
    one list alone: of that in `language`, else the main one, else another that has any.
    """
    texts = {code: text_of(label.ingredients[code]) for code in _order(label, language)}
    ultra = tuple(_once(_of_one(_ultra_markers, texts, label.additives)))
    if ultra:
        return Computed(group=Nova.ULTRA_PROCESSED, markers=ultra)
    if kind := _category(_CULINARY_CATEGORIES, categories, Nova.CULINARY_INGREDIENT):
        return Computed(group=Nova.CULINARY_INGREDIENT, markers=(kind,))
    if not LANGUAGES & texts.keys():
        return NotComputable(reasons=(Missing.INGREDIENTS,))
    processed = tuple(_once(_of_one(_processed_markers, texts, label.additives)))
    if kind := _category(_PROCESSED_CATEGORIES, categories, Nova.PROCESSED):
        processed = (kind, *processed)
    return Computed(group=Nova.PROCESSED if processed else Nova.UNPROCESSED, markers=processed)


def _order(label: DigitalLabel, language: str | None) -> Iterable[str]:
    """The languages of the lists, that which is read first."""
    wanted = [code for code in (language, label.language) if code and code in label.ingredients]
    return dict.fromkeys((*wanted, *label.ingredients))


def _of_one(
    markers: Callable[[str], Iterable[Marker]], texts: Mapping[str, str], numbers: Iterable[str]
) -> Iterator[Marker]:
    """The markers of the first list that has any, then those of additives that the source has found."""
    for language, text in texts.items():
        if found := [replace(marker, language=language) for marker in markers(text)]:
            yield from found
            break
    for number in numbers:
        # As if a list had it: what an additive speaks for is the same wherever it is read.
        yield from (marker for marker in markers(number) if marker.number)


def _ultra_markers(text: str) -> Iterator[Marker]:
    telling = [found for found in additives.found(text) if _is_ultra(found.additive)]
    # "Emulsifier: lecithin" is one marker: the additive, which says what it is.
    announced = {found.announced_at for found in telling}
    declared = [found.span() for found in _DECLARATION.finditer(text)]
    for start, end, kind in _ULTRA.find(text):
        if start not in announced and not _only_declared(text, start, end, declared):
            yield Marker(kind=kind, words=text[start:end], group=Nova.ULTRA_PROCESSED)
    for found in telling:
        yield _of_additive(found, text, MarkerKind.ADDITIVE, Nova.ULTRA_PROCESSED)


def _only_declared(text: str, start: int, end: int, declared: Iterable[tuple[int, int]]) -> bool:
    """Whether a substance is named for who must not eat it, and not as an ingredient."""
    if folded(text[start:end]) not in _ALSO_ALLERGENS:
        return False
    is_aside = text[:start].rstrip().endswith(("(", "[")) and text[end:].lstrip().startswith((")", "]"))
    return is_aside or any(begin <= start < after for begin, after in declared)


def _processed_markers(text: str) -> Iterator[Marker]:
    for start, end, kind in _PROCESSED.find(text):
        yield Marker(kind=kind, words=text[start:end], group=Nova.PROCESSED)
    for found in additives.found(text):
        yield _of_additive(found, text, MarkerKind.PRESERVED, Nova.PROCESSED)


def _of_additive(found: additives.Found, text: str, kind: MarkerKind, group: Nova) -> Marker:
    return Marker(
        kind=kind,
        words=text[found.start : found.end],
        group=group,
        number=found.number,
        purpose=found.purpose,
    )


def _is_ultra(additive: additives.Additive) -> bool:
    if additive.number in _KITCHEN:
        return False
    return additive.purpose in _ULTRA_CLASSES or additive.number in _ULTRA_NUMBERS


def _category(tags: Iterable[str], categories: Collection[str], group: Nova) -> Marker | None:
    tag = next((tag for tag in tags if tag in categories), None)
    return Marker(kind=MarkerKind.CATEGORY, words=tag, group=group) if tag else None


def _once(markers: Iterable[Marker]) -> Iterator[Marker]:
    """Each word and each additive once."""
    seen: set[str] = set()
    for marker in markers:
        keys = {key for key in (marker.number, marker.words.casefold()) if key}
        if seen.isdisjoint(keys):
            yield marker
        seen |= keys
