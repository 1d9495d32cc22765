"""French labels' words."""

from collections.abc import Mapping
from typing import Final

from contexts.personalization.domain.substances import Substance

WORDS: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        gluten, blé, froment, blé dur, épeautre, petit épeautre, grand épeautre, seigle, orge, malt, malt
        d'orge, extrait de malt, avoine, flocons d'avoine, lait d'avoine, boisson d'avoine, crème
        d'avoine, boulgour, boulghour, couscous, semoule, kamut, khorasan, triticale, seitan, chapelure,
        pain azyme, engrain, amidonnier, farro, vinaigre de bière, panure, biscotte, farine complète,
        farine blanche, orge perlé, tritordeum, pain, brioche, croissant, pâte feuilletée, pâte brisée,
        """,
    (Substance.GLUTEN, Substance.ALCOHOL): "bière, cervoise",
    (Substance.CRUSTACEANS,): """
        crustacé, crevette, crabe, homard, langouste, langoustine, écrevisse, gamba, gambas, krill,
        tourteau, araignée de mer, étrille, galathée
    """,
    (Substance.EGGS,): """
        oeuf, œuf, œuf de poule, œufs de poules, œufs de poules élevées, jaune d'œuf, blanc d'œuf,
        ovoproduit, albumine, ovalbumine, lysozyme, mayonnaise, meringue, aïoli, béarnaise, hollandaise,
        sauce tartare, crème anglaise, pâtes aux œufs, crème pâtissière, omelette, quiche, ovomucoïde, île
        flottante, sabayon
    """,
    (Substance.FISH,): """
        poisson, saumon, truite, cabillaud, morue, colin, lieu noir, lieu jaune, églefin, merlu, merlan,
        sole, plie, flétan, dorade, daurade, bar commun, turbot, brochet, carpe, sandre, perche, limande,
        rouget, tilapia, caviar, surimi, huile de poisson, sauce de poisson, sauce worcestershire, œufs de
        poisson, œufs de lompe, tarama, haddock, huile de foie de morue, merlu blanc, rascasse, éperlan,
        colin d'alaska, isinglass, ichtyocolle, nuoc mam, omble, omble chevalier, saint pierre poisson,
        rillettes de thon, bottargue, poutargue, garum, gravlax
    """,
    (Substance.FISH, Substance.HISTAMINE_RICH): "thon, maquereau, anchois, sardine, hareng, bonite",
    (Substance.SCALELESS_FISH,): """
        anguille, lotte, raie, requin, roussette, esturgeon, espadon, silure, panga, pangasius, lompe
    """,
    (Substance.PEANUTS,): """
        arachide, cacahuète, cacahouète, beurre de cacahuète, beurre de cacahuètes, beurre de cacahouète,
        huile d'arachide, pâte d'arachide, beurre d'arachide, pistache de terre, pistaches de terre,
        satay, saté, cacahuate
    """,
    (Substance.SOYBEANS,): """
        soja, soya, lait de soja, tofu, boisson au soja, boisson de soja, crème de soja, yaourt au soja,
        edamame, yaourt de soja, soja cuisine, tonyu, lait de soya, fromage de soja
    """,
    (Substance.SOYBEANS, Substance.HISTAMINE_RICH): """
        sauce soja, sauce de soja, sauce soya, miso, tempeh, tamari, shoyu
    """,
    (Substance.MILK, Substance.LACTOSE): """
        lait, babeurre, beurre, crème, crème fraîche, lactosérum, petit lait, caséine, caséinate,
        caséinate de sodium, yaourt, yoghourt, yogourt, fromage blanc, petit suisse, lait en poudre, lait
        écrémé, lait entier, lait concentré, beurre concentré, matière grasse laitière, matières grasses
        laitières, protéine laitière, protéines laitières, laitier, laitière, chocolat au lait, crème
        glacée, ghee, kéfir, lactalbumine, lactoglobuline, protéines de lait, caillé, lait de brebis, lait
        de chèvre, lait caillé, sauce béchamel, béchamel, confiture de lait, crème chantilly, chantilly,
        skyr, beurre pâtissier, lait fermenté, matière grasse butyrique, butyrique, ganache, dulce de
        leche, tzatziki
    """,
    (Substance.LACTOSE,): "lactose, sucre de lait, lactulose",
    (Substance.CHEESE, Substance.LACTOSE): """
        fromage, mozzarella, ricotta, mascarpone, feta, fromage frais, fromage fondu, chèvre, bûche de
        chèvre, brie, camembert, faisselle, halloumi, reblochon, munster, fromage râpé, saint nectaire,
        cantal, tomme, cancoillotte, chaource, vacherin, fourme
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH): """
        emmental, gouda, cheddar, roquefort, gorgonzola, bleu d'auvergne, fourme d'ambert, cantal,
        raclette, mimolette, tomme, maroilles, morbier, edam
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH, Substance.RENNET): """
        parmesan, comté, gruyère, beaufort, pecorino, manchego, parmigiano reggiano
    """,
    (Substance.NUTS,): """
        fruit à coque, fruits à coque, fruits à coques, fruit à coques, amande, lait d'amande, boisson
        d'amande, purée d'amande, beurre d'amande, poudre d'amande, noisette, lait de noisette, boisson
        noisette, noix de cajou, cajou, anacarde, noix de pécan, pécan, noix du brésil, pistache, noix de
        macadamia, macadamia, noix du queensland, pâte d'amande, massepain, praliné, pralin, gianduja,
        nougat, nougatine, frangipane, amaretto, crème de noisette, lait de noix de cajou, calisson, noix
        d'amazonie, dragée, orgeat, pesto
    """,
    (Substance.NUTS, Substance.HISTAMINE_LIBERATING): """
        noix, cerneaux de noix, huile de noix, noix de grenoble
    """,
    (Substance.CELERY,): "céleri, céleri rave, céleri branche, sel de céleri",
    (Substance.MUSTARD,): "moutarde, graines de moutarde, farine de moutarde, sénevé",
    (Substance.SESAME,): """
        sésame, graines de sésame, huile de sésame, tahini, tahin, tahine, halva, houmous, hoummous,
        gomasio, crème de sésame, gomashio, halwa, zaatar
    """,
    (Substance.SULPHITES,): """
        sulfite, anhydride sulfureux, dioxyde de soufre, métabisulfite, bisulfite, disulfite,
        métabisulfite de sodium, sulfite acide, hydrogénosulfite, so2, pyrosulfite, oxyde de soufre
    """,
    (Substance.LUPIN,): "lupin, farine de lupin, graines de lupin, lupinus",
    (Substance.MOLLUSCS,): """
        mollusque, moule, huître, palourde, coquille saint jacques, saint jacques, pétoncle, calmar,
        calamar, encornet, poulpe, seiche, encre de seiche, escargot, bulot, bigorneau, coque de mer,
        sauce d'huître, sauce huître, pieuvre, amande de mer, amandes de mer, pied de cheval, pieds de
        cheval, coques, praire, supion, telline, tellines, sépia, couteau de mer, couteaux de mer, vernis
        coquillage, ormeau, pouce pied
    """,
    (Substance.FRUCTOSE,): """
        fructose, sirop de glucose fructose, sirop de fructose, sirop de fructose glucose, glucose
        fructose, isoglucose, sucre inverti, sirop de sucre inverti, sucre de fruit, agave, sirop d'agave,
        jus de pomme, jus de pomme concentré, concentré de pomme, purée de pomme, compote de pomme, jus de
        raisin, jus de raisin concentré, jus de fruits concentré, pomme, mangue, pastèque, datte, sirop de
        datte, figue, raisin sec, raisin, goyave
    """,
    (Substance.FRUCTOSE, Substance.SORBITOL): """
        poire, jus de poire, cerise, abricot, pêche, prune, pruneau, nectarine
    """,
    (Substance.SORBITOL,): "sorbitol, sirop de sorbitol",
    (Substance.SUCROSE,): """
        sucre, saccharose, sucre de canne, sucre roux, cassonade, sirop de canne, sucre glace, mélasse,
        sirop d'érable, caramel, sucre caramélisé, sirop de sucre, sucre de betterave
    """,
    (Substance.HISTAMINE_RICH,): """
        choucroute, kimchi, extrait de levure, vinaigre de vin, vinaigre balsamique, vinaigre de xérès,
        vinaigre de vin de xérès, vinaigre de champagne, vinaigre de porto, vinaigre de vin blanc,
        vinaigre de vin rouge, vinaigre de banyuls, fermenté
    """,
    (Substance.HISTAMINE_LIBERATING,): """
        vinaigre d'alcool, vinaigre de cidre, vinaigre de bière, tomate, épinard, aubergine, fraise,
        framboise, ananas, kiwi, papaye, orange, citron, jus de citron, citron vert, pamplemousse, cacao,
        pâte de cacao, poudre de cacao, chocolat, avocat, glutamate monosodique, glutamate de sodium,
        vinaigre, banane, jus d'orange
    """,
    (Substance.MEAT,): """
        viande, agneau, mouton, gibier, cerf, chevreuil, lapin, lièvre, cheval, foie, foie gras, rognon,
        abats, saucisse, bouillon de viande, extrait de viande, viande hachée, merguez, andouille,
        andouillette, chevreau, pâté de foie, protéines animales, tripes, boudin blanc, mortadelle,
        rillettes, charcuterie
    """,
    (Substance.MEAT, Substance.HISTAMINE_RICH): "viande des grisons, cervelas, bresaola",
    (Substance.PORK,): """
        porc, jambon, lardon, bacon, cochon, poitrine fumée, couenne, gras de porc, sanglier, pancetta,
        viande de porc, maigre de porc, gélatine de porc, gorge de porc, lard, porcin, porcelet
    """,
    (Substance.PORK, Substance.HISTAMINE_RICH): """
        saucisson, salami, chorizo, jambon cru, jambon sec, jambon de bayonne, rosette, coppa, prosciutto,
        pepperoni, speck
    """,
    (Substance.PORK, Substance.ANIMAL_FAT): "saindoux, graisse de porc",
    (Substance.BEEF,): """
        boeuf, bœuf, veau, viande bovine, bovin, bovine, génisse, gélatine de bœuf, gélatine bovine, steak
        haché
    """,
    (Substance.BEEF, Substance.ANIMAL_FAT): "suif, graisse de bœuf, suif de bœuf",
    (Substance.POULTRY,): """
        volaille, poulet, dinde, canard, oie, caille, pintade, coq, poule, chapon, faisan, dindonneau,
        foie de volaille, magret, pigeon
    """,
    (Substance.POULTRY, Substance.ANIMAL_FAT): """
        graisse de canard, graisse d'oie, graisse de volaille, graisse de poulet
    """,
    (Substance.BLOOD,): "sang, boudin noir, boudin, plasma sanguin, hémoglobine",
    (Substance.ANIMAL_FAT,): """
        graisse animale, graisses animales, matière grasse animale, matières grasses animales
    """,
    (Substance.GELATINE,): """
        gélatine, gélatine de porc, gélatine bovine, gélatine de bœuf, gélatine alimentaire, collagène,
        gelée de viande, aspic, hydrolysat de collagène
    """,
    (Substance.RENNET,): "présure, chymosine, présure animale, pepsine",
    (Substance.HONEY,): "miel, gelée royale, propolis, pollen d'abeille, hydromel",
    (Substance.BEESWAX,): "cire d'abeille, cire d'abeilles",
    (Substance.CARMINE,): "carmin, cochenille, acide carminique, carmins, rouge cochenille",
    (Substance.SHELLAC,): "shellac, gomme laque, schellac",
    (Substance.INSECTS,): """
        insecte, grillon, ver de farine, vers de farine, criquet, sauterelle, ténébrion, grillon
        domestique
    """,
    (Substance.ANIMAL,): "lanoline, l cystéine, kératine",
    (Substance.ANIMAL_BODY,): "gélatine animale, phosphate d'os, chitosane",
    (Substance.ALCOHOL, Substance.HISTAMINE_RICH): """
        vin, vin rouge, vin blanc, champagne, porto, marsala, madère, cidre, xérès, vermouth, mousseux,
        prosecco
    """,
    (Substance.ALCOHOL,): """
        alcool, alcool éthylique, éthanol, rhum, cognac, armagnac, whisky, vodka, gin, kirsch, liqueur,
        eau de vie, grand marnier, cointreau, calvados, grappa, pastis, limoncello, marc de champagne,
        brandy
    """,
    (Substance.UNCERTAIN_ORIGIN,): """
        mono et diglycérides, mono et diglycérides d'acides gras, monoglycéride, diglycéride, glycérol,
        glycérine, acide stéarique, stéarate de magnésium, stéaroyl lactylate de sodium, stéaroyl 2
        lactylate de sodium, polysorbate, acides gras, inosinate disodique, guanylate disodique, vitamine
        d3, enzyme
    """,
}

#: Words and phrases that hold one of the words above, or look like one, and name something else.
OTHER_THINGS: Final = """
    beurre de cacao, beurre de karité, beurre de coco, beurre de mangue, courge butternut, butternut,
    beurre végétal de cacao, lait de coco, crème de coco, noix de coco, crème de tartre, crème de riz,
    crème de marrons, crème de marron, crème de cassis, crème de menthe, lait de riz, boisson de riz, lait
    de chanvre, crème de coco râpée, pomme de lait, crème de balsamique, crème de vinaigre balsamique,
    crème de poivron, yaourt de coco, lait de pois, acide lactique, acide laitique, ferments lactiques,
    ferment lactique, bactéries lactiques, bactérie lactique, lactate, lactate de calcium, lactase, esters
    lactiques, lactobacillus, noix de muscade, noix muscade, noix de muscades, noix de karité, noix de
    kola, noix de palme, noix de cola, noix de tigre, noix de bétel, noix de ginkgo, amande de terre,
    amandes de terre, blé noir, farine de blé noir, sarrasin, blé sarrasin, herbe de blé, semoule de maïs,
    semoule de riz, malt de riz, sirop de malt de riz, couscous de maïs, maltodextrine, gluten de maïs,
    herbe d'orge, pâte de fruit, pleurote, pleurote en huître, champignon huître, poisson d'avril, chair
    de tomate, chair de coco, tomate cœur de bœuf, cœur de bœuf, tomates cœur de bœuf, langue de bœuf
    champignon, foie de veau végétal, oreille de judas, chou de chine, bec d'oie, pied de mouton, pieds de
    mouton, trompette, queue de cheval, chanterelle, crête de coq, poule des bois, ciboule, orange
    sanguine, oranges sanguines, sang dragon, gélatine végétale, agar agar, présure végétale, présure
    microbienne, présure non animale, coagulant microbien, coagulant végétal, glycérine végétale, glycérol
    végétal, melon miel, pomme de terre, pommes de terre, fécule de pomme de terre, purée de pomme de
    terre, pomme de pin, pomme cajou, pomme grenade, pêche durable, zone de pêche, engin de pêche, pêche
    responsable, méthode de pêche, pêche en mer, tomate prune, tomate cerise, tomates cerises, tomate
    cerises, tomates cerise, poire de terre, raisin d'ours, alcool de sucre, polyalcool, levure de bière,
    levure de vin, marc de raisin, feuille de vigne, feuilles de vigne, bière de gingembre, tartre, gin
    seng, sucre d'orge, pois sucre, fleur d'oranger, eau de fleur d'oranger, citronnelle, fleur de sureau,
    vitamine c, mélisse citron, fleur de tilleul, bouquet garni, prune de mer, orange bitter, feuille
    d'oranger, avocat de loi, crabe végétal
"""

#: Exceptions of Annex II of Regulation (EU) No 1169/2011: made from it, and hardly anything of it left.
TRACES_OF: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        sirop de glucose de blé, sirop de glucose blé, sirop de glucose issu de blé, sirop de glucose
        fructose de blé, dextrose de blé, dextrose blé, maltodextrine de blé, maltodextrines de blé,
        maltodextrine blé, sirop de glucose d'orge, sirop de glucose à base de blé
    """,
    (Substance.SOYBEANS,): """
        huile de soja entièrement raffinée, huile de soja totalement raffinée, stérols de soja,
        phytostérols de soja, tocophérols de soja
    """,
    (Substance.LACTOSE,): "lactitol",
}

#: Words of the other four languages that are everyday words, names or places in this one.
FOREIGN: Final = "date, mince, lab, alice, rape, mou, met, malta, farina, res, ave"
