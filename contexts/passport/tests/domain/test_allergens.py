"""The fourteen allergens by what twenty-four languages call them, and what only sounds like one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain import additives
from contexts.passport.domain.allergens import LANGUAGES, Allergen, named_in
from contexts.passport.domain.ingredients import (
    accidental_in,
    contained_in,
    emphasised,
    emphasised_in,
    runs_of,
    text_of,
)
from contexts.passport.tests.real_products import real_products

A = Allergen


def named(text: str, language: str | None = None) -> set[Allergen]:
    return {allergen for _, _, allergen in named_in(text, language=language)}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "bg",
            "пшенично брашно, мляко, яйца, фъстъци, целина",
            {A.GLUTEN, A.MILK, A.EGGS, A.PEANUTS, A.CELERY},
        ),
        ("cs", "pšeničná mouka, sušené mléko, vejce, lískové ořechy", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("da", "hvedemel, sødmælkspulver, æg, hasselnødder", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("de", "Weizenmehl, Vollmilchpulver, Hühnerei, Haselnüsse", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("el", "αλεύρι σίτου, γάλα, αυγά, αμύγδαλα, σουσάμι", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS, A.SESAME}),
        ("en", "wheat flour, whey, egg, cashew nuts, lupin", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS, A.LUPIN}),
        (
            "es",
            "harina de trigo, leche, huevo, almendras, apio",
            {A.GLUTEN, A.MILK, A.EGGS, A.NUTS, A.CELERY},
        ),
        ("et", "nisujahu, täispiimapulber, munapulber, sarapuupähklid", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("fi", "vehnäjauho, täysmaitojauhe, kananmuna, hasselpähkinä", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("fr", "farine de blé, lait écrémé, œufs, noisettes", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("ga", "plúr cruithneachta, bainne, uibheacha, cnónna", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("hr", "pšenično brašno, mlijeko u prahu, jaja, lješnjaci", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("hu", "búzaliszt, sovány tejpor, tojás, mogyoró", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("it", "farina di frumento, latte, uova, nocciole", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        (
            "lt",
            "kvietiniai miltai, pieno milteliai, kiaušiniai, riešutai",
            {A.GLUTEN, A.MILK, A.EGGS, A.NUTS},
        ),
        ("lv", "kviešu milti, piena pulveris, olas, lazdu rieksti", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("mt", "dqiq tal-qamħ, ħalib, bajd, lewż", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("nl", "tarwebloem, volle melkpoeder, eieren, hazelnoten", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("pl", "mąka pszenna, mleko w proszku, jaja, orzechy laskowe", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("pt", "farinha de trigo, leite em pó, ovos, avelãs", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("ro", "făină de grâu, lapte praf, ouă, alune de pădure", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("sk", "pšeničná múka, sušené mlieko, vajcia, lieskové orechy", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("sl", "pšenična moka, mleko v prahu, jajca, lešniki", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
        ("sv", "vetemjöl, helmjölkspulver, ägg, hasselnötter", {A.GLUTEN, A.MILK, A.EGGS, A.NUTS}),
    ],
)
def test_a_list_in_each_language_of_the_union(language: str, text: str, expected: set[Allergen]) -> None:
    assert named(text, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("krill, Garnelen, crevettes, gamberi, räkor, krewetki", A.CRUSTACEANS),
        ("Fischsoße, anchois, tonno, lohi, śledzie, losos", A.FISH),
        ("arašídy, erdnussöl, cacahuètes, jordnötter, földimogyoró, orzeszki ziemne", A.PEANUTS),
        ("sójový lecitin, Sojabohnen, szójaliszt, soia, σόγια", A.SOYBEANS),
        ("Knollensellerie, céleri, zeller, sedano, selleri, seler", A.CELERY),
        ("hořčičná semínka, Dijonsenf, moutarde, sinappi, gorčica", A.MUSTARD),
        ("Sesamöl, sésame, szezámmag, seesamiseemned", A.SESAME),
        ("Natriummetabisulfit, anhydride sulfureux, E 223, siřičitany", A.SULPHITES),
        ("Lupinenmehl, altramuces, lúpín, łubin", A.LUPIN),
        ("Miesmuscheln, huîtres, calamari, bläckfisk, slávky", A.MOLLUSCS),
    ],
)
def test_the_rarer_ones(text: str, expected: Allergen) -> None:
    for word in text.replace("lúpín", "lúipín").split(", "):
        assert named(word) == {expected}, word


FALSE_FRIENDS = """
    coconut milk, cocoa butter, shea butter, nutmeg, eggplant, butternut squash, butter beans, pine nuts,
    tiger nuts, buckwheat flour, oyster mushrooms, cream of tartar, water chestnuts, lactic acid, gluten
    free, milk thistle, Kokosmilch, Kakaobutter, Muskatnuss, Kokosnuss, Milchsäure, Milchsäurekulturen,
    Buchweizenmehl, Erdmandeln, Austernpilze, glutenfrei, Eisbergsalat, Reis, Reismilch, Butternusskürbis,
    lait de coco, beurre de cacao, noix de coco, noix de muscade, crème de tartre, farine de blé noir,
    haricots beurre, latte di cocco, burro di cacao, noce moscata, grano saraceno, senza glutine, riso,
    miele, leche de coco, manteca de cacao, nuez moscada, trigo sarraceno, sin gluten, arroz, pimienta,
    kokosmelk, cacaoboter, nootmuskaat, boekweit, melkzuur, kokosmjölk, kakaosmör, muskotnöt, bovete,
    mjölksyra, kokosmælk, kakaosmør, boghvede, kookosmaito, maitohappo, tattari, kookospiim, piimhape,
    kokosové mléko, kakaové máslo, kyselina mléčná, muškátový oříšek, mleko kokosowe, masło kakaowe, kwas
    mlekowy, kakaovo maslo, mlečna kislina, kakao maslac, mliječna kiselina, kókusztej, kakaóvaj, tejsav,
    hajdinaliszt, lapte de cocos, unt de cacao, какаово масло, млечна киселина, γάλα καρύδας, βούτυρο
    κακάο, γαλακτικό οξύ
"""


@pytest.mark.parametrize("text", [" ".join(text.split()) for text in FALSE_FRIENDS.split(",")])
def test_what_only_sounds_like_one(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("peanut butter", {A.PEANUTS}),
        ("almond milk", {A.NUTS}),
        ("Mandelmilch", {A.NUTS}),
        ("Hafermilch", {A.GLUTEN}),
        ("lait de soja", {A.SOYBEANS}),
        ("latte di avena", {A.GLUTEN}),
        ("Erdnussbutter", {A.PEANUTS}),
        ("arašídové máslo", {A.PEANUTS}),
        ("unt de arahide", {A.PEANUTS}),
        ("noix de Saint-Jacques", {A.MOLLUSCS}),
        ("tejsavópor", {A.MILK}),
        ("buttermilk", {A.MILK}),
        ("Sojaeiweiß", {A.SOYBEANS}),
    ],
)
def test_names_that_are_borrowed(text: str, expected: set[Allergen]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("word", "language", "allergen"),
    [("ou", "ro", A.EGGS), ("ost", "sv", A.MILK), ("sir", "hr", A.MILK), ("oder", "et", A.GLUTEN)],
)
def test_a_word_of_one_language_counts_in_it_alone(word: str, language: str, allergen: Allergen) -> None:
    assert named(word, language) == {allergen}
    assert named(word) == set()
    assert named(f"colza {word} tournesol", "fr") == set()


def test_no_additive_is_taken_for_an_allergen_but_what_is_made_of_one() -> None:
    made_of = {"E322": {A.SOYBEANS}, "E1105": {A.EGGS}}
    for additive in additives.BY_NUMBER.values():
        for language, name in additive.names.items():
            assert named(name, language) <= {A.SULPHITES} | made_of.get(additive.number, set()), name


#: What Annex II of Regulation (EU) No 1169/2011 calls the fourteen in the official languages of the Union, in
#: its order, with wheat for the cereals.
NAMES = """
    bg: пшеница; ракообразни; яйца; риба; фъстъци; соя; мляко; ядки; целина; синап; сусам; сулфити;
        лупина; мекотели
    cs: pšenice; korýši; vejce; ryby; arašídy; sója; mléko; skořápkové plody; celer; hořčice; sezam;
        siřičitany; vlčí bob; měkkýši
    da: hvede; krebsdyr; æg; fisk; jordnødder; soja; mælk; nødder; selleri; sennep; sesamfrø; sulfitter;
        lupin; bløddyr
    de: Weizen; Krebstiere; Eier; Fische; Erdnüsse; Sojabohnen; Milch; Schalenfrüchte; Sellerie; Senf;
        Sesamsamen; Sulphite; Lupinen; Weichtiere
    el: σιτάρι; καρκινοειδή; αυγά; ψάρια; αραχίδες; σόγια; γάλα; καρποί με κέλυφος; σέλινο; μουστάρδα;
        σουσάμι; θειώδη; λούπινο; μαλάκια
    en: wheat; crustaceans; eggs; fish; peanuts; soybeans; milk; nuts; celery; mustard; sesame seeds;
        sulphites; lupin; molluscs
    es: trigo; crustáceos; huevos; pescado; cacahuetes; soja; leche; frutos de cáscara; apio; mostaza;
        granos de sésamo; sulfitos; altramuces; moluscos
    et: nisu; koorikloomad; munad; kala; maapähklid; sojaoad; piim; pähklid; seller; sinep;
        seesamiseemned; sulfitid; lupiin; molluskid
    fi: vehnä; äyriäiset; munat; kalat; maapähkinät; soijapavut; maito; pähkinät; selleri; sinappi;
        seesaminsiemenet; sulfiitit; lupiinit; nilviäiset
    fr: blé; crustacés; œufs; poissons; arachides; soja; lait; fruits à coque; céleri; moutarde; graines
        de sésame; sulfites; lupin; mollusques
    ga: cruithneacht; crústaigh; uibheacha; iasc; piseanna talún; pónairí soighe; bainne; cnónna; soilire;
        mustard; síolta seasamain; suilfítí; lúipín; moilisc
    hr: pšenica; rakovi; jaja; riba; kikiriki; soja; mlijeko; orašasto voće; celer; gorušica; sjeme
        sezama; sulfiti; lupina; mekušci
    hu: búza; rákfélék; tojás; hal; földimogyoró; szójabab; tej; diófélék; zeller; mustár; szezámmag;
        szulfitok; csillagfürt; puhatestűek
    it: grano; crostacei; uova; pesce; arachidi; soia; latte; frutta a guscio; sedano; senape; semi di
        sesamo; solfiti; lupini; molluschi
    lt: kviečiai; vėžiagyviai; kiaušiniai; žuvys; žemės riešutai; sojos pupelės; pienas; riešutai;
        salierai; garstyčios; sezamo sėklos; sulfitai; lubinai; moliuskai
    lv: kvieši; vēžveidīgie; olas; zivis; zemesrieksti; sojas pupas; piens; rieksti; selerijas; sinepes;
        sezama sēklas; sulfīti; lupīna; gliemji
    mt: qamħ; krustaċji; bajd; ħut; karawett; sojja; ħalib; ġewż; karfus; mustarda; ġulġlien; sulfiti;
        lupin; molluski
    nl: tarwe; schaaldieren; eieren; vis; pinda's; soja; melk; noten; selderij; mosterd; sesamzaad;
        sulfiet; lupine; weekdieren
    pl: pszenica; skorupiaki; jaja; ryby; orzeszki ziemne; soja; mleko; orzechy; seler; gorczyca; nasiona
        sezamu; siarczyny; łubin; mięczaki
    pt: trigo; crustáceos; ovos; peixes; amendoins; soja; leite; frutos de casca rija; aipo; mostarda;
        sementes de sésamo; sulfitos; tremoço; moluscos
    ro: grâu; crustacee; ouă; pește; arahide; soia; lapte; fructe cu coajă; țelină; muștar; semințe de
        susan; sulfiți; lupin; moluște
    sk: pšenica; kôrovce; vajcia; ryby; arašidy; sója; mlieko; orechy; zeler; horčica; sezamové semená;
        siričitany; vlčí bôb; mäkkýše
    sl: pšenica; raki; jajca; ribe; arašidi; soja; mleko; oreščki; listna zelena; gorčica; sezamovo seme;
        sulfiti; volčji bob; mehkužci
    sv: vete; kräftdjur; ägg; fisk; jordnötter; sojabönor; mjölk; nötter; selleri; senap; sesamfrön;
        sulfit; lupin; blötdjur
"""


def test_each_of_the_fourteen_has_a_name_in_each_of_the_twenty_four_languages() -> None:
    rows = (row.partition(": ") for row in re.split(r"\n {4}(?=[a-z])", NAMES)[1:])
    table = {language: [" ".join(name.split()) for name in names.split(";")] for language, _, names in rows}
    assert table.keys() == LANGUAGES
    assert sum(map(len, table.values())) == 24 * 14
    for language, names in table.items():
        for allergen, name in zip(A, names, strict=True):
            assert named(name, language) == named(name.upper(), language) == {allergen}, (language, name)


LISTS = st.lists(
    st.sampled_from(["milk", "Weizenmehl", "γάλα", " ", ", ", "may contain ", "'", "-", "é", "\n", "\0"])
    | st.text(max_size=4)
).map("".join)


@given(LISTS, st.sampled_from([None, *sorted(LANGUAGES), "xx"]))
def test_emphasising_never_changes_the_text(text: str, language: str | None) -> None:
    runs = emphasised(text, language=language)
    assert text_of(runs) == text
    assert emphasised(runs, language=language) == runs
    assert emphasised_in(runs, language=language) == named(text, language)
    assert contained_in(runs, language=language) | accidental_in(runs, language=language) == named(
        text, language
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Oats, milk. May contain traces of nuts and sesame. Store dry, away from eggs."),
        ("de", "Hafer, Milch. Kann Schalenfrüchte und Sesam enthalten. Trocken lagern, fern von Eiern."),
        ("fr", "Avoine, lait. Peut contenir des traces de fruits à coque et sésame. Œufs à part."),
        ("it", "Avena, latte. Può contenere frutta a guscio e sesamo. Uova a parte."),
        ("es", "Avena, leche. Puede contener frutos de cáscara y sésamo. Huevos aparte."),
        ("pl", "Owies, mleko. Może zawierać orzechy i sezam. Jaja osobno."),
    ],
)
def test_what_may_be_in_is_not_what_is_in(language: str, text: str) -> None:
    runs = emphasised(text, language=language)
    assert accidental_in(runs, language=language) == {A.NUTS, A.SESAME}
    assert contained_in(runs, language=language) == {A.GLUTEN, A.MILK, A.EGGS}


#: GTIN: allergens of the source that the list does not name, and why.
NOT_IN_THE_LIST = {
    "00008006958936": ({A.EGGS}, "the list is cut off"),
    "00008009995020": ({A.GLUTEN, A.EGGS}, "the list is cut off"),
    "00009800200504": ({A.NUTS}, "the list is cut off"),
    "00009800200511": ({A.NUTS}, "the list is cut off"),
}


def test_real_lists_name_the_allergens_that_their_source_found() -> None:
    agreed = 0
    missing = {}
    for product in real_products():
        theirs = {A(tag) for tag in _annex_ii(product.row["allergens_tags"] or ())}
        ours = {allergen for text in product.texts() for allergen in named(runs_of_text(text))}
        if not ours:
            continue
        agreed += len(ours & theirs)
        if theirs - ours:
            missing[product.entry.gtin] = theirs - ours
    assert agreed >= 230
    assert missing == {gtin: allergens for gtin, (allergens, _) in NOT_IN_THE_LIST.items()}


def runs_of_text(text: str) -> str:
    return text_of(runs_of(text))


def _annex_ii(tags: list[str]) -> list[str]:
    words = {"sesame-seeds": "sesame", "sulphur-dioxide-and-sulphites": "sulphites"}
    names = [words.get(tag[3:], tag[3:]) for tag in tags]
    return [name for name in names if name in {allergen.value for allergen in A}]
