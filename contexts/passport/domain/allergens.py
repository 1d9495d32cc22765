"""The fourteen substances that a label must name and emphasise, and the words that labels call them by."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from typing import Final


class Allergen(Enum):
    """A substance of Annex II of Regulation (EU) No 1169/2011, in the annex's order."""

    GLUTEN = "gluten"
    """Cereals containing gluten: wheat, rye, barley, oats and their kinds (point 1)."""
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOYBEANS = "soybeans"
    MILK = "milk"
    """Including lactose (point 7)."""
    NUTS = "nuts"
    """Almonds, hazelnuts, walnuts, cashews, pecans, Brazil nuts, pistachios, macadamias (point 8)."""
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    """Sulphur dioxide and sulphites above 10 mg/kg or 10 mg/l (point 12)."""
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"


ORDER: Final = {allergen: place for place, allergen in enumerate(Allergen)}


def in_order(allergens: Iterable[Allergen]) -> tuple[Allergen, ...]:
    """Each allergen once, in the annex's order."""
    return tuple(sorted(set(allergens), key=ORDER.__getitem__))


#: What labels call the substances in English, German, French, Italian, Spanish and Dutch. Words are matched
#: whole, whatever their case; a longer phrase wins over a shorter one inside it. Left out on purpose: names
#: that are everyday words of another language (Dutch `room`).
_WORDS: Final[Mapping[Allergen, str]] = {
    Allergen.GLUTEN: """
        gluten, wheat, wheat flour, wheatflour, durum, durum wheat, semolina, spelt, rye, rye flour, barley,
        barley malt, malted barley, malted barley flour, barley flour, oat, oats, oatmeal, oat flakes, oat
        flour, bulgur, couscous, kamut, khorasan wheat, emmer, einkorn, triticale, seitan, weizen, weizenmehl,
        weizenvollkornmehl, hartweizen, hartweizengrieß, dinkel, dinkelmehl, dinkelvollkornmehl, roggen,
        roggenmehl, roggenvollkornmehl, roggenvollkornschrot, roggenschrot, gerste, gerstenmalz,
        gerstenmalzextrakt, hafer, haferflocken, haferkleie, weizengluten, weizenstärke, blé, farine de blé,
        épeautre, seigle, orge, malt d'orge, avoine, flocons d'avoine, semoule de blé, grano, frumento, farina
        di frumento, grano duro, semola di grano duro, farro, segale, orzo, avena, glutine, trigo, harina de
        trigo, centeno, cebada, espelta, sémola de trigo, tarwe, tarwebloem, tarwemeel, rogge, gerst,
        gerstemout, haver, spelt
    """,
    Allergen.CRUSTACEANS: """
        crustacean, crustaceans, shrimp, shrimps, prawn, prawns, crab, lobster, crayfish, langoustine, krill,
        krebstiere, garnele, garnelen, krabbe, krabben, hummer, crustacés, crevette, crevettes, crabe, homard,
        crostacei, gambero, gamberi, gamberetti, granchio, crustáceos, gamba, gambas, camarón, camarones,
        schaaldieren, garnaal, garnalen
    """,
    Allergen.EGGS: """
        egg, eggs, egg white, egg whites, egg yolk, egg yolks, whole egg, whole eggs, dried egg, albumen,
        ei, eier, eigelb, eiweiß, eiklar, vollei, hühnerei, hühnereiweiß, volleipulver,
        œuf, œufs, oeuf, oeufs, jaune d'œuf, blanc d'œuf, uovo, uova, tuorlo, tuorlo d'uovo, albume,
        huevo, huevos, yema de huevo, clara de huevo, eieren, eigeel, eiwit
    """,
    Allergen.FISH: """
        fish, anchovy, anchovies, cod, salmon, tuna, herring, mackerel, sardine, sardines, haddock, pollock,
        trout, fisch, lachs, thunfisch, kabeljau, hering, makrele, sardelle, sardellen, sardinen, forelle,
        poisson, poissons, saumon, thon, anchois, cabillaud, pesce, tonno, salmone, acciuga, acciughe,
        merluzzo, pescado, atún, salmón, anchoa, anchoas, bacalao, zalm, tonijn, ansjovis, kabeljauw
    """,
    Allergen.PEANUTS: """
        peanut, peanuts, groundnut, groundnuts, peanut butter, peanut oil, peanut flour,
        erdnuss, erdnüsse, erdnüssen, erdnussbutter, erdnussöl, arachide, arachides, cacahuète, cacahuètes,
        cacahuete, cacahuetes, arachidi, maní, pinda, pinda's, pindakaas
    """,
    Allergen.SOYBEANS: """
        soy, soya, soybean, soybeans, soya bean, soya beans, soybean oil, soy lecithin, soya lecithin, soy
        lecithins, soya lecithins, soy protein, soya protein, soy flour, soya flour, soy sauce, soy milk, soya
        milk, tofu, edamame, tempeh, miso, soja, sojabohne, sojabohnen, sojalecithin, sojalecithine,
        sojaeiweiß, sojasauce, sojaöl, lécithine de soja, lécithines de soja, protéines de soja, soia,
        lecitina di soia, lecitine di soia, lecitina de soja, sojabonen, sojalecithine
    """,
    Allergen.MILK: """
        milk, whole milk, skim milk, skimmed milk, skimmed milk powder, whole milk powder, milk powder,
        milkfat, milk fat, dried skimmed milk, nonfat milk, nonfat dry milk, buttermilk, butter, butterfat,
        butter oil, butteroil, ghee, cream, sour cream, whey, whey powder, lactose, casein, caseinate, sodium
        caseinate, cheese, yoghurt, yogurt, curd, quark, kefir, ricotta, mozzarella, mascarpone, milch,
        vollmilch, magermilch, vollmilchpulver, magermilchpulver, milchpulver, buttermilch, sahne, rahm,
        molke, molkenpulver, süßmolkenpulver, milchzucker, laktose, milcheiweiß, käse, joghurt,
        butterreinfett, lait, lait entier, lait écrémé, lait en poudre, poudre de lait, babeurre, beurre,
        crème, crème fraîche, lactosérum, petit-lait, fromage, yaourt, caséine, caséinates, lactoserum, latte,
        latte intero, latte scremato, latte in polvere, burro, panna, siero di latte, formaggio, lattosio,
        leche, leche entera, leche desnatada, leche en polvo, mantequilla, suero de leche, queso, lactosa,
        yogur, melk, volle melk, magere melk, melkpoeder, boter, weipoeder, kaas, karnemelk
    """,
    Allergen.NUTS: """
        nut, nuts, tree nut, tree nuts, almond, almonds, hazelnut, hazelnuts, walnut, walnuts, cashew,
        cashews, cashew nut, cashew nuts, pecan, pecans, pecan nut, pecan nuts, brazil nut, brazil nuts,
        pistachio, pistachios, pistachio nuts, macadamia, macadamias, macadamia nut, macadamia nuts, marzipan,
        praline, almond milk, almond butter, hazelnut milk, cashew butter, schalenfrüchte, nüsse, mandel,
        mandeln, haselnuss, haselnüsse, haselnüssen, walnuss, walnüsse, cashewkerne, pekannuss, pekannüsse,
        paranuss, paranüsse, pistazie, pistazien, macadamianuss, fruits à coque, amande, amandes, noisette,
        noisettes, noix, noix de cajou, noix de pécan, noix du brésil, pistache, pistaches, frutta a guscio,
        mandorla, mandorle, nocciola, nocciole, noce, noci, anacardi, pistacchi, pistacchio, frutos de
        cáscara, almendra, almendras, avellana, avellanas, nuez, nueces, anacardo, anacardos, pistacho,
        pistachos, noten, amandel, amandelen, hazelnoot, hazelnoten, walnoot, walnoten
    """,
    Allergen.CELERY: """
        celery, celeriac, celery seed, celery seeds, sellerie, knollensellerie, céleri, sedano, apio, selderij
    """,
    Allergen.MUSTARD: """
        mustard, mustard seed, mustard seeds, mustard flour, senf, senfkörner, senfmehl, senfsaat, moutarde,
        graines de moutarde, senape, mostaza, mosterd, mosterdzaad
    """,
    Allergen.SESAME: """
        sesame, sesame seed, sesame seeds, sesame oil, sesame paste, tahini, sesam, sesamsamen, sesamöl,
        sesamsaat, sésame, graines de sésame, sesamo, semi di sesamo, sésamo, sesamzaad
    """,
    Allergen.SULPHITES: """
        sulphite, sulphites, sulfite, sulfites, sulphur dioxide, sulfur dioxide, sodium metabisulphite, sodium
        metabisulfite, potassium metabisulphite, potassium metabisulfite, sodium bisulfite, sodium sulfite,
        schwefeldioxid, sulfit, sulfite, natriummetabisulfit, kaliummetabisulfit, anhydride sulfureux, dioxyde
        de soufre, disulfite de sodium, anidride solforosa, solfiti, metabisolfito di sodio, sulfitos, dióxido
        de azufre, zwaveldioxide, sulfieten, e220, e221, e222, e223, e224, e226, e227, e228
    """,
    Allergen.LUPIN: """
        lupin, lupins, lupine, lupin flour, lupine flour, lupinen, lupinenmehl, lupini, farina di lupini,
        altramuz, altramuces
    """,
    Allergen.MOLLUSCS: """
        mollusc, molluscs, mollusk, mollusks, mussel, mussels, oyster, oysters, clam, clams, scallop,
        scallops, squid, octopus, cuttlefish, snail, snails, weichtiere, muscheln, miesmuscheln, austern,
        tintenfisch, mollusques, moule, moules, huître, huîtres, calamar, molluschi, cozze, vongole, ostriche,
        calamari, moluscos, mejillón, mejillones, almejas, calamares, weekdieren, mosselen, oesters, inktvis
    """,
}

#: Phrases with an allergen's word in them that name something else.
_OTHER_THINGS: Final = """
    cocoa butter, shea butter, coconut milk, coconut cream, coconut butter, oyster mushroom, oyster mushrooms,
    cream of tartar, butter bean, butter beans, water chestnut, coconut yoghurt, coconut yogurt,
    beurre de cacao, beurre de karité, lait de coco, crème de coco, crème de tartre, noix de coco,
    noix de muscade, noce di cocco, noce moscata, burro di cacao, burro di karité, latte di cocco,
    manteca de cacao, leche de coco, nuez moscada, grano saraceno, blé noir, trigo sarraceno,
    rice milk, lait de riz, latte di riso, leche de arroz, gluten free, gluten-free, sans gluten,
    senza glutine, sin gluten, glutenfrei, butter flavour, butter flavor
"""

#: Drinks and spreads that borrow milk's name for another allergen's plant.
_BORROWED_NAMES: Final[Mapping[str, Allergen]] = {
    "oat milk": Allergen.GLUTEN,
    "oat cream": Allergen.GLUTEN,
    "lait d'avoine": Allergen.GLUTEN,
    "lait de soja": Allergen.SOYBEANS,
    "latte di soia": Allergen.SOYBEANS,
    "leche de soja": Allergen.SOYBEANS,
    "lait d'amande": Allergen.NUTS,
    "latte di mandorla": Allergen.NUTS,
    "leche de almendras": Allergen.NUTS,
    "beurre de cacahuète": Allergen.PEANUTS,
    "burro di arachidi": Allergen.PEANUTS,
    "mantequilla de cacahuete": Allergen.PEANUTS,
    "peanut butter": Allergen.PEANUTS,
}


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(",") if phrase.strip()]


_WORD: Final = re.compile(r"\w+")
#: What may stand between the words of one phrase.
_GAP: Final = re.compile("[\\s'\u2019-]{1,3}")

_Phrase = tuple[tuple[str, ...], Allergen | None]


def _by_first_word() -> Mapping[str, list[_Phrase]]:
    meaning: dict[str, Allergen | None] = {
        **{phrase: allergen for allergen, words in _WORDS.items() for phrase in _phrases(words)},
        **_BORROWED_NAMES,
        **dict.fromkeys(_phrases(_OTHER_THINGS)),
    }
    index: dict[str, list[_Phrase]] = {}
    for phrase, allergen in meaning.items():
        words = tuple(_WORD.findall(phrase))
        index.setdefault(words[0], []).append((words, allergen))
    for phrases in index.values():
        phrases.sort(key=lambda phrase: len(phrase[0]), reverse=True)
    return index


_LEXICON: Final = _by_first_word()


def named_in(text: str) -> Iterator[tuple[int, int, Allergen]]:
    """Where the text names allergens: start, end and which one, from left to right and without overlaps."""
    words = [(word[0].lower(), word.start(), word.end()) for word in _WORD.finditer(text)]
    after = 0
    for place, (first, start, _) in enumerate(words):
        if place < after or first not in _LEXICON:
            continue
        for phrase, allergen in _LEXICON[first]:
            last = place + len(phrase)
            if _stands_at(phrase, words[place:last], text):
                after = last
                if allergen is not None:
                    yield start, words[last - 1][2], allergen
                break


def _stands_at(phrase: tuple[str, ...], found: Sequence[tuple[str, int, int]], text: str) -> bool:
    return phrase == tuple(word for word, _, _ in found) and all(
        _GAP.fullmatch(text, end, start) for (_, _, end), (_, start, _) in pairwise(found)
    )
