"""German labels' words. Those of five letters and more are found inside compounds too."""

from collections.abc import Mapping
from typing import Final

from contexts.personalization.domain.substances import Substance

WORDS: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        gluten, glutenhaltig, weizen, hartweizen, dinkel, roggen, gerste, hafer, grünkern, emmer, einkorn,
        kamut, khorasan, triticale, urkorn, grieß, weichweizengrieß, bulgur, couscous, seitan, graupen,
        malz, malzextrakt, gerstenmalz, malzmehl, paniermehl, semmelbrösel, semmel, panade, vollkornmehl,
        spelz, haferdrink, hafermilch, hafersahne, porridge, röstmalz, malzpulver, malzsirup, knödelbrot,
        toastbrot, zwieback, bieressig, tritordeum, pumpernickel, knäckebrot, brot, brötchen, weißbrot,
        spätzle, keks, kekse, brezel, brezeln
    """,
    (Substance.GLUTEN, Substance.ALCOHOL): """
        bier, weißbier, weizenbier, malzbier, pils, pilsner, pilsener, starkbier
    """,
    (Substance.CRUSTACEANS,): """
        krebstiere, krebs, flusskrebs, garnele, shrimps, krabbe, hummer, languste, kaisergranat, scampi,
        krabbenfleisch, krill, taschenkrebs, krustentiere, schalentiere, krebsfleisch, granat
    """,
    (Substance.EGGS,): """
        ei, eier, eigelb, eiweiß, eiklar, eidotter, dotter, vollei, volleipulver, eipulver, trockenei,
        trockeneigelb, trockeneiweiß, flüssigei, flüssigeigelb, hühnerei, hühnereier, hühnereiweiß,
        hühnereigelb, hühnereiklar, hühnereiweißpulver, hühnervollei, freilandei, freilandeier, bioei,
        bioeier, bodenhaltungseier, wachtelei, wachteleier, entenei, eiprodukt, eierzeugnis, eiweißpulver,
        eigelbpulver, eialbumin, albumin, ovalbumin, lysozym, mayonnaise, majonäse, remoulade, baiser,
        aioli, eierlikör, eierteigware, eiernudeln, eierspätzle, hollandaise, ei lecithin, eilecithin,
        rührei, spiegelei, eischnee, eibestandteile, eimasse, frischei, landei, landeier, eiern, sprühei,
        eiernockerl, eiercreme, eischaum, omelett, omelette, biskuit
    """,
    (Substance.FISH,): """
        fisch, fische, lachs, forelle, kabeljau, dorsch, seelachs, schellfisch, scholle, heilbutt,
        seehecht, zander, karpfen, rotbarsch, barsch, seezunge, sprotte, matjes, kaviar, rogen, surimi,
        fischöl, fischsauce, fischsoße, fischgelatine, lebertran, worcestersauce, worcestershiresauce,
        hausenblase, tilapia, dorade, wolfsbarsch, alaska seelachs, alaskaseelachs, bückling, saibling,
        steinbutt, rollmops, bismarckhering, butterfisch, felchen, renke, äsche, seeforelle, nuoc mam,
        garum, graved lachs, meeräsche
    """,
    (Substance.FISH, Substance.HISTAMINE_RICH): """
        thunfisch, makrele, sardelle, sardine, hering, heringe, anchovis, sardinen
    """,
    (Substance.SCALELESS_FISH,): """
        aal, aale, wels, seeteufel, rochen, pangasius, schwertfisch, seehase, schillerlocke, dornhai
    """,
    (Substance.PEANUTS,): """
        erdnuss, erdnüsse, erdnussbutter, erdnussöl, erdnusscreme, erdnussmus, erdnußbutter, arachisöl,
        erdnussmilch, satay, saté
    """,
    (Substance.SOYBEANS,): """
        soja, sojabohne, sojamilch, sojadrink, sojasahne, sojajoghurt, sojaeiweiß, sojabutter, sojacreme,
        sojaghurt, sojakäse, sojarahm, tofu, edamame, okara, sojafleisch, sojawurst, sojaquark
    """,
    (Substance.SOYBEANS, Substance.HISTAMINE_RICH): """
        sojasauce, sojasoße, miso, tempeh, tamari, shoyu, natto, würzsoße aus soja
    """,
    (Substance.MILK, Substance.LACTOSE): """
        milch, vollmilch, magermilch, milchpulver, vollmilchpulver, magermilchpulver, buttermilch,
        milchfett, milcheiweiß, milchprotein, molkeneiweiß, molkenprotein, butter, butterreinfett,
        butterfett, butterschmalz, ghee, sahne, rahm, obers, schlagobers, schmand, schmant, saure sahne,
        sauerrahm, creme fraiche, molke, molkenpulver, süßmolke, süßmolkenpulver, kasein, casein,
        kaseinat, caseinat, natriumcaseinat, joghurt, jogurt, yoghurt, quark, topfen, kefir, skyr,
        kondensmilch, dickmilch, milcherzeugnis, lactalbumin, laktalbumin, laktoglobulin, kaffeesahne,
        kaffeeweißer, milchschokolade, vollmilchschokolade, pudding, bechamel, karamellbutter, ayran,
        rohmilch, schafmilch, schafsmilch, ziegenmilch, stutenmilch, milchreis, eiscreme, speiseeis,
        milcheis, vanilleeis, schokoladeneis, sahneeis, zaziki, tzatziki
    """,
    (Substance.LACTOSE,): "laktose, lactose, milchzucker, lactulose, laktulose",
    (Substance.CHEESE, Substance.LACTOSE): """
        käse, käsepulver, frischkäse, schmelzkäse, hüttenkäse, weichkäse, ricotta, mozzarella, mascarpone,
        feta, hirtenkäse, camembert, brie, schafskäse, ziegenkäse, halloumi, burrata, provolone,
        limburger, tilsiter, harzer, butterkäse, esrom, bavaria blu, münsterkäse
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH): """
        hartkäse, schnittkäse, edelpilzkäse, bergkäse, gouda, edamer, tilsiter, cheddar, emmentaler,
        gorgonzola, roquefort, blauschimmelkäse, appenzeller, raclette, reibekäse, butterkäse,
        rohmilchkäse
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH, Substance.RENNET): """
        parmesan, parmesankäse, pecorino, gruyère, greyerzer, manchego, comté
    """,
    (Substance.NUTS,): """
        nuss, nüsse, nuß, nusskern, schalenfrucht, schalenfrüchte, mandel, mandelmilch, mandeldrink,
        mandelbutter, mandelmus, haselnuss, haselnüsse, haselnussmilch, cashew, cashewkern, cashewnuss,
        cashewbutter, cashewmilch, cashewdrink, haselnussdrink, kaschunuss, pekannuss, pekannüsse,
        pecannuss, paranuss, paranüsse, pistazie, macadamia, macadamianuss, queenslandnuss, marzipan,
        persipanmandel, nougat, nugat, krokant, gianduja, praline, nussmus, nussbutter, amaretto,
        amarettini, nussmilch, nussdrink, nussfleisch, studentenfutter, persipan, nougatcreme, baklava
    """,
    (Substance.NUTS, Substance.HISTAMINE_LIBERATING): "walnuss, walnüsse, walnussöl, baumnuss",
    (Substance.CELERY,): """
        sellerie, knollensellerie, stangensellerie, staudensellerie, bleichsellerie, suppengrün,
        suppengemüse, wurzelgemüse
    """,
    (Substance.MUSTARD,): "senf, senfsaat, senfkörner, senfmehl, senfkorn, senfsamen, mostrich",
    (Substance.SESAME,): """
        sesam, sesamsamen, sesamsaat, sesamöl, sesampaste, tahin, tahini, halva, hummus, sesammus,
        gomasio, gomashio, halwa, zatar
    """,
    (Substance.SULPHITES,): """
        sulfit, schwefeldioxid, natriummetabisulfit, kaliummetabisulfit, metabisulfit, natriumdisulfit,
        kaliumdisulfit, natriumhydrogensulfit, bisulfit, disulfit, geschwefelt, natriumsulfit, so2,
        schwefelige säure, schwefeloxid, pyrosulfit, kaliumpyrosulfit, natriumpyrosulfit
    """,
    (Substance.LUPIN,): "lupine, lupinenmehl, süßlupine, lupinensamen, lupineneiweiß, lupin, lupinus",
    (Substance.MOLLUSCS,): """
        weichtiere, muschel, miesmuschel, jakobsmuschel, venusmuschel, auster, austern, austernsauce,
        tintenfisch, kalmar, krake, oktopus, sepia, schnecke, weinbergschnecke, calamari, herzmuschel,
        trogmuschel, schwertmuschel
    """,
    (Substance.FRUCTOSE,): """
        fruktose, fructose, fruchtzucker, fruktosesirup, fructosesirup, glukosefruktosesirup,
        glucosefructosesirup, glukose fruktose sirup, glucose fructose sirup, fruktose glukose sirup,
        fructose glucose sirup, isoglukose, invertzucker, invertzuckersirup, invertzuckercreme,
        agavendicksaft, agavensirup, agave, apfelsaft, apfelsaftkonzentrat, apfeldicksaft, birnendicksaft,
        traubensaft, traubensaftkonzentrat, fruchtsaftkonzentrat, fruchtdicksaft, apfelmark, apfelmus,
        apfel, äpfel, mango, wassermelone, dattel, dattelsirup, feige, rosine, sultanine, guave
    """,
    (Substance.FRUCTOSE, Substance.SORBITOL): """
        birne, kirsche, sauerkirsche, kirschsaft, aprikose, marille, pfirsich, pflaume, zwetschge,
        nektarine
    """,
    (Substance.SORBITOL,): "sorbit, sorbitol, sorbitsirup, sorbitolsirup",
    (Substance.SUCROSE,): """
        zucker, rohrzucker, rübenzucker, vollrohrzucker, rohrohrzucker, saccharose, puderzucker,
        kristallzucker, melasse, ahornsirup, zuckersirup, karamell, karamellzucker, karamellzuckersirup,
        zuckerrübensirup, kandis
    """,
    (Substance.HISTAMINE_RICH,): """
        sauerkraut, kimchi, hefeextrakt, weinessig, rotweinessig, weißweinessig, sherryessig, sherry
        essig, champagneressig, sektessig, portweinessig, weinbrandessig, balsamico, aceto balsamico,
        fermentiert
    """,
    (Substance.HISTAMINE_LIBERATING,): """
        branntweinessig, alkoholessig, bieressig, tomate, tomatenmark, tomatenpulver, spinat, aubergine,
        erdbeere, himbeere, ananas, kiwi, papaya, orange, orangensaft, zitrone, zitronensaft, limette,
        grapefruit, kakao, kakaomasse, kakaopulver, schokolade, avocado, mononatriumglutamat,
        natriumglutamat, essig, banane
    """,
    (Substance.MEAT,): """
        fleisch, lamm, lammfleisch, hammel, hammelfleisch, schaffleisch, ziegenfleisch, wildfleisch,
        hirsch, hirschfleisch, rehfleisch, reh, kaninchen, hase, hasenfleisch, pferdefleisch, leber,
        niere, herz, innereien, wurst, würstchen, bratwurst, hackfleisch, faschiertes, fleischextrakt,
        fleischbrühe, knochenbrühe, wiener würstchen, leberwurst, leberpastete, leberknödel,
        separatorenfleisch, tierisches eiweiß, leberkäse, fleischkäse, frikadelle, kutteln, mortadella,
        frankfurter, knochenphosphat, foie gras, rauchfleisch, wildbret
    """,
    (Substance.MEAT, Substance.HISTAMINE_RICH): """
        rohwurst, mettwurst, landjäger, cervelat, bresaola, bündnerfleisch, kabanossi, sucuk, dauerwurst
    """,
    (Substance.PORK,): """
        schwein, schweinefleisch, schweinespeck, schweineschwarte, schwarte, speck, schinken,
        kochschinken, kassler, kasseler, schweinebauch, schweinegelatine, wildschwein, ferkel, spanferkel,
        eisbein, pancetta, bacon, mett, schweineleber, schweinskopf, rückenspeck, bauchspeck, bauchfleisch
    """,
    (Substance.PORK, Substance.HISTAMINE_RICH): """
        salami, rohschinken, schwarzwälder schinken, serrano, prosciutto, parmaschinken, chorizo,
        pepperoni, speckwürfel
    """,
    (Substance.PORK, Substance.ANIMAL_FAT): """
        schweineschmalz, schmalz, schweinefett, griebenschmalz, flomen, grieben
    """,
    (Substance.BEEF,): """
        rind, rindfleisch, rinder, rinderhack, rindergelatine, kalb, kalbfleisch, kalbsfleisch, ochse,
        ochsenfleisch, rinderbrühe, rinderbouillon, rindsbouillon, rinds, kalbs, rinderkollagen,
        ochsenschwanz, jungbulle
    """,
    (Substance.BEEF, Substance.ANIMAL_FAT): "rinderfett, rindertalg, rinderschmalz, rindsfett",
    (Substance.POULTRY,): """
        geflügel, huhn, hühner, hühnerfleisch, hähnchen, hähnchenfleisch, hühnerbrühe, hühnerfett, pute,
        puten, putenbrust, putenschnitzel, putenwurst, putensalami, putenkeule, putenleber, putenfleisch,
        truthahn, truthahnfleisch, ente, enten, entenfleisch, entenbrust, gans, gänsefleisch, gänseleber,
        entenleber, wachtel, perlhuhn, fasan, hendl, poulet, pouletfleisch, poularde, geflügelleber
    """,
    (Substance.POULTRY, Substance.ANIMAL_FAT): """
        gänseschmalz, gänsefett, entenfett, entenschmalz, geflügelfett
    """,
    (Substance.BLOOD,): """
        blut, blutwurst, blutplasma, schweineblut, rinderblut, hämoglobin, blutplasmaprotein
    """,
    (Substance.ANIMAL_FAT,): "tierisches fett, tierische fette, tierfett, talg, tierische fette und öle",
    (Substance.GELATINE,): """
        gelatine, rindergelatine, schweinegelatine, fischgelatine, speisegelatine, blattgelatine,
        kollagen, collagen, kollagenhydrolysat, aspik, sülze
    """,
    (Substance.RENNET,): """
        lab, kälberlab, tierisches lab, labferment, labenzym, labaustauschstoff, naturlab, chymosin,
        pepsin
    """,
    (Substance.HONEY,): "honig, bienenhonig, gelée royale, propolis, blütenpollen, met, honigpulver",
    (Substance.BEESWAX,): "bienenwachs",
    (Substance.CARMINE,): "karmin, carmin, cochenille, koschenille, karminsäure, echtes karmin",
    (Substance.SHELLAC,): "schellack",
    (Substance.INSECTS,): """
        insekten, insekt, grille, hausgrille, grillenpulver, heimchen, mehlwurm, mehlwürmer, mehlkäfer,
        wanderheuschrecke, heuschrecke, getreideschimmelkäfer, buffalowürmer
    """,
    (Substance.ANIMAL,): "lanolin, l cystein, keratin",
    (Substance.ANIMAL_BODY,): "chitosan, tierische gelatine",
    (Substance.ALCOHOL, Substance.HISTAMINE_RICH): """
        wein, rotwein, weißwein, sekt, champagner, portwein, prosecco, marsala, madeirawein, sherry,
        apfelwein, obstwein, glühwein, wermut, schaumwein, perlwein, branntwein, weinbrand, branntweine
    """,
    (Substance.ALCOHOL,): """
        alkohol, alkoholhaltig, ethanol, ethylalkohol, äthylalkohol, rum, jamaika rum, likör, wodka,
        whisky, whiskey, gin, cognac, weingeist, kirschwasser, obstler, obstbrand, grappa, schnaps, arrak,
        calvados, cointreau, kornbrand, trinkalkohol, obstbranntwein
    """,
    (Substance.UNCERTAIN_ORIGIN,): """
        mono und diglyceride, mono und diglyceride von speisefettsäuren, mono und diglyzeride,
        monoglyceride, diglyceride, glycerin, glyzerin, stearinsäure, magnesiumstearat, calciumstearat,
        stearoyllactylat, natriumstearoyl 2 lactylat, polysorbat, speisefettsäuren, speisefettsäure,
        fettsäuren, dinatriuminosinat, dinatriumguanylat, vitamin d3, enzyme
    """,
}

#: Words and phrases that hold one of the words above, or look like one, and name something else.
OTHER_THINGS: Final = """
    kakaobutter, kakao butter, sheabutter, kokosbutter, mangobutter, butterbohne, buttersalat,
    butterkürbis, butternuss, butternusskürbis, butternut, butterpilz, butterrübe, buttersäure,
    butterhäuptel, butterblume, kokosmilch, kokosnussmilch, kokoscreme, kokossahne, kokosjoghurt,
    kokosrahm, reismilch, hanfmilch, hirsemilch, erbsenmilch, pflanzenmilch, dinkelkaffee, milchsäure,
    milchsaure, milchsäurebakterien, milchsäurekulturen, milchner, milchdistel, laktat, calciumlactat,
    natriumlactat, laktase, lactase, lactobacillus, lactobacillen, margarinekäse, weinsteinrahm,
    kokosnuss, kokosnüsse, kokosnuß, muskatnuss, muskatnüsse, muskatnuß, erdmandel, erdmandeln, genuss,
    genuß, genussmittel, vollgenuss, hochgenuss, zedernuss, pinienkerne, pinienkern, kolanuss, colanuss,
    betelnuss, tigernuss, wassernuss, sheanuss, ginkgonuss, mandelpilz, mandarine, buchweizen,
    buchweizenmehl, buchweizengrieß, maisgrieß, reisgrieß, hirsegrieß, kichererbsengrieß, grießwurzel,
    weizengras, weizengrassaft, gerstengras, gerstengrassaft, dinkelgras, reismalz, maismalz, malzzucker,
    maltodextrin, hirsegraupen, roggengras, krebsling, krabbelkäfer, fischminze, austernpilz,
    austernpilze, austernseitling, austernseitlinge, austernsaitling, tomatenfisch, milchlamm,
    fleischtomate, fleischtomaten, fleischkraut, fruchtfleisch, kokosfleisch, kokosnussfleisch, lammkraut,
    feldsalat, hirschhornsalz, hirschhornwurzel, hirse, kirschtomate, kirschtomaten, kirschlorbeer,
    hasenohr, hasel, haselwurz, leberblümchen, leberbalsam, herzhaft, herzhafte, herzgespann, herzen,
    nierenbohne, nierenbohnen, kidneybohne, flammkuchen, flamme, flammen, rinde, rinden, käserinde,
    baumrinde, zimtrinde, eichenrinde, chinarinde, brotrinde, gerinde, entenwerder, entengrütze,
    gänseblümchen, gänsefuß, gänsefingerkraut, hühnerdarm, hühnermiere, schweinsohrpilz, sauschwänzchen,
    saubohne, saubohnen, ochsenherztomate, ochsenherztomaten, ochsenherz, ochsenzunge, kalbin,
    kalbskopfpilz, bocksdorn, bockshornklee, rinderwahn, rinderpilz, blutorange, blutorangen,
    blutorangensaft, blutwurz, blutweiderich, blutpflaume, schwedenblut, vollblut, kaninchenkraut,
    mikrobielles lab, mikrobieller labaustauschstoff, pflanzliches lab, vegetarisches lab, mikrobielle
    labaustauschstoffe, labkraut, labkrautblüten, honigmelone, honigmelonen, honigbusch, honigklee,
    honigtau, haferwurzel, haferwurzeln, sahnesteif, honigtomate, honigbeere, honigpomelo, blutpfirsich,
    weinessigsäure, weinsäure, weinstein, weinsteinsäure, weinsteinbackpulver, weintraube, weintrauben,
    weintraubenkernöl, weinbeere, weinbeeren, weinblätter, weinlaub, weinrebe, weinraute, weingummi,
    weinhefe, weinberg, weinbergpfirsich, weinbergpfirsiche, rotweinblätter, bierhefe, brauhefe,
    bierhefeextrakt, ingwerbier, bierrettich, bierschinkengewürz, zuckeralkohol, zuckeralkohole,
    alkoholischer essig, zuckerhut, zuckerhutsalat, zuckererbse, zuckererbsen, zuckermais,
    zuckerrübenfaser, zuckerschote, zuckerschoten, zuckeraustauschstoff, zuckeraustauschstoffe,
    zuckerkulör, senfkohl, senfspinat, senfgurkengewürz, sesamblatt, eis, eisbergsalat, eisen,
    einkornkaffee, eierschwammerl, eierschwamm, eierschwämme, eierfrucht, eierfrüchte, eierpflanze,
    eierpflaume, erbseneiweiß, reiseiweiß, hanfeiweiß, kartoffeleiweiß, pflanzeneiweiß, pflanzliches
    eiweiß, erbsen eiweiß, eiweißhaltig, orangenblüte, orangenblüten, orangenblütenwasser, zitronengras,
    zitronenmelisse, zitronenverbene, zitronenthymian, zitronensäure, lindenblüte, apfelminze, apfelbeere,
    apfelrose, kirschpaprika, pflaumentomate, pflaumentomaten, birnenmelone, granatapfel, granatapfelsaft,
    erdapfel, schaumweinbereitung, mettigel, kokoswurst, vitamin c, schweinsohr, kakaobohnenbruch,
    walfisch, dattelpflaume, dattelpflaumen, dattelwein, dattelkernkaffee, dattelkirschtomate,
    datteltomate, datteltomaten, tomatenpaprika
"""

#: Exceptions of Annex II of Regulation (EU) No 1169/2011: made from it, and hardly anything of it left.
TRACES_OF: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        weizenglukosesirup, weizenglucosesirup, glukosesirup weizen, glucosesirup weizen, glukosesirup aus
        weizen, glucosesirup aus weizen, glukose fruktose sirup weizen, glukose fruktose sirup aus weizen,
        weizendextrose, dextrose weizen, dextrose aus weizen, weizenmaltodextrin, maltodextrin weizen,
        maltodextrin aus weizen, gerstenglukosesirup, glukosesirup aus gerste
    """,
    (Substance.SOYBEANS,): """
        vollständig raffiniertes sojaöl, vollständig raffiniertes sojabohnenöl, sojasterine, phytosterine
        aus soja, tocopherole aus soja
    """,
    (Substance.LACTOSE,): "lactit, laktit, lactitol",
}

#: Shorter words that are found at either end of a compound or inside it.
ELEMENTS: Final = """
    käse, soja, senf, nuss, nuß, rind, kalb, lamm, huhn, wein, bier, malz, rahm, ghee, honig, feta, aal,
    eier
"""

#: Longer words that are not: they stand in words of other meanings, or for protein of any source.
NOT_ELEMENTS: Final = """
    granat, brot, keks, kekse, renke, harzer, zatar, satay, biskuit, omelett, omelette, brezel, lupinus,
    eiweiß, albumin, hasel, enzyme, grille, dotter, niere, leber, orange, enten, hasen, puten, sepia,
    kalbs, rinds, pfirsich, krebs, serrano, topfen, obers, grieß, apfel, feige, mango, agave, kandis,
    rochen, essig, fische, lupin, pilsner, pilsener, auster, talg, creamer, birne, banane, sülze, pepsin,
    polysorbat, grieben, wermut, sprotte, tamari, shoyu, natto
"""

#: Words of the other four languages that are everyday words, names or places in this one.
FOREIGN: Final = "sole, colin, lotte, alice, rosette, malta, rape"

#: Parts of words that only look like one of the words above.
LOOK_ALIKES: Final = """
    meier, feier, feiern, schleier, dreier, zweier, flachs, alexander, schlemmer, schäfer, spezifisch,
    pazifisch, grafisch, speckstein, automat, rahmen, tamarind, drogen, hydrogen, schlamm, flamm
"""
