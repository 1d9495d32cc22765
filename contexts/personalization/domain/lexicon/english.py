"""English labels' words, British and American."""

from collections.abc import Mapping
from typing import Final

from contexts.personalization.domain.substances import Substance

WORDS: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        gluten, wheat, wheatgerm, wholewheat, wheatmeal, durum, semolina, spelt, rye, barley, pearl
        barley, malt, barley malt, malted barley, malt extract, malt flavouring, malt flavoring, oat,
        oatmeal, oat milk, oat drink, oat cream, porridge, bulgur, bulgur wheat, bulghur, couscous, kamut,
        khorasan, emmer, einkorn, triticale, seitan, freekeh, farro, farina, graham flour, enriched flour,
        plain flour, white flour, beer vinegar, bleached flour, unbleached flour, self raising flour, self
        rising flour, all purpose flour, bread flour, wholemeal flour, fortified flour, enriched bleached
        flour, enriched unbleached flour, breadcrumb, bread crumb, rusk, panko, matzo, matzah, malted milk
        powder, hydrolysed vegetable protein wheat, cream cracker, tritordeum, crispbread,
        pumpernickel, bread, brioche, croissant, bagel, udon
    """,
    (Substance.GLUTEN, Substance.ALCOHOL): "beer, ale, lager, stout, porter beer, barley wine",
    (Substance.CRUSTACEANS,): """
        crustacean, shrimp, prawn, crab, crabmeat, lobster, crayfish, crawfish, langoustine, scampi,
        krill, shellfish, shrimp paste, barnacle, crab stick flavour, crab flavour, yabby, marron crayfish
    """,
    (Substance.EGGS,): """
        egg, hen egg, hens egg, hen s egg, chicken egg, egg white, egg yolk, whole egg, dried egg,
        eggwhite, eggyolk, albumen, albumin, ovalbumin, lysozyme, mayonnaise, mayo, meringue, aioli,
        eggnog, hollandaise, bearnaise, tartare sauce, tartar sauce, egg lecithin, custard, egg noodle,
        ovomucoid, livetin, omelette, omelet, frittata, quiche, ovoglobulin, vitellin
    """,
    (Substance.FISH,): """
        fish, lemon sole, dover sole, cod, salmon, trout, haddock, pollock, pollack, plaice, halibut,
        hake, sea bass, seabass, bream, tilapia, perch, carp, pike, whiting, coley, saithe, turbot,
        flounder, snapper, grouper, barramundi, hoki, kipper, pilchard, sprat, whitebait, caviar, roe,
        surimi, bonito, dashi, fish sauce, fish oil, cod liver oil, isinglass, worcestershire sauce,
        worcester sauce, zander, redfish, omega 3 fish oil, nuoc mam, mullet, basa, arctic char, capelin,
        garum, gravlax, unagi, worcestershire, smelt, bottarga, croaker, nam pla, lox, sole fillet, swai,
        cobia, wrasse, ling fillet, tarama
    """,
    (Substance.FISH, Substance.HISTAMINE_RICH): "tuna, mackerel, anchovy, sardine, herring, mahi mahi",
    (Substance.SCALELESS_FISH,): """
        eel, catfish, monkfish, shark, ray wing, skate wing, sturgeon, swordfish, pangasius, lumpfish
    """,
    (Substance.PEANUTS,): """
        peanut, groundnut, ground nut, arachis oil, monkey nut, peanut butter, peanutbutter, peanut milk,
        peanut cream, satay, goober
    """,
    (Substance.SOYBEANS,): """
        soy, soya, soybean, soyabean, soja, tofu, edamame, textured vegetable protein, tvp, soy milk, soya
        milk, soymilk, soy cream, soya cream, soya yoghurt, soya yogurt, soy yogurt, soy cheese, soya
        drink, okara, yuba, doenjang, gochujang, soylecithin, soyalecithin, ponzu
    """,
    (Substance.SOYBEANS, Substance.HISTAMINE_RICH): """
        soy sauce, soya sauce, shoyu, tamari, miso, tempeh, natto, hoisin sauce, teriyaki sauce
    """,
    (Substance.MILK, Substance.LACTOSE): """
        milk, milkfat, milk fat, milk solid, buttermilk, butter milk, butter, butterfat, butter oil,
        butteroil, ghee, cream, sour cream, soured cream, creme fraiche, clotted cream, half and half,
        whey, casein, caseinate, curd, quark, skyr, kefir, yoghurt, yogurt, dairy, custard, ice cream,
        milk chocolate, milk powder, condensed milk, evaporated milk, dulce de leche, lactalbumin,
        lactoglobulin, lactoferrin, nougat cream, milk protein, creamer, colostrum, butterscotch,
        bechamel, malted milk, lassi, paneer, buttercream, creamery butter, curds, fromage frais, milk
        ingredient, cream cracker, labneh, tzatziki, malai, ganache, raita, dairy powder
    """,
    (Substance.LACTOSE,): "lactose, milk sugar, lactulose",
    (Substance.CHEESE, Substance.LACTOSE): """
        cheese, ricotta, mozzarella, mascarpone, feta, halloumi, cottage cheese, cream cheese, provolone,
        brie, camembert, burrata, cheese powder, goat cheese, havarti, jarlsberg, muenster, colby,
        boursin, queso
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH): """
        cheddar, gouda, edam, blue cheese, stilton, roquefort, gorgonzola, emmental, emmentaler, swiss
        cheese, monterey jack, asiago, mature cheese, raclette
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH, Substance.RENNET): """
        parmesan, parmesan cheese, pecorino, pecorino romano, romano cheese, gruyere, manchego, comte
    """,
    (Substance.NUTS,): """
        nut, tree nut, treenut, almond, almond milk, almond butter, almond drink, almond flour, hazelnut,
        hazelnut milk, filbert, cashew, cashew nut, cashew milk, cashew butter, pecan, pecan nut, brazil
        nut, brazil, pistachio, pistachio nut, macadamia, macadamia nut, queensland nut, marzipan,
        praline, gianduja, frangipane, nut butter, nut milk, mixed nut, nutella, nougat, amaretto,
        amaretti, nut meat, nutmeat, marcona, pesto, baklava
    """,
    (Substance.NUTS, Substance.HISTAMINE_LIBERATING): "walnut, walnut oil",
    (Substance.CELERY,): "celery, celeriac, celery seed, celery salt, smallage",
    (Substance.MUSTARD,): "mustard, mustard seed, mustard flour, dijon",
    (Substance.SESAME,): """
        sesame, sesame seed, sesame oil, tahini, tahina, halva, halvah, hummus, houmous, gomasio, benne
        seed, gomashio, halwa, humous, hommus, gingelly, zaatar, za atar
    """,
    (Substance.SULPHITES,): """
        sulphite, sulfite, sulphur dioxide, sulfur dioxide, metabisulphite, metabisulfite, bisulphite,
        bisulfite, so2, sulphurous anhydride, sodium hydrosulfite, disulphite, disulfite, sulphur oxide,
        sulfur oxide, pyrosulphite, pyrosulfite
    """,
    (Substance.LUPIN,): "lupin, lupine, lupin flour, lupin seed, lupini, lupinus, lupinus albus",
    (Substance.MOLLUSCS,): """
        mollusc, mollusk, mussel, oyster, clam, scallop, squid, octopus, cuttlefish, snail, calamari,
        whelk, cockle, abalone, periwinkle, limpet, oyster sauce, squid ink, cuttlefish ink, escargot,
        conch, winkle, razor clam, geoduck, dog cockle
    """,
    (Substance.FRUCTOSE,): """
        fructose, high fructose corn syrup, hfcs, glucose fructose syrup, fructose glucose syrup,
        isoglucose, corn sugar, invert sugar, inverted sugar, invert sugar syrup, invert syrup, inverted
        sugar syrup, fruit sugar, levulose, agave, agave syrup, agave nectar, apple juice, apple juice
        concentrate, apple puree, apple sauce, pear juice, pear juice concentrate, grape juice
        concentrate, fruit juice concentrate, apple, mango, watermelon, date, date syrup, fig, raisin,
        sultana, grape juice, golden syrup, guava
    """,
    (Substance.FRUCTOSE, Substance.SORBITOL): """
        pear, cherry, cherries, apricot, peach, plum, prune, nectarine
    """,
    (Substance.SORBITOL,): "sorbitol, glucitol, sorbitol syrup",
    (Substance.SUCROSE,): """
        sugar, sucrose, cane sugar, cane juice, brown sugar, icing sugar, beet sugar, molasses, treacle,
        maple syrup, cane syrup, saccharose, muscovado, demerara, caramel, caramelised sugar, caramel
        sugar syrup
    """,
    (Substance.HISTAMINE_RICH,): """
        sauerkraut, kimchi, yeast extract, wine vinegar, red wine vinegar, white wine vinegar, rice wine
        vinegar, sherry vinegar, sherry wine vinegar, champagne vinegar, port wine vinegar, brandy
        vinegar, balsamic vinegar, fermented
    """,
    (Substance.HISTAMINE_LIBERATING,): """
        spirit vinegar, alcohol vinegar, tomato, tomatoes, spinach, aubergine, eggplant, strawberry,
        raspberry, pineapple, kiwi, papaya, orange, lemon, lime, grapefruit, cocoa, cocoa mass, cocoa
        powder, chocolate, chocolate liquor, cacao, avocado, monosodium glutamate, msg, vinegar, lemon
        juice, orange juice, banana
    """,
    (Substance.MEAT,): """
        meat, lamb, mutton, venison, rabbit, hare, game, horse, horsemeat, goat meat, kangaroo, bison,
        liver, kidney, tripe, offal, sausage, broth bone, bone broth, meat extract, meat stock, mince,
        minced meat, mechanically separated meat, foie gras, pate de foie, animal protein, bone phosphate,
        bone char, meatball, haggis, jerky, frankfurter, hot dog, hotdog
    """,
    (Substance.MEAT, Substance.HISTAMINE_RICH): "cured meat, bresaola, pastrami, kielbasa, mortadella",
    (Substance.PORK,): """
        pork, bacon, ham, gammon, pig, pancetta, pork rind, crackling, pork fat, porcine, guanciale, hog,
        swine, spare rib, pork gelatin, pork gelatine, boar, wild boar, lardon
    """,
    (Substance.PORK, Substance.HISTAMINE_RICH): """
        salami, pepperoni, chorizo, prosciutto, parma ham, serrano ham, speck, nduja, coppa
    """,
    (Substance.PORK, Substance.ANIMAL_FAT): "lard",
    (Substance.BEEF,): """
        beef, veal, ox, oxtail, bovine, corned beef, beef fat, beef gelatin, beef gelatine, steak, calf
    """,
    (Substance.BEEF, Substance.ANIMAL_FAT): "beef tallow, beef dripping, suet, beef suet, oleo stearin",
    (Substance.POULTRY,): """
        poultry, chicken, turkey, duck, goose, quail, guinea fowl, pheasant, partridge, hen, chicken fat,
        ostrich
    """,
    (Substance.POULTRY, Substance.ANIMAL_FAT): "goose fat, duck fat, schmaltz",
    (Substance.BLOOD,): "blood, black pudding, blood plasma, blood sausage, haemoglobin, hemoglobin",
    (Substance.ANIMAL_FAT,): "animal fat, tallow, dripping, animal shortening, rendered fat",
    (Substance.GELATINE,): """
        gelatin, gelatine, pork gelatin, pork gelatine, beef gelatin, beef gelatine, collagen, aspic,
        hydrolysed collagen, hydrolyzed collagen
    """,
    (Substance.RENNET,): "rennet, animal rennet, chymosin, pepsin",
    (Substance.HONEY,): "honey, royal jelly, propolis, bee pollen, mead",
    (Substance.BEESWAX,): "beeswax, bees wax",
    (Substance.CARMINE,): "carmine, cochineal, carminic acid, crimson lake, natural red 4",
    (Substance.SHELLAC,): """
        shellac, confectioner s glaze, confectioners glaze, confectionery glaze, resinous glaze
    """,
    (Substance.INSECTS,): """
        insect, cricket, cricket powder, cricket flour, mealworm, locust, grasshopper, acheta domesticus,
        tenebrio molitor, locusta migratoria, alphitobius diaperinus
    """,
    (Substance.ANIMAL,): "lanolin, l cysteine, keratin",
    (Substance.ANIMAL_BODY,): "stearin animal, animal gelatin, chitosan",
    (Substance.ALCOHOL, Substance.HISTAMINE_RICH): """
        wine, red wine, white wine, champagne, prosecco, sherry, port wine, marsala, madeira wine,
        vermouth, cider alcoholic, hard cider, sake
    """,
    (Substance.ALCOHOL,): """
        alcohol, ethanol, ethyl alcohol, rum, brandy, whisky, whiskey, vodka, gin, cognac, liqueur,
        bourbon, tequila, kirsch, grappa, schnapps, mirin, cointreau, grand marnier, calvados, armagnac,
        limoncello
    """,
    (Substance.UNCERTAIN_ORIGIN,): """
        mono and diglycerides, monoglyceride, diglyceride, mono diglycerides, mono and di glycerides, mono
        and diglycerides of fatty acids, glycerol, glycerine, glycerin, stearic acid, magnesium stearate,
        calcium stearate, sodium stearoyl lactylate, calcium stearoyl lactylate, polysorbate, fatty acid,
        disodium inosinate, disodium guanylate, lactylate, enzyme, shortening, vitamin d3, natural flavor
        animal
    """,
}

#: Words and phrases that hold one of the words above, or look like one, and name something else.
OTHER_THINGS: Final = """
    rindless, locust bean, locust bean gum, carob, cocoa butter, cacao butter, shea butter, mango butter,
    illipe butter, coconut butter, butter bean, butterbean, butternut, butternut squash, butterhead
    lettuce, butter lettuce, apple butter, coconut milk, coconut cream, coconut yoghurt, coconut yogurt,
    coconut drink, creamed coconut, rice milk, hemp milk, pea milk, plant milk, milk thistle, lion s milk,
    cream of tartar, cream soda, lactic acid, lactic acid culture, lactic acid esters, lactobacillus,
    lactic, calcium lactate, sodium lactate, lactase, lactase enzyme, milk of magnesia, coconut, nutmeg,
    water chestnut, chestnut, tiger nut, tigernut, doughnut, pine nut, nut grass, cola nut, kola nut,
    coconuts, shea nut, palm nut, nutritional, donut, betel nut, ginkgo nut, buckwheat, buckwheat flour,
    sarrasin, wheatgrass juice, corn couscous, rice malt, rice malt syrup, maltodextrin, corn semolina,
    rice semolina, corn malt, rye grass, corn gluten, egg fruit, egg plant, eggplants, egg replacer, egg
    substitute vegan, fish mint, oyster mushroom, king oyster mushroom, goldfish, king oyster mushrooms,
    oyster mushrooms, crab apple, crabapple, beef tomato, beefsteak tomato, coconut meat, mincemeat, crab
    grass, chicken of the woods, hen of the woods, goose berry, gooseberry, duckweed, horseradish, horse
    radish, hog plum, turkey tail, lamb s lettuce, lambs lettuce, kidney bean, red kidney bean, white
    kidney bean, liver sausage vegan, game chips, ox eye, oxtongue, horse chestnut, goat s beard, goat s
    rue, goatsbeard, bloodorange, blood orange, blood orange juice, elephant garlic, lamb s quarters,
    vegetable gelatin, vegetable gelatine, agar, microbial rennet, vegetable rennet, vegetarian rennet,
    fermentation produced chymosin, non animal rennet, vegetable glycerine, vegetable glycerin, vegetable
    shortening, vegetable stearic acid, vegetable magnesium stearate, honeydew, honeydew melon, honeybush,
    honeysuckle, honey melon, honey mushroom, honeyberry, cricket bat, sugar alcohol, cetyl alcohol,
    stearyl alcohol, ginger beer, root beer, ginger ale, birch beer, butter beer, wine gum, brewer s
    yeast, brewers yeast, wine yeast, wine stone, ginseng, gin seng, vitamin c, sugar snap, sugar snap
    pea, sugar beet fibre, sugar cane fibre, sugarcane fibre, date code, best before date, expiry date,
    use by date, sell by date, expiration date, production date, fruit date, custard apple, orange
    blossom, orange flower, lime blossom, lime tree, lime flower, lemon balm, lemongrass, lemon grass,
    lemon thyme, lemon verbena, cherry tomato, cherry tomatoes, plum tomato, plum tomatoes, strawberry
    tree, apple mint, elder apple, may apple, oak apple, grape tomato
"""

#: Exceptions of Annex II of Regulation (EU) No 1169/2011: made from it, and hardly anything of it left.
TRACES_OF: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        wheat glucose syrup, glucose syrup wheat, glucose syrup from wheat, glucose fructose syrup from
        wheat, glucose fructose syrup wheat, wheat dextrose, dextrose wheat, dextrose from wheat, wheat
        maltodextrin, maltodextrin wheat, maltodextrin from wheat, barley glucose syrup, glucose syrup
        barley, glucose syrup from barley
    """,
    (Substance.SOYBEANS,): """
        fully refined soybean oil, fully refined soya oil, fully refined soy oil, fully refined soyabean
        oil, soya sterols, soy sterols, soybean phytosterols, tocopherols from soy, tocopherols soy,
        tocopherols soya, tocopherol rich extract soya
    """,
    (Substance.LACTOSE,): "lactitol",
}

#: Words of the other four languages that are everyday words, names or places in this one.
FOREIGN: Final = """
    lab, sole, colin, lotte, rind, rape, malta, sang, oca, met, alice, ave, lima, rosette, mou, res
"""
