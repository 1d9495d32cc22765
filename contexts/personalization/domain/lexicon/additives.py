"""Additives that their E number tells apart: Annex II, Part B, of Regulation (EC) No 1333/2008."""

from collections.abc import Mapping
from typing import Final

from contexts.personalization.domain.lexicon.words import folded_words
from contexts.personalization.domain.substances import Substance

_NUMBERS: Final[Mapping[Substance, str]] = {
    Substance.CARMINE: "120",
    Substance.GELATINE: "441",
    Substance.ANIMAL_BODY: "542",
    Substance.BEESWAX: "901",
    Substance.SHELLAC: "904",
    Substance.ANIMAL: "913 920 921 966",
    Substance.EGGS: "1105",
    Substance.SULPHITES: "220 221 222 223 224 225 226 227 228",
    Substance.SORBITOL: "420",
    Substance.ALCOHOL: "1510",
    Substance.HISTAMINE_LIBERATING: "620 621 622 623 624 625",
    Substance.UNCERTAIN_ORIGIN: """
        304 422 430 431 432 433 434 435 436 470 471 472 473 474 475 476 477 479 481 482 483 491 492 493 494
        495 570 572 627 631 635 640 1517 1518
    """,
}

#: What a number names, without its "E" and letters: "471", "472".
ADDITIVES: Final[Mapping[str, tuple[Substance, ...]]] = {
    number: (substance,) for substance, numbers in _NUMBERS.items() for number in numbers.split()
}

#: After "e 120" these make it an amount: "e" is a word in Italian and in Spanish.
UNITS: Final = frozenset(
    ["g", "gr", "grammi", "kg", "mg", "ml", "cl", "dl", "l", "kcal", "kj", "cal", "mm", "cm"]
)

#: What additives are for: after these a number is one without its "E" too.
FUNCTIONS: Final = frozenset(
    folded_words("""
        preservative preservatives antioxidant antioxidants colour colours color colors colouring coloring
        emulsifier emulsifiers stabiliser stabilisers stabilizer stabilizers thickener thickeners sweetener
        sweeteners humectant humectants enhancer enhancers raising glazing agent agents additive additives ins
        conservante conservanti antiossidante antiossidanti colorante coloranti emulsionante emulsionanti
        stabilizzante stabilizzanti addensante addensanti edulcorante edulcoranti esaltatore esaltatori
        additivo additivi rivestimento konservierungsstoff konservierungsstoffe konservierungsmittel
        antioxidationsmittel farbstoff farbstoffe emulgator emulgatoren stabilisator stabilisatoren
        verdickungsmittel süßungsmittel geschmacksverstärker überzugsmittel zusatzstoff zusatzstoffe
        feuchthaltemittel conservateur conservateurs antioxydant antioxydants colorant colorants émulsifiant
        émulsifiants stabilisant stabilisants épaississant épaississants édulcorant édulcorants exhausteur
        humectants additif additifs enrobage conservantes conservador conservadores antioxidante antioxidantes
        colorantes emulgente emulgentes estabilizante estabilizantes espesante espesantes edulcorantes
        potenciador aditivo aditivos recubrimiento
    """)
)
