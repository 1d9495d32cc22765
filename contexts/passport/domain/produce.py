"""What of a list of ingredients is fruit, vegetable or legume as the Nutri-Score counts them, and what is red
meat.

Source: Santé publique France, Nutri-Score frequently asked questions, 2023: fruits, vegetables and legumes of
the groups 8.10 to 8.60 and 7.10 of the Eurocode 2 list; not tubers such as potatoes, not nuts, not dried
powders, flours, sweetened or concentrated juices used as sugar. Of oils none is counted but that of olives
and avocados. Red meat is that of cattle, pigs, sheep, goats, horses and game.

Words are those of English, German, French, Italian and Spanish. A word that is not known counts for nothing,
so that a share is never too large.
"""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Final

from contexts.passport.domain.lexicon import Lexicon
from contexts.passport.domain.quantities import Stated, stated

#: Words of fruits, vegetables and legumes.
_FRUITS: Final = """
    tomat*, pomodor*, passata, apfel*, äpfel, apple, apples, pomme, pommes, mela, mele, manzana*, birne*,
    pear, pears, poire*, pera, pere, pfirsich*, peach*, pêche*, pesca, pesche, melocot*, aprikos*, apricot*,
    abricot*, albicocc*, albaricoqu*, pflaume*, plum, plums, prune*, prugn*, ciruel*, cherr*, kirsch*,
    sauerkirsch*, cerise*, cilieg*, cerez*, strawberr*, erdbeer*, fraise*, fragol*, fresa*, raspberr*,
    himbeer*, framboise*, lampon*, frambuesa*, blueberr*, heidelbeer*, myrtille*, mirtill*, arándano*,
    blackberr*, brombeer*, cranberr*, preiselbeer*, *johannisbeer*, currant*, blackcurrant*, cassis, ribes,
    grosell*, gooseberr*, grapefruit*, pamplemousse*, pompelm*, pomelo*, grape, grapes, raisin*, traube*,
    weintraube*, uva, uvas, uvett*, lemon*, zitrone*, citron, citrons, limone*, limón, lime, limes, orange,
    oranges, orangen*, aranci*, naranj*, mandarin*, clementin*, klementin*, ananas*, pineapple*, piña*,
    mango*, papaya*, banan*, plátano*, melone*, melón, watermelon*, wassermelone*, anguria, pastèque*, sandía,
    kiwi*, granatapfel*, pomegranat*, grenade*, melagran*, granada, rhabarber*, rhubarb*, quitte*, quince*,
    feige*, fig, figs, figue*, fico, fichi, date, dates, higo*, dattel*, datte*, dátil*, avocado*, avocat*,
    aguacate*, passionsfrucht*, maracuj*, passion fruit*, guave*, guava*, guayaba, goyave*, litchi*, lychee*,
    kaki*, cachi, karott*, carrot*, carott*, carot*, zanahoria*, möhre*, zwiebel*, onion*, oignon*, cipoll*,
    cebolla*, lauch*, leek*, poireau*, porr*, puerro*, knoblauch*, garlic, ail, aglio, ajo, spinat*, spinach,
    épinard*, spinac*, espinaca*, brokkol*, broccol*, brocol*, brócol*, blumenkohl*, cauliflower*, chou,
    choux, chou-fleur, cavol*, coliflor*, *kohl, cabbage*, repollo, kale*, sauerkraut, choucroute, zucchin*,
    courgett*, calabac*, aubergin*, melanzan*, berenjen*, paprika, pepper, peppers, bell pepper*, poivron*,
    peperon*, pimiento*, gurke*, cucumber*, concombr*, cornichon*, cetriol*, pepin*, kürbis*, pumpkin*,
    squash*, citrouille*, potiron*, zucca, calabaza*, *sellerie, celery, celeriac, céleri*, sedano, apio,
    fenchel*, fennel*, fenouil*, finocch*, hinojo, spargel*, asparag*, asperg*, espárrag*, artischock*,
    artichoke*, artichaut*, carciof*, alcachof*, rote bete, rote beete, beetroot*, betterave*, barbabietol*,
    remolach*, radies*, radish*, ravanell*, rettich*, kopfsalat*, lettuce*, romaine, laitue*, lattug*,
    lechuga*, rucola, rocket, mangold*, chard, bietol*, acelga*, *pilze, *pilz, champignon*, mushroom*,
    fungh*, setas, olive, olives, oliven, aceitunas, oliva, kichererbse*, chickpea*, chick peas, garbanzo*,
    pois, pois chiches, ceci, linsen, lentil*, lenteja*, lenticch*, *bohnen, bean, beans, haricot*, fagiol*,
    frijol*, alubia*, judía*, erbse*, pea, peas, pisell*, guisante*, edamame, sweetcorn, mais, maïs doux,
    zuckermais
"""
#: What makes of a fruit something that is not counted.
_SPOILS: Final = """
    powder*, poudre*, polvere, polvo, *pulver, flour, *mehl, farine*, farina*, harina*, starch*, *stärke,
    amid*, almid*, fécule*, concentrate, concentrated, *konzentrat, concentré*, concentrat*, concentrado*,
    extract*, *extrakt, extrait*, estratt*, extracto*, flavour*, flavor*, *aroma, aromi, arôme*, aromas, oil,
    oils, öl, pflanzenöl*, rapsöl, *kernöl, *keimöl, *samenöl, kokosöl, palmöl, huile*, olio, aceite*, syrup*,
    *sirup, sirop*, sciroppo, jarabe*, fibre*, fiber*, *faser, *fasern, fibra*, seed*, seeds, *samen, graines,
    semi, semillas, black pepper, white pepper, poivre, peperoncin*, pepe, pimienta*, potato*, *kartoffel*,
    patat*, pomme de terre, pommes de terre, peppercorn*, pfeffer*, vinegar*, *essig, vinaigre*, aceto,
    vinagre*, wine, *wein, vin, vino, peppermint*, pfefferminz*, bean gum, *kernmehl, soya beans, soy beans,
    coffee beans, cocoa beans, vanilla bean*, kakaobohnen, kaffeebohnen, sojabohnen, jelly beans, peanut*
"""
_NEITHER: Final = """
    from concentrate*, aus konzentrat, aus fruchtsaftkonzentrat, aus apfelsaftkonzentrat,
    aus orangensaftkonzentrat, aus traubensaftkonzentrat*, à base de concentré*, à base de jus
    concentré, da concentrato, da succo concentrato, a partir de concentrado*, a base de zumo concentrado
"""
_OILS_THAT_COUNT: Final = """
    olive oil*, extra virgin olive oil*, olivenöl*, natives olivenöl*, huile d'olive*, huile d'olive vierge
    extra, olio d'oliva, olio di oliva, olio extra vergine di oliva, olio extravergine di oliva, aceite de
    oliva, aceite de oliva virgen extra, avocado oil*, avocadoöl, huile d'avocat
"""
_RED_MEATS: Final = """
    beef*, veal, pork, bacon, ham, hams, lamb, mutton, venison, *rindfleisch, rind, *kalbfleisch, kalb*,
    *schweine*, *schweinefleisch, speck, *schinken, *lammfleisch, hirsch*, wildschwein*, bœuf, veau, porc,
    lardon*, jambon*, agneau, cheval, manzo, bovin*, vitello, suin*, maiale, pancetta, prosciutto, agnello,
    ternera, vacuno, cerdo, jamón, cordero, tocino
"""
_NO_RED_MEATS: Final = """
    flavour*, flavor*, *aroma, arôme*, gelatin*, gélatine*, stock*, broth, fat, *fett, bouillon*, brodo,
    caldo, *brühe, turkey, chicken, poultry, *puten*, *geflügel*, *hähnchen*, dinde, volaille, poulet,
    tacchino, pollo, pavo
"""


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


_FRUIT: Final = Lexicon[bool](
    [
        *((phrase, True) for phrase in _phrases(_FRUITS)),
        *((phrase, False) for phrase in _phrases(_SPOILS)),
        *((phrase, None) for phrase in _phrases(_NEITHER)),
        *((phrase, True) for phrase in _phrases(_OILS_THAT_COUNT)),
    ]
)
_RED_MEAT: Final = Lexicon[bool](
    [
        *((phrase, True) for phrase in _phrases(_RED_MEATS)),
        *((phrase, False) for phrase in _phrases(_NO_RED_MEATS)),
    ]
)


def fruits_share(text: str) -> Decimal:
    """The percentage of fruits, vegetables and legumes that a list of ingredients states, at the least.

    A list of one ingredient alone states that it is all of it.
    """
    return _share(text, _is_fruit)


def red_meat_share(text: str) -> Decimal:
    """The percentage of red meat that a list of ingredients states, at the least.

    What stands first without a quantity is most of the product: 100 stands for that.
    """
    listed = [one for one in stated(text) if not one.depth]
    if listed and listed[0].of_product is None and _is_red_meat(listed[0]):
        return Decimal(100)
    return _share(text, _is_red_meat)


def _is_fruit(ingredient: Stated) -> bool:
    return _is(_FRUIT, ingredient)


def _is_red_meat(ingredient: Stated) -> bool:
    return _is(_RED_MEAT, ingredient)


def _is(lexicon: Lexicon[bool], ingredient: Stated) -> bool:
    said = {counts for _, _, counts in lexicon.find(ingredient.name)}
    return said == {True}


def _share(text: str, counts: Callable[[Stated], bool]) -> Decimal:
    """The sum of what counts; of an ingredient that does, its parts are in it already."""
    listed = stated(text)
    if len(listed) == 1 and listed[0].percent is None:
        return Decimal(100) if counts(listed[0]) else Decimal(0)
    share = Decimal(0)
    inside: int | None = None
    for ingredient in listed:
        if inside is not None and ingredient.depth > inside:
            continue
        inside = None
        if ingredient.of_product is not None and counts(ingredient):
            share += ingredient.of_product
            inside = ingredient.depth
    return min(share, Decimal(100))


#: Kinds of product that are nothing but what counts, or have none of it whatever their list says: potatoes
#: are no vegetable here.
_CERTAIN: Final = {
    "en:olive-oils": Decimal(100),
    "en:virgin-olive-oils": Decimal(100),
    "en:extra-virgin-olive-oils": Decimal(100),
    "en:avocado-oils": Decimal(100),
    "en:potato-crisps": Decimal(0),
    "en:crisps": Decimal(0),
    "en:french-fries": Decimal(0),
    "en:sugars": Decimal(0),
}
#: What the kind of product lets one think where nothing else says it; the first that fits. Conservative: the
#: points begin above 40, 60 and 80 percent.
_LIKELY: Final = {
    "en:potatoes": Decimal(0),
    "en:sweet-potatoes": Decimal(0),
    "en:fruit-juices": Decimal(100),
    "en:vegetable-juices": Decimal(100),
    "en:fruit-sauces": Decimal(90),
    "en:vegetables": Decimal(90),
    "en:fruits": Decimal(90),
    "en:mushrooms": Decimal(90),
    "en:canned-fruits": Decimal(90),
    "en:frozen-fruits": Decimal(90),
    "en:legumes": Decimal(90),
    "en:tomato-purees": Decimal(90),
    "en:jams": Decimal(50),
}


def certain_share(categories: Collection[str]) -> Decimal | None:
    """The percentage that a kind of product has for certain."""
    return _of(_CERTAIN, categories)


def likely_share(categories: Collection[str]) -> Decimal | None:
    """The percentage that a kind of product is likely to have."""
    return _of(_LIKELY, categories)


def _of(shares: Mapping[str, Decimal], categories: Collection[str]) -> Decimal | None:
    return next((share for tag, share in shares.items() if tag in categories), None)
