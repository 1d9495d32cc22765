"""Alpenhof: milk and what is made of it."""

from datetime import date
from typing import Final

from contexts.passport.demo.product import ML, DemoProduct, G, label, nutrition
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.label import Claim, DateKind
from contexts.passport.domain.sections import Eco, Step, StepKind

_OPERATOR: Final = "Alpenhof Demo-Molkerei, Musterweg 1, 6999 Beispielstadt, Austria"
_COLD: Final = {
    "en": "Keep refrigerated at 2 to 8 °C. Once opened, use within 3 days.",
    "de": "Gekühlt bei 2 bis 8 °C lagern. Nach dem Öffnen innerhalb von 3 Tagen verbrauchen.",
}
_ORIGIN: Final = {"en": "Milk from Austria", "de": "Milch aus Österreich"}

PRODUCTS: Final = (
    DemoProduct(
        brand="alpenhof",
        gtin="09521001000017",
        is_fresh=True,
        picture="passport/demo/lactose-free-milk.svg",
        categories=(
            "en:dairies",
            "en:milks",
            "en:lactose-free-milk",
        ),
        label=label(
            names={"en": "Lactose-free whole milk 1 l", "de": "Laktosefreie Vollmilch 1 l"},
            ingredients={"en": "_Whole milk_, lactase enzyme", "de": "_Vollmilch_, Enzym Laktase"},
            nutrition=nutrition(
                ML,
                kj=269,
                kcal=64,
                fat="3.5",
                saturates="2.3",
                carbohydrate="4.8",
                sugars="4.8",
                fibre="0",
                protein="3.4",
                salt="0.10",
            ),
            quantity="1 l",
            portion="200 ml",
            date_kind=DateKind.BEST_BEFORE,
            storage=_COLD,
            operator=_OPERATOR,
            origin=_ORIGIN,
            instructions={
                "en": "Shake before use. Lactose content below 0.1 g per 100 ml.",
                "de": "Vor Gebrauch schütteln. Laktosegehalt unter 0,1 g je 100 ml.",
            },
            nutri_score="C",
            nova=1,
            claims=(Claim.LACTOSE_FREE,),
        ),
        journey=(
            Step(
                kind=StepKind.ORIGIN, place="41 farms in the Bregenz Forest, Austria", date=date(2026, 2, 9)
            ),
            Step(
                kind=StepKind.PROCESSING,
                place="Alpenhof dairy, Beispielstadt, Austria",
                date=date(2026, 2, 10),
            ),
            Step(
                kind=StepKind.PACKING, place="Alpenhof dairy, Beispielstadt, Austria", date=date(2026, 2, 10)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Cold store, Innsbruck, Austria", date=date(2026, 2, 11)),
        ),
        eco=Eco(
            score=58,
            explanation="Short ways from farm to dairy and a carton of renewable fibre; the cows' methane"
            " weighs"
            " most.",
        ),
    ),
    DemoProduct(
        brand="alpenhof",
        gtin="09521001000024",
        is_fresh=True,
        picture="passport/demo/hay-milk.svg",
        categories=("en:dairies", "en:milks", "en:fresh-milks", "en:whole-milks"),
        label=label(
            names={"en": "Fresh hay milk 3.8 % fat", "de": "Frische Heumilch 3,8 % Fett"},
            ingredients={"en": "Pasteurised hay _milk_", "de": "Pasteurisierte Heu-_Milch_"},
            nutrition=nutrition(
                ML,
                kj=278,
                kcal=67,
                fat="3.8",
                saturates="2.5",
                carbohydrate="4.7",
                sugars="4.7",
                fibre="0",
                protein="3.4",
                salt="0.10",
            ),
            quantity="1 l",
            portion="200 ml",
            date_kind=DateKind.USE_BY,
            storage=_COLD,
            operator=_OPERATOR,
            origin=_ORIGIN,
            instructions={
                "en": "Shake before opening. Rinse the bottle and bring it back.",
                "de": "Vor dem Öffnen schütteln. Flasche ausspülen und zurückbringen.",
            },
            nutri_score="C",
            nova=1,
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="17 mountain farms, Zillertal, Austria", date=date(2026, 2, 16)),
            Step(
                kind=StepKind.PROCESSING,
                place="Alpenhof dairy, Beispielstadt, Austria",
                date=date(2026, 2, 16),
            ),
            Step(
                kind=StepKind.PACKING, place="Alpenhof dairy, Beispielstadt, Austria", date=date(2026, 2, 17)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Cold store, Innsbruck, Austria", date=date(2026, 2, 17)),
        ),
        eco=Eco(
            score=66,
            explanation="Hay and pasture instead of bought feed, and a glass bottle that is refilled some"
            " twenty times.",
        ),
    ),
    DemoProduct(
        brand="alpenhof",
        gtin="09521001000031",
        is_fresh=True,
        picture="passport/demo/natural-yoghurt.svg",
        categories=(
            "en:dairies",
            "en:fermented-foods",
            "en:fermented-milk-products",
            "en:yogurts",
            "en:plain-yogurts",
        ),
        label=label(
            names={"en": "Natural yoghurt", "de": "Naturjoghurt"},
            ingredients={
                "en": "_Whole milk_, lactic acid cultures",
                "de": "_Vollmilch_, Milchsäurebakterienkulturen",
            },
            nutrition=nutrition(
                G,
                kj=276,
                kcal=66,
                fat="3.6",
                saturates="2.4",
                carbohydrate="4.5",
                sugars="4.5",
                fibre="0",
                protein="3.9",
                salt="0.13",
            ),
            quantity="500 g",
            portion="150 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_COLD,
            operator=_OPERATOR,
            origin=_ORIGIN,
            instructions={"en": "Stir before eating.", "de": "Vor dem Verzehr umrühren."},
            nutri_score="B",
            nova=1,
        ),
        journey=(
            Step(
                kind=StepKind.ORIGIN, place="41 farms in the Bregenz Forest, Austria", date=date(2026, 2, 2)
            ),
            Step(
                kind=StepKind.PROCESSING,
                place="Alpenhof dairy, Beispielstadt, Austria",
                date=date(2026, 2, 4),
            ),
            Step(
                kind=StepKind.PACKING, place="Alpenhof dairy, Beispielstadt, Austria", date=date(2026, 2, 5)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Cold store, Munich, Germany", date=date(2026, 2, 6)),
        ),
        eco=Eco(
            score=61,
            explanation="Nothing but milk and cultures, in a thin cup with a cardboard sleeve that comes"
            " off.",
        ),
    ),
    DemoProduct(
        brand="alpenhof",
        gtin="09521001000048",
        picture="passport/demo/mountain-cheese.svg",
        categories=(
            "en:dairies",
            "en:fermented-foods",
            "en:fermented-milk-products",
            "en:cheeses",
            "en:cow-cheeses",
            "en:hard-cheeses",
        ),
        label=label(
            names={"en": "Mountain cheese, 6 months", "de": "Bergkäse, 6 Monate gereift"},
            ingredients={
                "en": "Raw cow's _milk_, salt, animal rennet, lactic acid cultures",
                "de": "Rohe Kuh-_Milch_, Salz, tierisches Lab, Milchsäurebakterienkulturen",
            },
            nutrition=nutrition(
                G,
                kj=1643,
                kcal=396,
                fat="32",
                saturates="20",
                carbohydrate="0",
                sugars="0",
                fibre="0",
                protein="27",
                salt="1.4",
            ),
            quantity="250 g",
            portion="30 g",
            date_kind=DateKind.BEST_BEFORE,
            storage={
                "en": "Keep refrigerated at 2 to 8 °C, wrapped in its paper.",
                "de": "Gekühlt bei 2 bis 8 °C im Papier lagern.",
            },
            operator=_OPERATOR,
            origin=_ORIGIN,
            instructions={
                "en": "Made with raw milk. Take it out of the fridge half an hour before you eat it.",
                "de": "Aus Rohmilch hergestellt. Eine halbe Stunde vor dem Verzehr aus dem Kühlschrank"
                " nehmen.",
            },
            nutri_score="D",
            nova=3,
        ),
        journey=(
            Step(
                kind=StepKind.ORIGIN, place="Summer pastures, Kleinwalsertal, Austria", date=date(2025, 7, 14)
            ),
            Step(
                kind=StepKind.PROCESSING,
                place="Alpine dairy, Kleinwalsertal, Austria",
                date=date(2025, 7, 15),
            ),
            Step(
                kind=StepKind.PACKING, place="Alpenhof dairy, Beispielstadt, Austria", date=date(2026, 1, 19)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Cold store, Munich, Germany", date=date(2026, 1, 21)),
        ),
        eco=Eco(
            score=38,
            explanation="Ten litres of milk go into one kilogram of cheese, and with them the cows' methane.",
        ),
    ),
    DemoProduct(
        brand="alpenhof",
        gtin="09521001000055",
        is_fresh=True,
        picture="passport/demo/butter.svg",
        categories=("en:dairies", "en:fats", "en:spreads", "en:dairy-spread", "en:butters"),
        label=label(
            names={"en": "Sour cream butter", "de": "Sauerrahmbutter"},
            ingredients={
                "en": "Butter (_milk_), lactic acid cultures",
                "de": "_Butter_, Milchsäurebakterienkulturen",
            },
            nutrition=nutrition(
                G,
                kj=3058,
                kcal=744,
                fat="82",
                saturates="54",
                carbohydrate="0.7",
                sugars="0.7",
                fibre="0",
                protein="0.7",
                salt="0.02",
            ),
            quantity="250 g",
            portion="10 g",
            date_kind=DateKind.BEST_BEFORE,
            storage={"en": "Keep refrigerated at 2 to 8 °C.", "de": "Gekühlt bei 2 bis 8 °C lagern."},
            operator=_OPERATOR,
            origin=_ORIGIN,
            instructions={
                "en": "For spreading and baking; it browns above 120 °C.",
                "de": "Zum Streichen und Backen; bräunt über 120 °C.",
            },
            nutri_score="E",
            nova=2,
        ),
        journey=(
            Step(
                kind=StepKind.ORIGIN, place="41 farms in the Bregenz Forest, Austria", date=date(2026, 1, 26)
            ),
            Step(
                kind=StepKind.PROCESSING,
                place="Alpenhof dairy, Beispielstadt, Austria",
                date=date(2026, 1, 28),
            ),
            Step(
                kind=StepKind.PACKING, place="Alpenhof dairy, Beispielstadt, Austria", date=date(2026, 1, 28)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Cold store, Innsbruck, Austria", date=date(2026, 1, 30)),
        ),
        eco=Eco(
            score=27,
            explanation="One kilogram takes more than twenty litres of milk; no other food of the dairy"
            " weighs"
            " as much on the climate.",
        ),
    ),
    DemoProduct(
        brand="alpenhof",
        gtin="09521001000062",
        is_fresh=True,
        picture="passport/demo/protein-quark.svg",
        categories=(
            "en:dairies",
            "en:fermented-foods",
            "en:fermented-milk-products",
            "en:cheeses",
            "en:fresh-cheeses",
            "en:quarks",
        ),
        label=label(
            names={"en": "Low-fat quark, high in protein", "de": "Magerquark, viel Eiweiß"},
            ingredients={
                "en": "_Skimmed milk_, _milk_ protein, lactic acid cultures, vanilla extract",
                "de": "_Magermilch_, _Milcheiweiß_, Milchsäurebakterienkulturen, Vanilleextrakt",
            },
            nutrition=nutrition(
                G,
                kj=290,
                kcal=68,
                fat="0.2",
                saturates="0.1",
                carbohydrate="4.1",
                sugars="4.0",
                fibre="0.1",
                protein="12.5",
                salt="0.13",
            ),
            quantity="250 g",
            portion="150 g",
            date_kind=DateKind.BEST_BEFORE,
            storage=_COLD,
            operator=_OPERATOR,
            origin=_ORIGIN,
            instructions={"en": "Stir until smooth.", "de": "Glatt rühren."},
            nutri_score="A",
            nova=4,
            traces=(Allergen.NUTS,),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Farms in the Inn valley, Austria", date=date(2026, 2, 9)),
            Step(
                kind=StepKind.PROCESSING,
                place="Alpenhof dairy, Beispielstadt, Austria",
                date=date(2026, 2, 11),
            ),
            Step(
                kind=StepKind.PACKING, place="Alpenhof dairy, Beispielstadt, Austria", date=date(2026, 2, 12)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Cold store, Munich, Germany", date=date(2026, 2, 13)),
        ),
        eco=Eco(
            score=52,
            explanation="Four litres of skimmed milk make one kilogram; the whey is used for drinks.",
        ),
    ),
    DemoProduct(
        brand="alpenhof",
        gtin="09521001000079",
        picture="passport/demo/hazelnut-cocoa.svg",
        categories=(
            "en:beverages",
            "en:dairies",
            "en:dairy-drinks",
            "en:flavoured-milks",
            "en:chocolate-milks",
        ),
        label=label(
            names={"en": "Hazelnut cocoa milk drink", "de": "Haselnuss-Kakao-Milchgetränk"},
            ingredients={
                "en": "_Milk_ (90 %), sugar, _hazelnut_ paste (1.8 %), low-fat cocoa powder (1.2 %),"
                " stabiliser gellan gum",
                "de": "_Milch_ (90 %), Zucker, Mark aus _Haselnüssen_ (1,8 %), fettarmes Kakaopulver (1,2 %),"
                " Stabilisator Gellan",
            },
            nutrition=nutrition(
                ML,
                kj=368,
                kcal=88,
                fat="3.9",
                saturates="1.6",
                carbohydrate="9.6",
                sugars="9.4",
                fibre="0.5",
                protein="3.3",
                salt="0.12",
            ),
            quantity="500 ml",
            portion="250 ml",
            date_kind=DateKind.BEST_BEFORE,
            storage=_COLD,
            operator=_OPERATOR,
            origin=_ORIGIN,
            instructions={"en": "Shake well. Serve cold.", "de": "Gut schütteln. Kalt servieren."},
            nutri_score="E",
            nova=4,
            traces=(Allergen.PEANUTS, Allergen.SOYBEANS),
        ),
        journey=(
            Step(kind=StepKind.ORIGIN, place="Milk: Inn valley, Austria; hazelnuts: Piedmont, Italy"),
            Step(
                kind=StepKind.PROCESSING,
                place="Alpenhof dairy, Beispielstadt, Austria",
                date=date(2026, 1, 12),
            ),
            Step(
                kind=StepKind.PACKING, place="Alpenhof dairy, Beispielstadt, Austria", date=date(2026, 1, 13)
            ),
            Step(kind=StepKind.DISTRIBUTION, place="Cold store, Innsbruck, Austria", date=date(2026, 1, 14)),
        ),
        eco=Eco(
            score=44,
            explanation="Cocoa comes a long way and sugar adds little but calories; the milk weighs most.",
        ),
    ),
)
