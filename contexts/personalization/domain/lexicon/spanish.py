"""Spanish labels' words."""

from collections.abc import Mapping
from typing import Final

from contexts.personalization.domain.substances import Substance

WORDS: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        gluten, trigo, trigo duro, sémola, sémola de trigo, espelta, escanda, centeno, cebada, malta,
        malta de cebada, extracto de malta, avena, copos de avena, leche de avena, bebida de avena,
        bulgur, cuscús, vinagre de cerveza, couscous, kamut, khorasan, triticale, seitán, pan rallado,
        harina integral, harina de fuerza, salvado, farro, germen de trigo, pan molido,
        tritordeum
    """,
    (Substance.GLUTEN, Substance.ALCOHOL): "cerveza",
    (Substance.CRUSTACEANS,): """
        crustáceo, gamba, langostino, camarón, cangrejo, buey de mar, langosta, bogavante, cigala, krill,
        nécora, centollo, percebe, quisquilla
    """,
    (Substance.EGGS,): """
        huevo, huevo de gallina, huevos de gallinas, yema, yema de huevo, clara, clara de huevo,
        ovoproducto, albúmina, ovoalbúmina, lisozima, mayonesa, mahonesa, merengue, alioli, huevina, crema
        pastelera, clara pasteurizada, tortilla de huevo, tortilla francesa, ovomucoide
    """,
    (Substance.FISH,): """
        pescado, pez, peces, salmón, trucha, merluza, bacalao, lenguado, dorada, lubina, rape blanco,
        abadejo, gallo de mar, fletán, perca, carpa, lucio, caviar, huevas, hueva, surimi, aceite de
        pescado, salsa de pescado, salsa worcestershire, salsa worcester, salsa perrins, aceite de hígado
        de bacalao, mero, panga, tilapia, cola de pescado, ictiocola, besugo, rodaballo, anguriña,
        corvina, gulas, salmonete, chicharro, melva, mojama, nuoc mam, garum
    """,
    (Substance.FISH, Substance.HISTAMINE_RICH): """
        atún, caballa, anchoa, boquerón, sardina, arenque, bonito del norte, melva, bonito, jurel
    """,
    (Substance.SCALELESS_FISH,): """
        anguila, angula, rape, raya, tiburón, esturión, pez espada, emperador, cazón, bagre, pangasius,
        marrajo
    """,
    (Substance.PEANUTS,): """
        cacahuete, cacahuetes, cacahuate, maní, manises, crema de cacahuete, mantequilla de cacahuete,
        mantequilla de maní, aceite de cacahuete, aceite de maní, crema de cacahuetes, cacahuates, maníes,
        satay
    """,
    (Substance.SOYBEANS,): """
        soja, soya, habas de soja, leche de soja, bebida de soja, nata de soja, yogur de soja, lecitina de
        soja, tofu, edamame, batido de soja, queso de soja, harina de soja
    """,
    (Substance.SOYBEANS, Substance.HISTAMINE_RICH): """
        salsa de soja, salsa de soya, miso, tempeh, tamari, shoyu
    """,
    (Substance.MILK, Substance.LACTOSE): """
        leche, mantequilla, nata, suero de leche, suero lácteo, lactosuero, caseína, caseinato, yogur,
        yogurt, leche en polvo, leche desnatada, leche entera, leche condensada, leche evaporada, lácteo,
        láctea, lácteos, productos lácteos, chocolate con leche, dulce de leche, grasa láctea, materia
        grasa láctea, proteína láctea, proteína de leche, helado, kéfir, ghee, lactoalbúmina,
        lactoglobulina, cuajada, crema agria, crema de leche, bechamel, mantequilla concentrada, manteca
        de vaca, grasa butírica, natillas, mazada, suero
    """,
    (Substance.LACTOSE,): "lactosa, azúcar de leche, azúcar de la leche, lactulosa",
    (Substance.CHEESE, Substance.LACTOSE): """
        queso, mozzarella, ricotta, requesón, mascarpone, feta, queso fresco, queso fundido, queso de
        cabra, brie, camembert, burgos, burgos queso, queso de burgos, tetilla, idiazábal, mahón, cabrales
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH): """
        queso curado, queso azul, cabrales, emmental, gouda, cheddar, edam, roquefort, gorgonzola,
        provolone, queso viejo, idiazábal
    """,
    (Substance.CHEESE, Substance.LACTOSE, Substance.HISTAMINE_RICH, Substance.RENNET): """
        parmesano, manchego, queso manchego, pecorino, gruyère, grana padano
    """,
    (Substance.NUTS,): """
        frutos de cáscara, fruto de cáscara, frutos secos, fruto seco, almendra, leche de almendra, leche
        de almendras, bebida de almendra, bebida de almendras, crema de almendras, mantequilla de
        almendra, mantequilla de almendras, harina de almendra, avellana, leche de avellanas, bebida de
        avellanas, bebida de avellana, crema de avellanas, anacardo, leche de anacardos, crema de
        anacardos, nuez pecana, nueces pecanas, nuez de pecán, nueces de pecán, pacana, pecana, nuez de
        brasil, nueces de brasil, nuez del brasil, pistacho, nuez de macadamia, nueces de macadamia,
        macadamia, mazapán, turrón, praliné, gianduja, amaretto, guirlache, nuez de australia, marcona,
        almendra marcona, pesto
    """,
    (Substance.NUTS, Substance.HISTAMINE_LIBERATING): "nuez, nueces, aceite de nuez, nuez de nogal",
    (Substance.CELERY,): "apio, apionabo, apio nabo, sal de apio",
    (Substance.MUSTARD,): "mostaza, semillas de mostaza, harina de mostaza, granos de mostaza",
    (Substance.SESAME,): """
        sésamo, ajonjolí, semillas de sésamo, aceite de sésamo, tahini, tahína, tahina, halva, hummus,
        gomasio, gomashio, halwa, zaatar
    """,
    (Substance.SULPHITES,): """
        sulfito, anhídrido sulfuroso, dióxido de azufre, metabisulfito, metabisulfito sódico,
        metabisulfito de sodio, bisulfito, disulfito, so2, pirosulfito, óxido de azufre
    """,
    (Substance.LUPIN,): "altramuz, altramuces, harina de altramuz, lupino, lupinus",
    (Substance.MOLLUSCS,): """
        molusco, mejillón, mejillones, almeja, ostra, vieira, calamar, calamares, pota, pulpo, sepia,
        jibia, tinta de calamar, tinta de sepia, caracol, caracoles, berberecho, navajas, chirla,
        chipirón, salsa de ostras, zamburiña, coquina, coquinas, navaja, bígaro
    """,
    (Substance.FRUCTOSE,): """
        fructosa, jarabe de glucosa fructosa, jarabe de glucosa y fructosa, jarabe de fructosa, jarabe de
        fructosa glucosa, glucosa fructosa, jarabe de maíz de alta fructosa, jarabe de maíz alto en
        fructosa, isoglucosa, azúcar invertido, jarabe de azúcar invertido, azúcar invertida, agave,
        sirope de agave, jarabe de agave, zumo de manzana, zumo concentrado de manzana, puré de manzana,
        jugo de manzana, zumo de uva, mosto de uva, mosto, zumo de frutas concentrado, manzana, mango,
        sandía, dátil, dátiles, sirope de dátil, higo, pasas, uva pasa, uvas pasas, guayaba
    """,
    (Substance.FRUCTOSE, Substance.SORBITOL): """
        pera, zumo de pera, cereza, albaricoque, melocotón, ciruela, nectarina, durazno
    """,
    (Substance.SORBITOL,): "sorbitol, jarabe de sorbitol",
    (Substance.SUCROSE,): """
        azúcar, azúcares, azúcar de caña, sacarosa, azúcar moreno, azúcar glas, azúcar glacé, melaza,
        sirope de arce, jarabe de arce, caramelo, azúcar caramelizado, panela, azúcar de remolacha
    """,
    (Substance.HISTAMINE_RICH,): """
        chucrut, kimchi, extracto de levadura, vinagre de vino, vinagre balsámico, vinagre de jerez,
        vinagre de vino de jerez, vinagre de cava, vinagre de champán, vinagre de moscatel, vinagre de
        vino blanco, vinagre de vino tinto, fermentado
    """,
    (Substance.HISTAMINE_LIBERATING,): """
        vinagre de alcohol, vinagre de sidra, vinagre de cerveza, tomate, espinaca, berenjena, fresa,
        frambuesa, piña, kiwi, papaya, naranja, limón, zumo de limón, lima, pomelo, cacao, pasta de cacao,
        cacao en polvo, chocolate, aguacate, glutamato monosódico, glutamato, vinagre, plátano, zumo de
        naranja, banana
    """,
    (Substance.MEAT,): """
        carne, cordero, carnero, oveja, caza, ciervo, venado, conejo, liebre, caballo, hígado, riñón,
        riñones, callos, casquería, salchicha, extracto de carne, caldo de carne, carne picada, cabrito,
        foie gras, proteína animal, proteínas animales, embutido, hamburguesa, albóndigas
    """,
    (Substance.MEAT, Substance.HISTAMINE_RICH): "cecina, mortadela, bresaola",
    (Substance.PORK,): """
        cerdo, tocino, bacon, beicon, panceta, jamón cocido, jamón york, lacón, corteza de cerdo, jabalí,
        magro de cerdo, papada, cochinillo, lechón, gelatina de cerdo, porcino, carne de cerdo, paleta
        cocida, puerco
    """,
    (Substance.PORK, Substance.HISTAMINE_RICH): """
        jamón, jamón serrano, jamón ibérico, jamón curado, chorizo, salchichón, salami, fuet, lomo
        embuchado, sobrasada, longaniza, butifarra
    """,
    (Substance.PORK, Substance.ANIMAL_FAT): "manteca de cerdo, grasa de cerdo, manteca ibérica, manteca",
    (Substance.BEEF,): """
        ternera, vacuno, vaca, buey, res, añojo, bovino, bovina, gelatina bovina, gelatina de vacuno,
        carne de vacuno, novillo
    """,
    (Substance.BEEF, Substance.ANIMAL_FAT): "sebo, grasa de vacuno, sebo de vacuno",
    (Substance.POULTRY,): """
        pollo, pavo, pato, gallina, ave, aves, oca, ganso, codorniz, pintada, perdiz, capón, faisán,
        pechuga, paloma
    """,
    (Substance.POULTRY, Substance.ANIMAL_FAT): "grasa de pato, grasa de pollo, grasa de oca, grasa de ave",
    (Substance.BLOOD,): "sangre, morcilla, plasma sanguíneo, hemoglobina, plasma",
    (Substance.ANIMAL_FAT,): "grasa animal, grasas animales",
    (Substance.GELATINE,): """
        gelatina, gelatina de cerdo, gelatina bovina, gelatina de vacuno, gelatina alimentaria, gelatina
        animal, colágeno, áspic
    """,
    (Substance.RENNET,): "cuajo, cuajo animal, quimosina, pepsina",
    (Substance.HONEY,): "miel, jalea real, propóleo, propóleos, própolis, hidromiel, polen de abeja",
    (Substance.BEESWAX,): "cera de abeja, cera de abejas",
    (Substance.CARMINE,): "carmín, cochinilla, ácido carmínico, carmines",
    (Substance.SHELLAC,): "goma laca, shellac",
    (Substance.INSECTS,): """
        insecto, grillo, harina de grillo, gusano de la harina, langosta migratoria, saltamontes, tenebrio
    """,
    (Substance.ANIMAL,): "lanolina, l cisteína, queratina",
    (Substance.ANIMAL_BODY,): "fosfato de huesos, quitosano",
    (Substance.ALCOHOL, Substance.HISTAMINE_RICH): """
        vino, vino tinto, vino blanco, cava, champán, jerez, oporto, sidra, marsala, vermut, manzanilla
        vino, pedro ximénez, moscatel
    """,
    (Substance.ALCOHOL,): """
        alcohol, alcohol etílico, etanol, ron, brandy, coñac, whisky, vodka, ginebra, licor, aguardiente,
        anís licor, orujo, tequila, kirsch, pacharán
    """,
    (Substance.UNCERTAIN_ORIGIN,): """
        mono y diglicéridos, mono y diglicéridos de ácidos grasos, mono y diglicéridos de los ácidos
        grasos, monoglicérido, diglicérido, monoglicéridos, glicerol, glicerina, ácido esteárico,
        estearato de magnesio, estearoil lactilato de sodio, estearoil 2 lactilato de sodio, polisorbato,
        ácidos grasos, inosinato disódico, guanilato disódico, vitamina d3, enzima
    """,
}

#: Words and phrases that hold one of the words above, or look like one, and name something else.
OTHER_THINGS: Final = """
    manteca de cacao, manteca de karité, mantequilla de cacao, mantequilla de karité, mantequilla de coco,
    manteca de coco, manteca vegetal, butternut, calabaza butternut, leche de coco, crema de coco, nata de
    coco, leche de arroz, bebida de arroz, leche de cáñamo, leche de alpiste, yogur de coco, crémor
    tártaro, crema tártara, cardo lechero, leche de chufa, leche de chufas, horchata de chufa, cardo
    mariano, ácido láctico, fermentos lácticos, fermento láctico, bacterias lácticas, bacterias ácido
    lácticas, lactato, lactato de calcio, lactasa, ésteres lácticos, lactobacilos, nuez moscada, nueces
    moscadas, nuez de coco, nuez de karité, nuez de cola, nuez de kola, nuez de palma, nuez tigre, nuez de
    betel, almendra de tierra, almendra de cacao, almendra de palma, trigo sarraceno, harina de trigo
    sarraceno, trigo negro, alforfón, sémola de maíz, sémola de arroz, malta de arroz, jarabe de malta de
    arroz, maltodextrina, cuscús de maíz, hierba de trigo, hierba de cebada, gluten de maíz, salvado de
    arroz, salvado de maíz, apio de monte, seta ostra, setas ostra, seta de ostra, setas de ostra,
    champiñón ostra, pie de cabra, oreja de judas, pico de gallo, cresta de gallo, clara de luna, tomate
    corazón de buey, corazón de buey, tomate pera, tomates pera, tomate cherry, tomates cherry, tomate
    cereza, tomate ciruela, ojo de buey, lengua de buey, carne de membrillo, carne de coco, carne vegetal,
    naranja sanguina, naranjas sanguinas, sangre de drago, cola de caballo, yemas de espárrago, yemas de
    espárragos, uña de gato, hierba luisa, hierba limón, uva de gato, gelatina vegetal, gelatina de
    frutas, agar agar, cuajo vegetal, cuajo microbiano, coagulante microbiano, coagulante vegetal,
    glicerina vegetal, glicerol vegetal, melón piel de sapo, flor de azahar, agua de azahar, higo chumbo,
    higos chumbos, hoja de higuera, lima limón aroma, tomillo limón, levadura de cerveza, hoja de parra,
    hojas de parra, cerveza de jengibre, polialcohol, polialcoholes, manzanilla, azucarillo, pera de
    tierra, manzana de azúcar, vitamina c, hierba de vaca, res alba, café en grano
"""

#: Exceptions of Annex II of Regulation (EU) No 1169/2011: made from it, and hardly anything of it left.
TRACES_OF: Final[Mapping[tuple[Substance, ...], str]] = {
    (Substance.GLUTEN,): """
        jarabe de glucosa de trigo, jarabe de glucosa trigo, jarabe de glucosa a base de trigo, jarabe de
        glucosa y fructosa de trigo, jarabe de glucosa fructosa de trigo, dextrosa de trigo, dextrosa
        trigo, maltodextrina de trigo, maltodextrinas de trigo, maltodextrina trigo, jarabe de glucosa de
        cebada
    """,
    (Substance.SOYBEANS,): """
        aceite de soja totalmente refinado, aceite de soja completamente refinado, esteroles de soja,
        fitoesteroles de soja, tocoferoles de soja
    """,
    (Substance.LACTOSE,): "lactitol",
}

#: Words of the other four languages that are everyday words, names or places in this one.
FOREIGN: Final = "burro, grano, sole, date, lab, ente, pesca, madera, farina, alice, colin, met, mou, basa"
