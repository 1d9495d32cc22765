"""Rows of a producer's file: which column is which value of a label, and what a row says."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from contexts.passport.domain.allergens import Allergen, named_in
from contexts.passport.domain.label import Claim, DateKind
from contexts.passport.domain.label_documents import NUTRIENTS, PLAIN, TEXTS
from contexts.passport.domain.text import cleaned, folded

GTIN: Final = "gtin"
#: Values that a column can be, beside texts by language, which are `names.de` and so on.
PLAIN_TARGETS: Final = (
    GTIN, *PLAIN, "allergens", "traces", "claims", "categories", "dateKind", "nutriScore", "alcohol",
    "nutrition.per", *(f"nutrition.{name}" for name in NUTRIENTS), "portion.amount", "portion.words",
)  # fmt: skip
#: Languages that columns of one file can be in, beside the file's own.
LANGUAGES: Final = ("en", "de", "fr", "it", "es")

_LIST: Final = re.compile(r"[,;|\n]+")
#: What producers call their columns.
_HEADINGS: Final[Mapping[str, str]] = {
    "gtin": "gtin, ean, ean13, ean code, gtin13, gtin14, upc, barcode, strichcode, codice ean",
    "names": "name, product name, produktname, artikelname, bezeichnung, nome, nome prodotto, nom, nombre",
    "genericNames": "generic name, legal name, verkehrsbezeichnung, denominazione, dénomination",
    "ingredients": "ingredients, ingredient list, zutaten, ingredienti, ingrédients, ingredientes",
    "storage": "storage, lagerung, aufbewahrung, conservazione, conservation, conservación",
    "origin": "origin, country of origin, herkunft, ursprung, origine, origen",
    "instructions": "instructions, preparation, zubereitung, preparazione, préparation, preparación",
    "brandName": "brand, brand name, marke, marca, marque",
    "quantity": "quantity, net quantity, net weight, füllmenge, inhalt, quantità, quantité, cantidad",
    "operator": "operator, manufacturer, hersteller, produttore, fabricant, fabricante",
    "allergens": "allergens, contains, allergene, enthält, allergeni, allergènes, alérgenos",
    "traces": "traces, may contain, spuren, kann enthalten, tracce, trazas",
    "claims": "claims, labels",
    "categories": "categories, category, kategorien, kategorie, categorie, categorías, catégories",
    "dateKind": "date kind, kind of date, datumsart",
    "nutriScore": "nutri score, nutriscore",
    "alcohol": "alcohol, alkohol, alcol, alcool",
    "nutrition.per": "per, nutrition per",
    "nutrition.energyKj": "kj, energy kj, energie kj, brennwert kj, énergie kj, energia kj, energía kj",
    "nutrition.energyKcal": "kcal, energy kcal, energie kcal, brennwert kcal, énergie kcal, energia kcal",
    "nutrition.fat": "fat, fett, grassi, matières grasses, lipides, grasas",
    "nutrition.saturates": "saturates, saturated fat, of which saturates, gesättigte fettsäuren,"
    " acidi grassi saturi, acides gras saturés, grasas saturadas",
    "nutrition.carbohydrate": "carbohydrate, carbohydrates, kohlenhydrate, carboidrati, glucides,"
    " hidratos de carbono",
    "nutrition.sugars": "sugars, sugar, of which sugars, zucker, zuccheri, sucres, azúcares",
    "nutrition.fibre": "fibre, fiber, ballaststoffe, fibre alimentari, fibres, fibra",
    "nutrition.protein": "protein, proteins, eiweiß, eiweiss, proteine, protéines, proteínas",
    "nutrition.salt": "salt, salz, sale, sel, sal",
    "portion.amount": "portion, portion size, portionsgröße, serving",
}
_DATES: Final[Mapping[DateKind, Collection[str]]] = {
    DateKind.BEST_BEFORE: (
        "best before", "best_before", "mhd", "mindestens haltbar bis", "dluo", "ddm", "tmc",
        "da consumarsi preferibilmente entro", "a consommer de preference avant", "consumo preferente",
    ),
    DateKind.USE_BY: (
        "use by", "use_by", "zu verbrauchen bis", "dlc", "da consumare entro", "a consommer jusqu au",
        "fecha de caducidad",
    ),
}  # fmt: skip


_OF_ALLERGENS: Final = frozenset({"allergens", "traces"})
#: What a cell about allergens or traces says when there are none.
_NONE: Final = frozenset((
    "none", "no", "-", "keine", "kein", "nein", "nessuno", "nessuna", "nessun", "aucun", "aucune", "non",
    "ninguno", "ninguna",
))  # fmt: skip
#: What it says when nobody says whether there are.
_NOT_SAID: Final = frozenset((
    "?", "not stated", "unknown", "n/a", "nicht angegeben", "keine angabe", "unbekannt", "non indicato",
    "sconosciuto", "non indiqué", "inconnu", "no indicado", "desconocido",
))  # fmt: skip


def targets(language: str) -> tuple[str, ...]:
    """Every value that a column of a file can be, whose packs are in that language first."""
    languages = (language, *(code for code in LANGUAGES if code != language))
    return (*PLAIN_TARGETS, *(f"{text}.{code}" for code in languages for text in TEXTS))


def guessed(headings: Sequence[str], *, language: str) -> dict[str, str]:
    """Which value each heading is, as far as its words tell; each value once."""
    exact = {folded(target): target for target in targets(language)}
    found: dict[str, str] = {}
    for heading in headings:
        words = [word for word in folded(heading).split() if word not in _UNITS]
        spoken = words.pop() if len(words) > 1 and words[-1] in LANGUAGES else language
        target = exact.get(folded(heading)) or _PHRASES.get(" ".join(words), "")
        if target in TEXTS:
            target = f"{target}.{spoken}"
        if target and target not in found.values():
            found[heading] = target
    return found


#: Words of a heading that say nothing of which value it is.
_UNITS: Final = frozenset({"g", "100", "100g", "100ml"})
_PHRASES: Final = {
    folded(phrase): target for target, phrases in _HEADINGS.items() for phrase in phrases.split(",")
}


def document_of_row(
    *,
    headings: Sequence[str],
    cells: Sequence[str],
    mapping: Mapping[str, str],
    language: str,
    blank_is_none: bool,
) -> tuple[str, dict[str, Any]]:
    """The number that a row is about, as it stands there, and the label that it says. Total.

    A file without a column of traces says nothing of them. Where it has one, an empty cell says that the pack
    names none, if in such files it does (`blank_is_none`).
    """
    document: dict[str, Any] = {"language": language}
    gtin = ""
    for heading, cell in zip(headings, cells, strict=False):
        target = mapping.get(heading, "")
        if target == "traces" and not cell and blank_is_none:
            document[target] = []
        if not target or not cell or (target in _OF_ALLERGENS and cleaned(cell).casefold() in _NOT_SAID):
            continue
        if target == GTIN:
            gtin = cell
            continue
        group, _, part = target.partition(".")
        if part:
            document.setdefault(group, {})[part] = _value(target, cell)
        else:
            document[group] = _value(target, cell)
    return "".join(gtin.split()), document


def _value(target: str, cell: str) -> Any:
    if target in _OF_ALLERGENS:
        if cleaned(cell).casefold() in _NONE:
            return []
        return list(dict.fromkeys(code for piece in _pieces(cell) for code in _allergens(piece)))
    if target == "claims":
        known = {folded(claim.value): claim.value for claim in Claim}
        return [known.get(folded(piece), piece) for piece in _pieces(cell)]
    if target == "categories":
        return _pieces(cell)
    if target == "dateKind":
        said = folded(cell)
        return next((kind.value for kind, words in _DATES.items() if said in map(folded, words)), cell)
    if target == "nutriScore":
        return cleaned(cell).upper()
    if target == "nutrition.per":
        return "100 ml" if "ml" in cell.lower() else "100 g" if "g" in cell.lower() else cell
    return cell


def _pieces(cell: str) -> list[str]:
    return [piece for piece in map(cleaned, _LIST.split(cell)) if piece]


def _allergens(piece: str) -> Iterable[str]:
    """The codes of the allergens that a piece names; the piece itself where it names none that we know."""
    if piece.lower() in {allergen.value for allergen in Allergen}:
        return (piece.lower(),)
    found = [allergen.value for _start, _end, allergen in named_in(piece)]
    return found or (piece,)
