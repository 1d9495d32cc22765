"""Words that lists of ingredients are full of and that name none of what we look for: by them, together with
the words that do, a text shows itself to be a list in a language that we read."""

from typing import Final

from contexts.personalization.domain.lexicon.words import folded_words

#: Folded.
EVERYDAY: Final = frozenset(
    folded_words("""
        water salt rice corn maize starch oil fat palm sunflower rapeseed canola olive coconut potato
        potatoes carrot carrots onion onions garlic pepper peppers spice spices herb herbs flavour
        flavours flavor flavors flavouring flavourings natural artificial acid acidity regulator
        citric lactic malic tartaric ascorbic preservative preservatives antioxidant antioxidants
        emulsifier emulsifiers stabiliser stabilisers stabilizer thickener colour colours color colors
        sweetener sweeteners raising agent agents baking powder bicarbonate carbonate phosphate
        chloride citrate sodium potassium calcium magnesium iron zinc vitamin vitamins minerals yeast
        seeds seed bean beans lentils chickpeas peas pea quinoa millet amaranth tapioca cassava fibre
        fiber protein flour syrup glucose dextrose juice concentrate extract dried fresh frozen
        organic pasteurised vegetable vegetables fruit fruits berry berries blueberry grape grapes
        cranberry cucumber basil oregano parsley thyme rosemary ginger cinnamon vanilla vanillin
        turmeric paprika cumin coriander tea coffee mint leaf leaves mushroom mushrooms pumpkin pectin
        gum guar xanthan cellulose lecithin carrageenan inulin stevia carbonated sparkling mineral
        spring modified hydrogenated refined virgin extra cultures large flat sliced flowers carotene
        rooibos chamomile romaine iceberg salad salade kale lettuce cabbage broccoli beetroot leek
        leeks peel pulp whole raw roasted sprouts chia flax linseed hemp maltodextrin polydextrose
        erythritol xylitol maltitol sucralose aspartame caffeine homogenised homogenized pasteurized
        heat treated flakes pieces crushed chopped ground halves paste sauce stock wholegrain

        acqua sale riso mais granturco amido fecola olio oli grassi palma girasole colza oliva cocco
        patata patate carota carote cipolla cipolle aglio pepe peperoni peperone peperoncino spezie
        erbe aromi aroma aromatiche naturale naturali acido acidità citrico lattico malico tartarico
        ascorbico regolatore correttore conservante conservanti antiossidante antiossidanti
        emulsionante emulsionanti stabilizzante stabilizzanti addensante addensanti colorante
        coloranti edulcorante edulcoranti agente agenti lievitanti lievito polvere bicarbonato
        carbonato fosfato cloruro citrato sodio potassio calcio magnesio ferro zinco vitamine minerali
        semi fagioli ceci lenticchie piselli miglio amaranto fibra fibre proteine farina sciroppo
        glucosio destrosio succo concentrato estratto secco essiccato fresco congelato biologico
        vegetale vegetali verdure frutta frutti mirtilli bosco basilico origano prezzemolo timo
        rosmarino zenzero cannella vaniglia vanillina curcuma cumino coriandolo tè caffè menta foglie
        funghi zucca zucchine pectina gomma cellulosa lecitina lecitine minerale gassata frizzante
        modificato modificata raffinato vergine extravergine cavolo lattuga barbabietola porro scorza
        polpa integrale crudo tostato pastorizzato pastorizzata omogeneizzato omogeneizzata fiocchi
        pezzi macinato tritato salsa brodo sugo

        wasser salz speisesalz jodsalz meersalz kochsalz reis mais stärke speisestärke maisstärke öl
        öle pflanzenöl palmöl palmfett sonnenblumenöl rapsöl olivenöl kokosöl kokosfett sonnenblumen
        raps oliven kokos kartoffel kartoffeln karotten möhren zwiebel zwiebeln knoblauch pfeffer
        gewürz gewürze kräuter aroma aromen natürlich natürliche natürliches säure säuerungsmittel
        säureregulator citronensäure zitronensäure milchsäure apfelsäure weinsäure ascorbinsäure
        konservierungsstoff konservierungsstoffe antioxidationsmittel emulgator emulgatoren
        stabilisator stabilisatoren verdickungsmittel geliermittel farbstoff farbstoffe süßungsmittel
        backtriebmittel triebmittel trennmittel natrium kalium calcium magnesium eisen zink vitamin
        vitamine mineralstoffe hefe samen kerne bohnen linsen kichererbsen erbsen quinoa hirse
        amaranth ballaststoffe eiweiß protein mehl sirup glukose glukosesirup dextrose saft konzentrat
        extrakt pulver getrocknet frisch tiefgekühlt gemüse obst früchte beeren heidelbeeren basilikum
        oregano petersilie thymian rosmarin ingwer zimt vanille vanillin kurkuma paprika kümmel
        koriander tee kaffee minze blätter pilze champignons kürbis pektin johannisbrotkernmehl
        guarkernmehl xanthan cellulose lecithin mineralwasser kohlensäure modifizierte gehärtet
        gehärtetes raffiniert nativ bio kohl salat rote bete lauch schale fruchtfleisch leinsamen
        leinsaat hanf pasteurisiert pasteurisierte homogenisiert homogenisierte frische frisches
        flocken stücke gemahlen gehackt soße tomatenmark

        eau sel riz maïs amidon fécule huile huiles graisse graisses palme tournesol colza olive coco
        pomme pommes terre carotte carottes oignon oignons ail poivre poivron poivrons épice épices
        herbes arôme arômes naturel naturels acide acidité citrique lactique malique tartrique
        ascorbique correcteur régulateur conservateur conservateurs antioxydant antioxydants
        émulsifiant émulsifiants stabilisant épaississant gélifiant colorant colorants édulcorant
        édulcorants agent poudre lever levure levain bicarbonate carbonate phosphate chlorure citrate
        calcium magnésium fer zinc vitamine vitamines minéraux graines haricots pois chiches lentilles
        quinoa millet sarrasin fibre fibres protéines farine sirop glucose jus concentré extrait séché
        frais surgelé biologique végétal végétale végétales légumes fruit fruits myrtilles basilic
        origan persil thym romarin gingembre cannelle vanille vanilline curcuma cumin coriandre thé
        café menthe feuilles champignons courge citrouille pectine gomme cellulose lécithine
        lécithines minérale gazeuse modifié modifiée raffiné vierge chou laitue betterave poireau
        écorce pulpe complet cru grillé lin chanvre pasteurisé pasteurisée homogénéisé homogénéisée
        flocons morceaux moulu sauce bouillon

        agua sal arroz maíz almidón fécula aceite aceites grasa grasas palma girasol colza oliva coco
        patata patatas zanahoria zanahorias cebolla cebollas ajo pimienta pimiento pimientos pimentón
        especias hierbas aroma aromas natural naturales ácido acidez cítrico láctico málico tartárico
        ascórbico corrector regulador conservador conservante conservantes antioxidante antioxidantes
        emulgente emulgentes emulsionante estabilizante estabilizantes espesante espesantes
        gelificante colorante colorantes edulcorante edulcorantes gasificantes levadura polvo
        bicarbonato carbonato fosfato cloruro citrato sodio potasio calcio magnesio hierro zinc
        vitaminas minerales semillas alubias judías garbanzos lentejas guisantes quinoa mijo amaranto
        fibra proteínas harina jarabe glucosa dextrosa zumo jugo concentrado extracto seco
        deshidratado fresco congelado ecológico vegetal vegetales verduras fruta frutas arándanos
        albahaca orégano perejil tomillo romero jengibre canela vainilla vainillina cúrcuma comino
        cilantro té café menta hojas setas champiñones calabaza pectina goma celulosa lecitina mineral
        carbonatada modificado refinado virgen col lechuga remolacha puerro cáscara pulpa integral
        crudo tostado lino cáñamo pasteurizado pasteurizada homogeneizado homogeneizada copos trozos
        molido salsa caldo
    """)
)
