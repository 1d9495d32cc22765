"""Nordkorn: bread and cereals."""

from datetime import date
from typing import Final

from contexts.passport.demo.product import ML, DemoProduct, G, label, nutrition
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.label import Claim, DateKind
from contexts.passport.domain.sections import Eco, Step, StepKind

_OPERATOR: Final = "Nordkorn Demo-Bäckerei GmbH, Beispieldeich 3, 00000 Musterhafen, Germany"
_DRY: Final = {"en": "Keep dry and away from heat.", "de": "Trocken und vor Wärme geschützt lagern."}

PRODUCTS: Final = (
    DemoProduct(
        brand="nordkorn",
        gtin="09521003000015",
        is_fresh=True,
        picture="passport/demo/rye-bread.svg",
        categories=(
            "en:plant-based-foods-and-beverages",
            "en:plant-based-foods",
            "en:cereals-and-potatoes",
            "en:breads",
            "en:rye-breads",
            "en:sliced-breads",
            "en:wholemeal-breads",
        ),
        label=label(
            names={"en": "Wholegrain rye bread, sliced", "de": "Roggenvollkornbrot, geschnitten"},
            ingredients={
                "en": "Wholegrain _rye_ meal (61 %), water, sourdough (wholegrain _rye flour_, water),"
                " salt, yeast",
                "de": "_Roggenvollkornschrot_ (_Roggen_) 61 %, Wasser, Natursauerteig (_Roggenvollkornmehl_,"
                " Wasser), Salz, Hefe",
            },
            nutrition=nutrition(
                G,
                kj=864,
                kcal=205,
                fat="1.4",
                saturates="0.2",
                carbohydrate="38",
                sugars="3.6",
                fibre="8.9",
                protein="5.6",
                salt="1.1",
            ),
            quantity="500 g",
            portion="50 g",
            date_kind=DateKind.BEST_BEFORE,
            storage={
                "en": "Keep in a bread bin at room temperature. Freezes well.",
                "de": "Bei Zimmertemperatur im Brotkasten lagern. Lässt sich gut einfrieren.",
            },
            operator=_OPERATOR,
            origin={"en": "Rye from Germany", "de": "Roggen aus Deutschland"},
            instructions={
                "en": "Tastes of more on its second day, or toasted.",
                "de": "Schmeckt am zweiten Tag am besten, oder getoastet.",
            },
            nutri_score="B",
            nova=3,
            traces=(Allergen.MILK, Allergen.SESAME),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Rye fields, Uelzen, Germany", date=date(2025, 8, 4)),
            Step(kind=StepKind.PROCESSING, place="Mill, Lüneburg, Germany", date=date(2026, 2, 2)),
            Step(
                kind=StepKind.PROCESSING, place="Nordkorn bakery, Musterhafen, Germany", date=date(2026, 2, 9)
            ),
            Step(kind=StepKind.PACKING, place="Nordkorn bakery, Musterhafen, Germany", date=date(2026, 2, 9)),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Hamburg, Germany", date=date(2026, 2, 10)),
        ),
        eco=Eco(
            score=84,
            explanation="Rye needs little fertiliser and no irrigation, and its mill stands an hour away.",
        ),
    ),
    DemoProduct(
        brand="nordkorn",
        gtin="09521003000022",
        picture="passport/demo/oat-drink.svg",
        categories=(
            "en:beverages",
            "en:plant-based-foods-and-beverages",
            "en:dairy-substitutes",
            "en:milk-substitutes",
            "en:plant-based-beverages",
            "en:plant-based-milk-alternatives",
            "en:cereal-based-drinks",
            "en:oat-based-drinks",
        ),
        label=label(
            names={"en": "Oat drink without added sugar", "de": "Haferdrink ohne Zuckerzusatz"},
            ingredients={
                "en": "Water, _oats_ (11 %), sunflower oil, calcium carbonate, salt",
                "de": "Wasser, _Hafer_ (11 %), Sonnenblumenöl, Calciumcarbonat, Salz",
            },
            nutrition=nutrition(
                ML,
                kj=194,
                kcal=46,
                fat="1.5",
                saturates="0.2",
                carbohydrate="6.8",
                sugars="3.9",
                fibre="0.8",
                protein="1.0",
                salt="0.10",
            ),
            quantity="1 l",
            portion="200 ml",
            date_kind=DateKind.BEST_BEFORE,
            storage={
                "en": "Keep in a cool place. Once opened, refrigerate and use within 5 days.",
                "de": "Kühl lagern. Nach dem Öffnen gekühlt innerhalb von 5 Tagen verbrauchen.",
            },
            operator=_OPERATOR,
            origin={"en": "Oats from Finland and Germany", "de": "Hafer aus Finnland und Deutschland"},
            instructions={"en": "Shake well before use.", "de": "Vor Gebrauch gut schütteln."},
            nutri_score="C",
            nova=3,
            claims=(
                Claim.VEGAN,
                Claim.NO_ADDED_SUGAR,
            ),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Oat fields, Pirkanmaa, Finland", date=date(2025, 8, 25)),
            Step(kind=StepKind.PROCESSING, place="Oat mill, Lübeck, Germany", date=date(2025, 11, 10)),
            Step(kind=StepKind.PACKING, place="Filling plant, Lübeck, Germany", date=date(2025, 11, 12)),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Hamburg, Germany", date=date(2025, 11, 19)),
        ),
        eco=Eco(
            score=78,
            explanation="A third of the climate footprint of cow's milk, on a tenth of the land.",
        ),
    ),
    DemoProduct(
        brand="nordkorn",
        gtin="09521003000039",
        picture="passport/demo/nut-muesli.svg",
        categories=(
            "en:plant-based-foods-and-beverages",
            "en:plant-based-foods",
            "en:cereals-and-potatoes",
            "en:cereals-and-their-products",
            "en:breakfast-cereals",
            "en:mueslis",
        ),
        label=label(
            names={"en": "Crunchy nut muesli", "de": "Knusper-Nussmüsli"},
            ingredients={
                "en": "_Oat flakes_ (54 %), raw cane sugar, sunflower oil, _hazelnuts_ (7 %), _almonds_ (5"
                " %), honey,"
                " _barley_ flakes, _whey powder_ (_milk_), cinnamon, salt",
                "de": "_Haferflocken_ (54 %), Rohrohrzucker, Sonnenblumenöl, _Haselnüsse_ (7 %), _Mandeln_"
                " (5 %),"
                " Honig, _Gerste_, _Molkenpulver_ (_Milch_), Zimt, Salz",
            },
            nutrition=nutrition(
                G,
                kj=1801,
                kcal=429,
                fat="15",
                saturates="2.6",
                carbohydrate="59",
                sugars="17",
                fibre="8.1",
                protein="10.5",
                salt="0.15",
            ),
            quantity="450 g",
            portion="40 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_DRY,
            operator=_OPERATOR,
            origin={"en": "Oats and barley from Germany", "de": "Hafer und Gerste aus Deutschland"},
            instructions={
                "en": "One portion is 50 g, five heaped tablespoons.",
                "de": "Eine Portion sind 50 g, fünf gehäufte Esslöffel.",
            },
            nutri_score="C",
            nova=4,
            traces=(Allergen.PEANUTS, Allergen.SOYBEANS, Allergen.SESAME),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Oats: Holstein, Germany; hazelnuts: Piedmont, Italy"),
            Step(
                kind=StepKind.PROCESSING,
                place="Nordkorn bakery, Musterhafen, Germany",
                date=date(2026, 1, 12),
            ),
            Step(
                kind=StepKind.PACKING, place="Nordkorn bakery, Musterhafen, Germany", date=date(2026, 1, 13)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Hamburg, Germany", date=date(2026, 1, 20)),
        ),
        eco=Eco(
            score=64,
            explanation="Oats are light on land and climate; almonds need water where there is little of it.",
        ),
    ),
    DemoProduct(
        brand="nordkorn",
        gtin="09521003000046",
        picture="passport/demo/seed-crackers.svg",
        categories=("en:snacks", "en:salty-snacks", "en:appetizers", "en:crackers-appetizers"),
        label=label(
            names={"en": "Gluten-free seed crackers", "de": "Glutenfreie Saatencracker"},
            ingredients={
                "en": "Linseed (30 %), sunflower seeds (24 %), _sesame seeds_ (14 %), maize flour, _lupin"
                " flour_ (9 %),"
                " psyllium husk, salt",
                "de": "Leinsamen (30 %), Sonnenblumenkerne (24 %), _Sesam_ (14 %), Maismehl, _Lupinenmehl_"
                " (9 %),"
                " Flohsamenschalen, Salz",
            },
            nutrition=nutrition(
                G,
                kj=2078,
                kcal=500,
                fat="33",
                saturates="4.1",
                carbohydrate="25",
                sugars="2.3",
                fibre="12.6",
                protein="19.5",
                salt="1.6",
            ),
            quantity="150 g",
            portion="30 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_DRY,
            operator=_OPERATOR,
            origin={"en": "Seeds from the EU", "de": "Saaten aus der EU"},
            instructions={
                "en": "Close the bag well after opening: they stay crisp.",
                "de": "Beutel nach dem Öffnen gut verschließen: So bleiben sie knusprig.",
            },
            nutri_score="D",
            nova=3,
            claims=(Claim.GLUTEN_FREE,),
            traces=(Allergen.SOYBEANS, Allergen.NUTS),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Linseed: Saxony, Germany; lupins: Brandenburg, Germany"),
            Step(
                kind=StepKind.PROCESSING,
                place="Nordkorn bakery, Musterhafen, Germany",
                date=date(2025, 12, 8),
            ),
            Step(
                kind=StepKind.PACKING, place="Nordkorn bakery, Musterhafen, Germany", date=date(2025, 12, 8)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Hamburg, Germany", date=date(2025, 12, 15)),
        ),
        eco=Eco(
            score=75,
            explanation="Lupins feed the soil with nitrogen, and seeds need nothing but sun and time.",
        ),
    ),
    DemoProduct(
        brand="nordkorn",
        gtin="09521003000053",
        picture="passport/demo/mustard-pretzels.svg",
        categories=("en:snacks", "en:salty-snacks", "en:appetizers", "en:crackers-appetizers", "en:pretzels"),
        label=label(
            names={"en": "Pretzel sticks with mustard", "de": "Salzstangen mit Senf"},
            ingredients={
                "en": "_Wheat flour_, rapeseed oil, salt, _mustard seeds_ (2 %), _barley malt_ extract,"
                " yeast,"
                " acidity regulator sodium hydroxide",
                "de": "_Weizenmehl_, Rapsöl, Salz, _Senfsaat_ (2 %), _Gerstenmalzextrakt_, Hefe,"
                " Säureregulator Natriumhydroxid",
            },
            nutrition=nutrition(
                G,
                kj=1625,
                kcal=385,
                fat="6.1",
                saturates="0.7",
                carbohydrate="70",
                sugars="3.2",
                fibre="3.9",
                protein="10.5",
                salt="3.6",
            ),
            quantity="200 g",
            portion="30 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_DRY,
            operator=_OPERATOR,
            origin={"en": "Wheat from Germany", "de": "Weizen aus Deutschland"},
            instructions={"en": "Ready to eat.", "de": "Verzehrfertig."},
            nutri_score="E",
            nova=3,
            traces=(Allergen.MILK, Allergen.SESAME),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Wheat fields, Wendland, Germany", date=date(2025, 8, 11)),
            Step(
                kind=StepKind.PROCESSING,
                place="Nordkorn bakery, Musterhafen, Germany",
                date=date(2025, 11, 24),
            ),
            Step(
                kind=StepKind.PACKING, place="Nordkorn bakery, Musterhafen, Germany", date=date(2025, 11, 24)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Hamburg, Germany", date=date(2025, 12, 1)),
        ),
        eco=Eco(
            score=68,
            explanation="Wheat and oil from the region; the metallised bag cannot be recycled.",
        ),
    ),
    DemoProduct(
        brand="nordkorn",
        gtin="09521003000060",
        picture="passport/demo/peanut-bar.svg",
        categories=("en:snacks", "en:sweet-snacks", "en:bars", "en:cereal-bars"),
        verified=False,
        label=label(
            names={"en": "Peanut and oat bar", "de": "Erdnuss-Hafer-Riegel"},
            ingredients={
                "en": "_Oat flakes_ (41 %), _peanuts_ (26 %), glucose syrup, sugar, _soya_ crisps (_soya"
                " protein_,"
                " rice flour), rapeseed oil, emulsifier _soya lecithin_, salt",
                "de": "_Haferflocken_ (41 %), _Erdnüsse_ (26 %), Glukosesirup, Zucker, _Soja_-Crisps"
                " (_Sojaeiweiß_,"
                " Reismehl), Rapsöl, Emulgator _Sojalecithin_, Salz",
            },
            nutrition=nutrition(
                G,
                kj=1976,
                kcal=473,
                fat="24",
                saturates="4.3",
                carbohydrate="46",
                sugars="21",
                fibre="6.4",
                protein="15",
                salt="0.35",
            ),
            quantity="60 g",
            portion="35 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_DRY,
            operator=_OPERATOR,
            origin={"en": "Oats from Germany", "de": "Hafer aus Deutschland"},
            instructions={"en": "Ready to eat.", "de": "Verzehrfertig."},
            nutri_score="D",
            nova=4,
            traces=(Allergen.MILK, Allergen.NUTS, Allergen.SESAME),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Oats: Holstein, Germany; peanuts: Córdoba, Argentina"),
            Step(
                kind=StepKind.PROCESSING,
                place="Nordkorn bakery, Musterhafen, Germany",
                date=date(2025, 12, 1),
            ),
            Step(
                kind=StepKind.PACKING, place="Nordkorn bakery, Musterhafen, Germany", date=date(2025, 12, 1)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Warehouse, Hamburg, Germany", date=date(2025, 12, 10)),
        ),
        eco=Eco(
            score=59,
            explanation="Peanuts and soya cross an ocean, by ship; oats come from next door.",
        ),
    ),
)
