"""Italian labels' words."""

from collections.abc import Mapping
from typing import Final

from contexts.personalization.domain.substances import Substance

WORDS: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        glutine, grano, frumento, grano duro, grano tenero, semola, semolino, semola di grano duro, farro,
        spelta, segale, orzo, orzo perlato, malto, malto d'orzo, estratto di malto, avena, fiocchi
        d'avena, latte di avena, latte d'avena, bevanda di avena, bevanda all'avena, bulgur, couscous,
        cuscus, cous cous, kamut, khorasan, triticale, seitan, pangrattato, pane grattugiato, monococco,
        dicocco, freekeh, crusca, aceto di birra, fette biscottate, pan di spagna, farina integrale,
        farina 00, farina bianca, farina manitoba, pane, tritordeum, farina tipo 0, farina di tipo 0,
        farina tipo 1, farina 0, fregola, grissini, pasta di semola,
        crostini, focaccia, brioche
    """,
    (Substance.GLUTEN, Substance.ALCOHOL): "birra",
    (Substance.CRUSTACEANS,): """
        crostaceo, crostacei, gambero, gamberetto, gamberone, mazzancolla, scampo, scampi, granchio,
        aragosta, astice, krill, canocchia, granseola, granceola, grancevola, gambero rosso, cicala di
        mare, cicale di mare
    """,
    (Substance.EGGS,): """
        uovo, uova, uova di gallina, uova di galline, uovo di gallina, tuorlo, tuorlo d'uovo, albume,
        albume d'uovo, ovoprodotto, ovoprodotti, albumina, ovoalbumina, lisozima, maionese, meringa,
        meringhe, pasta all'uovo, zabaione, zabaglione, crema pasticcera, besciamella all'uovo, misto
        d'uovo, savoiardi, frittata, ovomucoide, savoiardo
    """,
    (Substance.FISH,): """
        pesce, salmone, trota, merluzzo, baccalà, stoccafisso, nasello, platessa, sogliola, orata,
        branzino, spigola, halibut, persico, carpa, luccio, caviale, bottarga, surimi, olio di pesce,
        salsa di pesce, salsa worcester, salsa worcestershire, uova di pesce, uova di lompo, olio di
        fegato di merluzzo, colla di pesce, cernia, dentice, triglia, ittiocolla, pesci, tilapia, cefalo,
        rombo, ricciola, aguglia, colatura, lampuga, corvina, ombrina, sarago, mormora, scorfano, leccia,
        ghiozzo, salmerino, temolo, coregone, garum, gallinella di mare, muggine, nuoc mam, pagello
    """,
    (Substance.FISH, Substance.HISTAMINE_RICH): """
        tonno, sgombro, acciuga, acciughe, alice, alici, sardina, sarda, aringa, aringhe, tonnetto,
        colatura di alici
    """,
    (Substance.SCALELESS_FISH,): """
        anguilla, rana pescatrice, razza, squalo, palombo, verdesca, storione, pesce spada, pesce gatto,
        pangasio, lompo, smeriglio
    """,
    (Substance.PEANUTS,): """
        arachide, arachidi, burro di arachidi, burro d'arachidi, olio di arachidi, olio di semi di
        arachide, nocciolina americana, noccioline, nocciolina, noccioline americane, spagnolette,
        spagnoletta, satay
    """,
    (Substance.SOYBEANS,): """
        soia, semi di soia, latte di soia, bevanda di soia, bevanda alla soia, panna di soia, yogurt di
        soia, tofu, edamame, farina di soia, lecitina di soia, burro di soia, formaggio di soia, soja
    """,
    (Substance.SOYBEANS, Substance.HISTAMINE_RICH): "salsa di soia, miso, tempeh, tamari, shoyu",
    (Substance.MILK, Substance.LACTOSE): """
        latte, latticello, burro, burro anidro, panna, panna acida, siero di latte, siero, caseina,
        caseinato, yogurt, latticino, latticini, latte scremato, latte intero, latte in polvere, latte
        condensato, latte concentrato, lattiero, cioccolato al latte, gelato, ghee, kefir, lattoalbumina,
        lattoglobulina, proteine del latte, cagliata, besciamella, grasso del latte, latte di capra, latte
        di pecora, latte di bufala, crema di latte, dulce de leche, stracchino, crescenza, burro
        concentrato, mou, fior di latte, fiordilatte, tzatziki, ganache
    """,
    (Substance.LACTOSE,): "lattosio, zucchero di latte, zucchero del latte, lattulosio",
    (Substance.CHEESE, Substance.LACTOSE): """
        formaggio, mozzarella, ricotta, mascarpone, feta, caciotta, scamorza, provola, burrata,
        stracciatella, robiola, formaggio fuso, brie, quark, fiocchi di latte, formaggini, sottilette,
        squacquerone, toma piemontese, bufala, philadelphia, casatella, primo sale, quartirolo,
        crescenza stracchino, caprino, bitto, castelmagno
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH): """
        gorgonzola, provolone, emmental, fontina, asiago, taleggio, caciocavallo, gouda, cheddar, edam,
        montasio, roquefort, formaggi stagionati, formaggio stagionato, ricotta salata
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH, Substance.RENNET): """
        parmigiano, parmigiano reggiano, grana padano, grana, pecorino, pecorino romano, gruviera,
        gruyère, manchego
    """,
    (Substance.NUTS,): """
        frutta a guscio, frutta secca a guscio, mandorla, latte di mandorla, latte di mandorle, bevanda di
        mandorle, bevanda alla mandorla, burro di mandorle, crema di mandorle, pasta di mandorle,
        nocciola, latte di nocciola, pasta di nocciole, crema di nocciole, anacardo, anacardi, burro di
        anacardi, latte di anacardi, noce di acagiù, noci di acagiù, noce pecan, noci pecan, noci di
        pecan, noce del brasile, noci del brasile, pistacchio, noce macadamia, noci macadamia, noci di
        macadamia, macadamia, noce del queensland, noci del queensland, marzapane, torrone, gianduia,
        gianduja, pralina, praline, pralinato, croccante, amaretto, amaretti, pecan, mandorle tostate,
        bevanda di nocciole, gheriglio, gherigli, gianduiotto, gianduiotti, mandorlato, cantucci,
        cantuccini, ricciarelli, pesto
    """,
    (Substance.NUTS, Substance.HISTAMINE_LIBERATING): """
        noce, noci, gheriglio di noce, olio di noce, olio di noci
    """,
    (Substance.CELERY,): "sedano, sedano rapa, sale di sedano",
    (Substance.MUSTARD,): "senape, semi di senape, farina di senape, mostarda",
    (Substance.SESAME,): """
        sesamo, semi di sesamo, olio di sesamo, tahina, tahin, tahini, halva, hummus, gomasio, gomashio,
        halwa, zaatar
    """,
    (Substance.SULPHITES,): """
        solfito, anidride solforosa, biossido di zolfo, diossido di zolfo, metabisolfito, metabisolfito di
        sodio, bisolfito, disolfito, idrogenosolfito, so2, pirosolfito, pirosolfito di sodio, pirosolfito
        di potassio, ossido di zolfo
    """,
    (Substance.LUPIN,): "lupino, lupini, farina di lupini, lupinus",
    (Substance.MOLLUSCS,): """
        mollusco, molluschi, cozza, vongola, ostrica, ostriche, capasanta, capesante, calamaro, totano,
        polpo, seppia, seppie, nero di seppia, lumaca, lumache, moscardino, salsa di ostriche, polipo,
        fasolaro, telline, tellina, seppiolina, seppioline, cannolicchio, cannolicchi, fasolari, tartufo
        di mare, tartufi di mare, murice, patella, moscardini, folpo
    """,
    (Substance.FRUCTOSE,): """
        fruttosio, sciroppo di glucosio fruttosio, sciroppo di fruttosio, sciroppo di fruttosio glucosio,
        glucosio fruttosio, sciroppo di glucosio e fruttosio, isoglucosio, zucchero invertito, sciroppo di
        zucchero invertito, agave, sciroppo d'agave, sciroppo di agave, succo di mela, succo di mela
        concentrato, purea di mela, purea di mele, succo d'uva, succo di uva, succo d'uva concentrato,
        mosto d'uva concentrato, succo di frutta concentrato, mela, mango, anguria, cocomero, dattero,
        sciroppo di datteri, fico, fichi, uvetta, uva passa, uva sultanina, guava
    """,
    (Substance.FRUCTOSE, Substance.SORBITOL): """
        pera, succo di pera, ciliegia, ciliegie, albicocca, pesca, pesche, prugna, prugne, susina,
        amarena, nettarina
    """,
    (Substance.SORBITOL,): "sorbitolo, sciroppo di sorbitolo",
    (Substance.SUCROSE,): """
        zucchero, zucchero di canna, saccarosio, zucchero a velo, melassa, sciroppo d'acero, caramello,
        zucchero caramellato, zucchero bruciato, zucchero di barbabietola, zuccheri
    """,
    (Substance.HISTAMINE_RICH,): """
        crauti, kimchi, estratto di lievito, aceto di vino, aceto balsamico, aceto di sherry, aceto di
        champagne, aceto di vino bianco, aceto di vino rosso, aceto da vino, fermentato
    """,
    (Substance.HISTAMINE_LIBERATING,): """
        aceto di alcol, aceto d'alcol, aceto di alcool, aceto d'alcool, aceto di sidro, aceto di mele,
        pomodoro, pomodori, pomodorini, passata di pomodoro, spinacio, spinaci, melanzana, fragola,
        lampone, ananas, kiwi, papaya, arancia, arance, limone, succo di limone, lime, pompelmo, cacao,
        pasta di cacao, massa di cacao, cioccolato, avocado, glutammato monosodico, glutammato di sodio,
        aceto, banana, succo di arancia
    """,
    (Substance.MEAT,): """
        carne, carni, agnello, abbacchio, pecora, montone, selvaggina, cervo, capriolo, coniglio, lepre,
        cavallo, equino, fegato, rognone, frattaglie, trippa, salsiccia, würstel, wurstel, estratto di
        carne, brodo di carne, ragù, bolognese, capretto, foie gras, proteine animali, carne macinata,
        polpette di carne
    """,
    (Substance.MEAT, Substance.HISTAMINE_RICH): "bresaola, mortadella, salumi, insaccati",
    (Substance.PORK,): """
        suino, suina, suini, maiale, pancetta, prosciutto cotto, guanciale, bacon, speck, cotenna,
        cinghiale, carne suina, gelatina suina, lardo, porchetta, cotechino, zampone, culatello
    """,
    (Substance.PORK, Substance.HISTAMINE_RICH): """
        prosciutto, prosciutto crudo, salame, salamino, coppa, nduja, capocollo, soppressata, chorizo,
        finocchiona, ventricina
    """,
    (Substance.PORK, Substance.ANIMAL_FAT): "strutto, sugna, grasso suino, grasso di maiale",
    (Substance.BEEF,): """
        bovino, bovina, bovini, manzo, vitello, vitellone, bue, scottona, gelatina bovina, carne bovina
    """,
    (Substance.BEEF, Substance.ANIMAL_FAT): "sego, grasso bovino, sego bovino",
    (Substance.POULTRY,): """
        pollame, pollo, tacchino, anatra, oca, quaglia, faraona, gallina, cappone, fagiano, galletto,
        avicolo, piccione
    """,
    (Substance.POULTRY, Substance.ANIMAL_FAT): "grasso d'oca, grasso di pollo, grasso d'anatra",
    (Substance.BLOOD,): "sangue, sanguinaccio, plasma, emoglobina",
    (Substance.ANIMAL_FAT,): "grasso animale, grassi animali, strutto raffinato",
    (Substance.GELATINE,): """
        gelatina, gelatina suina, gelatina bovina, gelatina alimentare, collagene, gelatina animale, aspic
    """,
    (Substance.RENNET,): "caglio, presame, chimosina, caglio animale, pepsina",
    (Substance.HONEY,): "miele, pappa reale, propoli, idromele, polline d'api, millefiori",
    (Substance.BEESWAX,): "cera d'api, cera di api",
    (Substance.CARMINE,): "carminio, cocciniglia, acido carminico",
    (Substance.SHELLAC,): "gommalacca, gomma lacca, shellac",
    (Substance.INSECTS,): """
        insetto, insetti, grillo, farina di grillo, tarma della farina, larve, cavalletta, locusta, grillo
        domestico
    """,
    (Substance.ANIMAL,): "lanolina, l cisteina, cheratina",
    (Substance.ANIMAL_BODY,): "fosfato d'ossa, chitosano",
    (Substance.ALCOHOL, Substance.HISTAMINE_RICH): """
        vino, vino rosso, vino bianco, vin santo, marsala, porto, madera, spumante, prosecco, champagne,
        sidro, vermut, vermouth, sherry
    """,
    (Substance.ALCOHOL,): """
        alcol, alcool, alcol etilico, alcool etilico, etanolo, rum, rhum, brandy, cognac, grappa, liquore,
        whisky, vodka, gin, maraschino, alchermes, limoncello, sambuca, acquavite, kirsch, strega, grand
        marnier, cointreau
    """,
    (Substance.UNCERTAIN_ORIGIN,): """
        mono e digliceridi, mono e digliceridi degli acidi grassi, mono e digliceridi di acidi grassi,
        monogliceride, monogliceridi, digliceridi, glicerolo, glicerina, acido stearico, stearato di
        magnesio, stearoil lattilato di sodio, stearoil 2 lattilato di sodio, polisorbato, acidi grassi,
        inosinato disodico, guanilato disodico, vitamina d3, enzima, enzimi
    """,
}

#: Words and phrases that hold one of the words above, or look like one, and name something else.
OTHER_THINGS: Final = """
    burro di cacao, burro di karité, burro di cocco, burro di mango, butternut, zucca butternut, latte di
    cocco, crema di cocco, panna di cocco, latte di riso, bevanda di riso, latte di canapa, yogurt di
    cocco, cremor tartaro, cremore di tartaro, latte di piselli, latte detergente, cardo latte, lattuga,
    siero vegetale, gelato vegetale di riso, acido lattico, fermenti lattici, fermento lattico, batteri
    lattici, lattato, lattato di calcio, lattasi, esteri lattici, lattobacilli, noce di cocco, noci di
    cocco, noce moscata, noci moscate, noce di karité, noce di cola, noce di kola, noce di palma, noce di
    tigre, nocepesca, noce pesca, nocepesche, mandorla di terra, mandorle di terra, mandorle di albicocca,
    noce di betel, grano saraceno, farina di grano saraceno, grano nero, semola di mais, semola di riso,
    malto di riso, malto di mais, sciroppo di malto di riso, maltodestrine, maltodestrina, couscous di
    mais, erba di grano, erba d'orzo, glutine di mais, crusca di riso, crusca di mais, in grani, pepe in
    grani, grani di pepe, grano di pepe, pesce di carta, fungo ostrica, funghi ostrica, funghi pleurotus,
    carne di cocco, cuore di bue, porcini, porcino, funghi porcini, fungo porcino, pomodoro cuore di bue,
    pomodori cuore di bue, occhio di bue, lingua di bue, lingua di pesce, testa di moro, coda di cavallo,
    pie di gallo, zampa di gallina, arancia sanguigna, arance sanguigne, arancia rossa, arance rosse,
    barba di becco, gelatina vegetale, gelatina di frutta, gelatina di mele, gelatina d'uva, agar agar,
    caglio vegetale, caglio microbico, caglio microbiologico, coagulante microbico, coagulante vegetale,
    glicerina vegetale, glicerolo vegetale, melone miele, pesca sostenibile, zona di pesca, pesca in mare,
    metodo di pesca, attrezzi da pesca, pomodoro ciliegino, pomodori ciliegino, pomodori ciliegini,
    melagrana, mela cotogna, mele cotogne, melograno, albero dei pomodori, lievito di birra, lievito di
    birra secco, lieviti di birra, foglie di vite, cremor tartar, fiori d'arancio, fiori di arancio, acqua
    di fiori d'arancio, citronella, melissa, erba limone, timo limone, vitamina c, fior di zucchero,
    zucchero zero, foglia di fico, foglie di fico, fico d'india, fichi d'india, porto di pesca, uva
    ursina, olio di semi di vinacciolo
"""

#: Exceptions of Annex II of Regulation (EU) No 1169/2011: made from it, and hardly anything of it left.
TRACES_OF: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        sciroppo di glucosio di grano, sciroppo di glucosio da grano, sciroppo di glucosio di frumento,
        sciroppo di glucosio da frumento, sciroppo di glucosio grano, sciroppo di glucosio frumento,
        sciroppo di glucosio fruttosio di frumento, sciroppo di glucosio fruttosio da frumento, destrosio
        di frumento, destrosio di grano, destrosio da frumento, maltodestrine di frumento, maltodestrine
        di grano, maltodestrine da frumento, sciroppo di glucosio d'orzo
    """,
    (Substance.SOYBEANS,): """
        olio di soia totalmente raffinato, olio di soia completamente raffinato, steroli di soia,
        fitosteroli di soia, tocoferoli di soia
    """,
    (Substance.LACTOSE,): "lactitolo, lattitolo",
}

#: Words of the other four languages that are everyday words, names or places in this one.
FOREIGN: Final = """
    sole, date, lab, lotte, colin, rape, mero, nata, farina, perche, creme, ente, rosette, met, res,
    mani, basa
"""
