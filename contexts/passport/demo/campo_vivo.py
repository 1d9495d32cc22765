"""Campo Vivo: an Italian pantry."""

from datetime import date
from typing import Final

from contexts.passport.demo.product import ML, DemoProduct, G, label, nutrition
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.label import Claim, DateKind
from contexts.passport.domain.sections import Eco, Step, StepKind

_OPERATOR: Final = "Campo Vivo Demo S.r.l., Via dell'Esempio 7, 00000 Esempio (RM), Italy"
_DRY: Final = {
    "en": "Keep in a cool, dry place.",
    "it": "Conservare in luogo fresco e asciutto.",
}
_JAR: Final = {
    "en": "Keep in a cool place. Once opened, refrigerate and use within 5 days.",
    "it": "Conservare in luogo fresco. Dopo l'apertura conservare in frigorifero e consumare entro 5 giorni.",
}

PRODUCTS: Final = (
    DemoProduct(
        brand="campo-vivo",
        gtin="09521002000016",
        picture="passport/demo/spaghetti.svg",
        categories=(
            "en:plant-based-foods-and-beverages",
            "en:plant-based-foods",
            "en:cereals-and-potatoes",
            "en:cereals-and-their-products",
            "en:pastas",
            "en:dry-pastas",
            "en:durum-wheat-pasta",
            "en:spaghetti",
        ),
        label=label(
            names={"en": "Spaghetti of durum wheat", "it": "Spaghetti di semola di grano duro"},
            ingredients={"en": "_Durum wheat_ semolina, water", "it": "Semola di _grano duro_, acqua"},
            nutrition=nutrition(
                G,
                kj=1509,
                kcal=356,
                fat="1.5",
                saturates="0.3",
                carbohydrate="71",
                sugars="3.4",
                fibre="3.2",
                protein="13",
                salt="0.01",
            ),
            quantity="500 g",
            portion="80 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_DRY,
            operator=_OPERATOR,
            origin={
                "en": "Wheat grown and milled in Italy",
                "it": "Grano coltivato e molito in Italia",
            },
            instructions={
                "en": "Cook in plenty of boiling salted water for 9 minutes.",
                "it": "Cuocere in abbondante acqua salata bollente per 9 minuti.",
            },
            nutri_score="A",
            nova=1,
            claims=(Claim.VEGAN,),
            traces=(Allergen.SOYBEANS, Allergen.MUSTARD),
        ),
        journey=(
            Step(
                kind=StepKind.ORIGIN, place="Wheat fields, Capitanata, Apulia, Italy", date=date(2025, 6, 24)
            ),
            Step(kind=StepKind.PROCESSING, place="Mill, Foggia, Italy", date=date(2025, 9, 8)),
            Step(kind=StepKind.PROCESSING, place="Pasta works, Gragnano, Italy", date=date(2025, 10, 2)),
            Step(kind=StepKind.PACKING, place="Pasta works, Gragnano, Italy", date=date(2025, 10, 3)),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Verona, Italy", date=date(2025, 10, 14)),
        ),
        eco=Eco(
            score=81,
            explanation="A plant, dried and shipped by rail in paper: little land, little water, little to"
            " throw away.",
        ),
    ),
    DemoProduct(
        brand="campo-vivo",
        gtin="09521002000023",
        picture="passport/demo/passata.svg",
        categories=(
            "en:plant-based-foods-and-beverages",
            "en:plant-based-foods",
            "en:fruits-and-vegetables-based-foods",
            "en:vegetables-based-foods",
            "en:tomatoes-and-their-products",
            "en:tomato-sauces",
            "en:tomato-purees",
        ),
        label=label(
            names={"en": "Tomato passata", "it": "Passata di pomodoro"},
            ingredients={"en": "Tomatoes, salt, basil", "it": "Pomodori, sale, basilico"},
            nutrition=nutrition(
                G,
                kj=132,
                kcal=31,
                fat="0.2",
                saturates="0",
                carbohydrate="5.2",
                sugars="4.6",
                fibre="1.4",
                protein="1.5",
                salt="0.30",
            ),
            quantity="690 g",
            portion="100 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_JAR,
            operator=_OPERATOR,
            origin={"en": "Tomatoes from Italy", "it": "Pomodori dall'Italia"},
            instructions={
                "en": "Warm it up, do not boil it long.",
                "it": "Scaldare senza far bollire a lungo.",
            },
            nutri_score="A",
            nova=3,
            claims=(Claim.VEGAN,),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Fields near Parma, Italy", date=date(2025, 8, 18)),
            Step(kind=StepKind.PROCESSING, place="Cannery, Parma, Italy", date=date(2025, 8, 18)),
            Step(kind=StepKind.PACKING, place="Cannery, Parma, Italy", date=date(2025, 8, 19)),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Verona, Italy", date=date(2025, 9, 30)),
        ),
        eco=Eco(
            score=76,
            explanation="Ripened in the field and bottled on the day of the harvest; the glass weighs most.",
        ),
    ),
    DemoProduct(
        brand="campo-vivo",
        gtin="09521002000030",
        picture="passport/demo/pesto.svg",
        categories=("en:condiments", "en:sauces", "en:pestos", "en:green-pestos"),
        label=label(
            names={"en": "Basil pesto", "it": "Pesto al basilico"},
            ingredients={
                "en": "Basil (38 %), sunflower oil, _cashews_, hard _cheese_ (_milk_, salt, rennet,"
                " preservative"
                " lysozyme from _eggs_), extra virgin olive oil (4 %), salt, pine kernels, garlic,"
                " acidity regulator lactic acid",
                "it": "Basilico (38 %), olio di girasole, _anacardi_, _formaggio_ a pasta dura (_latte_,"
                " sale,"
                " caglio, conservante lisozima da _uova_), olio extravergine di oliva (4 %), sale, pinoli,"
                " aglio, correttore di acidità acido lattico",
            },
            nutrition=nutrition(
                G,
                kj=1828,
                kcal=443,
                fat="44",
                saturates="5.6",
                carbohydrate="5.8",
                sugars="3.1",
                fibre="2.0",
                protein="5.0",
                salt="2.6",
            ),
            quantity="190 g",
            portion="60 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_JAR,
            operator=_OPERATOR,
            origin={"en": "Basil from Italy", "it": "Basilico dall'Italia"},
            instructions={
                "en": "Stir into hot pasta with a spoon of its water. Do not cook it.",
                "it": "Mescolare alla pasta calda con un cucchiaio della sua acqua. Non cuocere.",
            },
            nutri_score="E",
            nova=3,
            traces=(Allergen.PEANUTS, Allergen.SOYBEANS),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Greenhouses, Albenga, Italy", date=date(2025, 9, 9)),
            Step(kind=StepKind.PROCESSING, place="Kitchen, Genoa, Italy", date=date(2025, 9, 10)),
            Step(kind=StepKind.PACKING, place="Kitchen, Genoa, Italy", date=date(2025, 9, 10)),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Verona, Italy", date=date(2025, 9, 24)),
        ),
        eco=Eco(
            score=47,
            explanation="Basil and oil are light; cashews from overseas and the cheese pull the score down.",
        ),
    ),
    DemoProduct(
        brand="campo-vivo",
        gtin="09521002000047",
        picture="passport/demo/olive-oil.svg",
        categories=(
            "en:plant-based-foods-and-beverages",
            "en:plant-based-foods",
            "en:fats",
            "en:vegetable-fats",
            "en:vegetable-oils",
            "en:olive-oils",
            "en:extra-virgin-olive-oils",
        ),
        label=label(
            names={"en": "Extra virgin olive oil", "it": "Olio extravergine di oliva"},
            ingredients={"en": "Extra virgin olive oil", "it": "Olio extravergine di oliva"},
            nutrition=nutrition(
                ML,
                kj=3389,
                kcal=824,
                fat="91.6",
                saturates="14",
                carbohydrate="0",
                sugars="0",
                fibre="0",
                protein="0",
                salt="0",
            ),
            quantity="750 ml",
            portion="15 ml",
            date_kind=DateKind.BEST_BEFORE,
            storage={
                "en": "Keep away from light and heat. It turns cloudy in the cold and clear again.",
                "it": "Conservare al riparo da luce e calore. Al freddo si intorbida, poi torna limpido.",
            },
            operator=_OPERATOR,
            origin={
                "en": "Olives picked and pressed in Italy",
                "it": "Olive raccolte e frante in Italia",
            },
            instructions={"en": "Best raw, on warm food.", "it": "Ideale a crudo, su piatti caldi."},
            nutri_score="B",
            nova=2,
            claims=(Claim.VEGAN,),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Olive groves, Salento, Italy", date=date(2025, 10, 27)),
            Step(kind=StepKind.PROCESSING, place="Oil mill, Lecce, Italy", date=date(2025, 10, 27)),
            Step(kind=StepKind.PACKING, place="Oil mill, Lecce, Italy", date=date(2025, 12, 3)),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Verona, Italy", date=date(2025, 12, 12)),
        ),
        eco=Eco(
            score=56,
            explanation="Old trees without irrigation, but five kilograms of olives and a heavy bottle for"
            " each litre.",
        ),
    ),
    DemoProduct(
        brand="campo-vivo",
        gtin="09521002000054",
        picture="passport/demo/anchovies.svg",
        categories=(
            "en:seafood",
            "en:fishes-and-their-products",
            "en:fishes",
            "en:fatty-fishes",
            "en:anchovies",
            "en:anchovy-fillets",
        ),
        label=label(
            names={"en": "Anchovy fillets in olive oil", "it": "Filetti di acciughe in olio di oliva"},
            ingredients={
                "en": "_Anchovies_ (_fish_) 58 %, olive oil, salt",
                "it": "_Acciughe_ (_pesce_) 58 %, olio di oliva, sale",
            },
            nutrition=nutrition(
                G,
                kj=852,
                kcal=204,
                fat="11",
                saturates="1.8",
                carbohydrate="0.2",
                sugars="0",
                fibre="0",
                protein="26",
                salt="13.5",
            ),
            quantity="80 g (drained 46 g)",
            date_kind=DateKind.BEST_BEFORE,
            storage={
                "en": "Semi-preserve: keep refrigerated at 2 to 8 °C. Once opened, use within 5 days.",
                "it": "Semiconserva: conservare in frigorifero tra 2 e 8 °C. Dopo l'apertura consumare entro"
                " 5 giorni.",
            },
            operator=_OPERATOR,
            origin={
                "en": "Caught in the Cantabrian Sea (FAO 27.8.c) with purse seines",
                "it": "Pescate nel Mar Cantabrico (FAO 27.8.c) con reti da circuizione",
            },
            instructions={
                "en": "Take out of the fridge ten minutes before serving.",
                "it": "Togliere dal frigorifero dieci minuti prima di servire.",
            },
            nutri_score="E",
            nova=3,
            traces=(Allergen.CRUSTACEANS, Allergen.MOLLUSCS),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Cantabrian Sea, FAO 27.8.c", date=date(2025, 5, 6)),
            Step(
                kind=StepKind.PROCESSING,
                place="Salting house, Sciacca, Sicily, Italy",
                date=date(2025, 5, 12),
            ),
            Step(
                kind=StepKind.PACKING, place="Salting house, Sciacca, Sicily, Italy", date=date(2025, 11, 17)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Cold store, Bologna, Italy", date=date(2025, 11, 25)),
        ),
        eco=Eco(
            score=49,
            explanation="Small fish in large shoals and no bycatch to speak of; boats' diesel weighs most.",
        ),
    ),
    DemoProduct(
        brand="campo-vivo",
        gtin="09521002000061",
        picture="passport/demo/egg-tagliatelle.svg",
        categories=(
            "en:plant-based-foods-and-beverages",
            "en:plant-based-foods",
            "en:cereals-and-potatoes",
            "en:cereals-and-their-products",
            "en:pastas",
            "en:dry-pastas",
            "en:egg-pastas",
            "en:tagliatelle",
        ),
        label=label(
            names={"en": "Egg tagliatelle", "it": "Tagliatelle all'uovo"},
            ingredients={
                "en": "_Durum wheat_ semolina, _eggs_ (28 %)",
                "it": "Semola di _grano duro_, _uova_ (28 %)",
            },
            nutrition=nutrition(
                G,
                kj=1552,
                kcal=367,
                fat="4.3",
                saturates="1.3",
                carbohydrate="66",
                sugars="2.9",
                fibre="3.1",
                protein="14.5",
                salt="0.10",
            ),
            quantity="250 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_DRY,
            operator=_OPERATOR,
            origin={
                "en": "Wheat and free-range eggs from Italy",
                "it": "Grano e uova da galline allevate all'aperto, Italia",
            },
            instructions={
                "en": "Cook in plenty of boiling salted water for 5 minutes.",
                "it": "Cuocere in abbondante acqua salata bollente per 5 minuti.",
            },
            nutri_score="A",
            nova=1,
            traces=(Allergen.MILK, Allergen.SOYBEANS),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Wheat: Marche; eggs: Emilia-Romagna, Italy"),
            Step(kind=StepKind.PROCESSING, place="Pasta works, Campofilone, Italy", date=date(2025, 11, 3)),
            Step(kind=StepKind.PACKING, place="Pasta works, Campofilone, Italy", date=date(2025, 11, 5)),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Verona, Italy", date=date(2025, 11, 18)),
        ),
        eco=Eco(
            score=63,
            explanation="Mostly wheat; the eggs double its footprint. The window in the box is cellulose.",
        ),
    ),
    DemoProduct(
        brand="campo-vivo",
        gtin="09521002000078",
        picture="passport/demo/seafood-sauce.svg",
        categories=("en:condiments", "en:sauces", "en:pasta-sauces", "en:tomato-sauces"),
        label=label(
            names={"en": "Tomato sauce with seafood", "it": "Sugo ai frutti di mare"},
            ingredients={
                "en": "Tomatoes (60 %), _mussels_ (_molluscs_) 12 %, _squid_ (_molluscs_) 8 %, _prawns_"
                " (_crustaceans_) 6 %, white wine (_sulphites_), olive oil, onion, _celery_, _fish_ stock,"
                " salt, parsley",
                "it": "Pomodori (60 %), _cozze_ (_molluschi_) 12 %, _calamari_ (_molluschi_) 8 %, _gamberi_"
                " (_crostacei_) 6 %, vino bianco (_solfiti_), olio di oliva, cipolla, _sedano_, brodo di"
                " _pesce_, sale, prezzemolo",
            },
            nutrition=nutrition(
                G,
                kj=378,
                kcal=90,
                fat="4.2",
                saturates="0.6",
                carbohydrate="6.1",
                sugars="4.4",
                fibre="1.3",
                protein="6.4",
                salt="1.3",
            ),
            quantity="180 g",
            date_kind=DateKind.BEST_BEFORE,
            storage={
                "en": "Keep in a cool place. Once opened, refrigerate and use within 2 days.",
                "it": "Conservare in luogo fresco. Dopo l'apertura conservare in frigorifero e consumare"
                " entro"
                " 2 giorni.",
            },
            operator=_OPERATOR,
            origin={
                "en": "Mussels farmed in Italy; squid and prawns caught in the Adriatic Sea (FAO 37.2.1)",
                "it": "Cozze allevate in Italia; calamari e gamberi pescati nel Mare Adriatico (FAO 37.2.1)",
            },
            instructions={
                "en": "Heat gently for 4 minutes while the pasta cooks.",
                "it": "Scaldare a fuoco dolce per 4 minuti mentre la pasta cuoce.",
            },
            nutri_score="C",
            nova=3,
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Gulf of Trieste, Adriatic Sea", date=date(2025, 9, 15)),
            Step(kind=StepKind.PROCESSING, place="Kitchen, Chioggia, Italy", date=date(2025, 9, 16)),
            Step(kind=StepKind.PACKING, place="Kitchen, Chioggia, Italy", date=date(2025, 9, 16)),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Verona, Italy", date=date(2025, 10, 1)),
        ),
        eco=Eco(
            score=54,
            explanation="Mussels clean the water that they grow in; trawling for prawns does the opposite.",
        ),
    ),
)
