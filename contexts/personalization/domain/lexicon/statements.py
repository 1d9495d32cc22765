"""The words that begin a statement about what a food is free from, may hold, or contains."""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Way(Enum):
    """How a statement speaks of what it names."""

    WITHOUT = "without"
    """The next few words are not in the food."""
    FREE_FROM = "free_from"
    """The same of a whole list where it begins a sentence."""
    PERHAPS = "perhaps"
    """A precautionary statement."""
    CONTAINS = "contains"


STATEMENTS: Final[Mapping[Way, str]] = {
    Way.WITHOUT: """
        without, no, not from, senza, ohne, sans, sin, zero, keine, kein, pas de, senz, nessun, ningun,
        aucun
    """,
    Way.FREE_FROM: """
        free from, free of, contains no, contain no, contains neither, does not contain, do not contain,
        not contain, contains none of, frei von, enthält kein, enthält keine, enthält keinen, enthält
        weder, enthält nicht, ne contient pas, ne contient ni, ne contient aucun, exempt de, exempte de,
        exempt d, exempts de, privo di, priva di, privi di, non contiene, non contengono, no contiene, no
        contienen, libre de, exento de, exenta de, ne contiennent pas
    """,
    Way.PERHAPS: """
        in einem betrieb, in unserem betrieb, may contain, may also contain, may contains, might contain,
        could contain, can contain, may be present, may have traces, may include, traces of, trace of,
        traces, trace amounts, facility that, facility which, facility where, facility with, facility
        also, facility handling, facility processing, factory that, factory which, factory where, factory
        handling, factory also, plant that, plant which, plant where, kitchen that, bakery that,
        environment that, environment where, site that, site which, site where, equipment that, equipment
        which, shared equipment, same equipment, equipment used, equipment as, same line as, line that,
        lines that, line which, facilities that, not suitable for, factory using, facility using, premises
        that, area that, kann spuren, kann auch, können spuren, spuren von, spuren, kann geringe, betrieb
        der, betrieb in dem, betrieb verarbeitet, betrieb werden, selben betrieb, gleichen betrieb,
        produktionsstätte, anlage auf der, anlagen auf denen, nicht geeignet für, möglicherweise, peut
        contenir, peuvent contenir, pourrait contenir, pourraient contenir, peut également contenir, peut
        aussi contenir, susceptible de contenir, susceptibles de contenir, traces éventuelles, trace
        éventuelle, traces possibles, présence éventuelle, présence possible, contient éventuellement,
        éventuellement, atelier qui, atelier utilisant, atelier où, atelier manipulant, usine qui, usine
        utilisant, usine où, site qui, ligne qui, ne convient pas, trace de, può contenere, puo contenere,
        possono contenere, potrebbe contenere, può anche contenere, può contenere anche, tracce, traccia
        di, eventuali tracce, possibile presenza, eventuale presenza, stabilimento che, stabilimento in
        cui, stabilimento dove, stabilimento nel quale, laboratorio che, laboratorio in cui, laboratorio
        dove, linea che, linee che, impianto che, non adatto, puede contener, pueden contener, podría
        contener, podrían contener, puede también contener, puede contener también, trazas, traza de,
        posibles trazas, instalación que, instalación donde, instalaciones que, instalaciones donde,
        instalaciones en las que, fábrica que, fábrica donde, planta que, planta donde, línea que, obrador
        que, obrador donde, no apto
    """,
    Way.CONTAINS: """
        contains, contain, contient, contiennent, contiene, contengono, contienen, enthält, ingredients,
        ingredienti, ingrédients, ingredientes, zutaten, containing less than
    """,
}

SMALL_WORDS: Final = """
    a added addition aggiunta ajout ajouté añadida añadido añadidos any artificial au aux d da das de
    degli dei del della dem den der des di du el en gli i il in jeglichen keine keinen l la las le les lo
    los of or s source sources the trace traces tracce trazas spuren un una van von zusatz zusätze
    zugesetzten zugesetzte zugesetzter
"""
"""Words that stand between "without" and what is not there."""
