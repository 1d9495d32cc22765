"""When the demo's products were made: their journeys end shortly before the demo is loaded."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from contexts.passport.demo.product import DemoProduct
from contexts.passport.domain.sections import Journey, Position

#: The day on which the catalogue's journeys are told.
WRITTEN_ON: Final = date(2026, 2, 19)
#: What happened to a fresh product longer before its delivery than this was a harvest, which has its season.
_SEASONAL: Final = timedelta(days=60)

#: Where the journeys' places are, or would be; those that name several places are on no map.
PLACES: Final = {
    "17 mountain farms, Zillertal, Austria": Position(47.2, 11.9),
    "41 farms in the Bregenz Forest, Austria": Position(47.4, 9.9),
    "Alpenhof dairy, Beispielstadt, Austria": Position(47.3, 10.0),
    "Alpine dairy, Kleinwalsertal, Austria": Position(47.35, 10.17),
    "Cannery, Parma, Italy": Position(44.8, 10.33),
    "Cantabrian Sea, FAO 27.8.c": Position(43.8, -4.5),
    "Cold store, Bologna, Italy": Position(44.49, 11.34),
    "Cold store, Innsbruck, Austria": Position(47.26, 11.39),
    "Cold store, Munich, Germany": Position(48.14, 11.58),
    "Farms in the Inn valley, Austria": Position(47.4, 11.8),
    "Fields near Parma, Italy": Position(44.75, 10.4),
    "Filling plant, Lübeck, Germany": Position(53.87, 10.69),
    "Greenhouses, Albenga, Italy": Position(44.05, 8.21),
    "Gulf of Trieste, Adriatic Sea": Position(45.6, 13.6),
    "Kitchen, Chioggia, Italy": Position(45.22, 12.28),
    "Kitchen, Genoa, Italy": Position(44.41, 8.93),
    "Mill, Foggia, Italy": Position(41.46, 15.55),
    "Mill, Lüneburg, Germany": Position(53.25, 10.41),
    "Nordkorn bakery, Musterhafen, Germany": Position(53.9, 9.1),
    "Oat fields, Pirkanmaa, Finland": Position(61.5, 23.8),
    "Oat mill, Lübeck, Germany": Position(53.87, 10.69),
    "Oil mill, Lecce, Italy": Position(40.35, 18.17),
    "Olive groves, Salento, Italy": Position(40.2, 18.2),
    "Pasta works, Campofilone, Italy": Position(43.08, 13.81),
    "Pasta works, Gragnano, Italy": Position(40.69, 14.52),
    "Rye fields, Uelzen, Germany": Position(52.97, 10.56),
    "Salting house, Sciacca, Sicily, Italy": Position(37.51, 13.08),
    "Summer pastures, Kleinwalsertal, Austria": Position(47.33, 10.15),
    "Warehouse, Hamburg, Germany": Position(53.55, 9.99),
    "Warehouse, Verona, Italy": Position(45.44, 10.99),
    "Wheat fields, Capitanata, Apulia, Italy": Position(41.5, 15.5),
    "Wheat fields, Wendland, Germany": Position(53.0, 11.1),
}


def journey_as_of(product: DemoProduct, *, day: date) -> Journey:
    """The product's journey as somebody would tell it on that day: all of it is over, nothing out of season.

    A fresh product moves by days. What keeps moves by whole years: it is from the last season.
    """
    dates = [step.date for step in product.journey if step.date]
    last = max(dates)
    if product.is_fresh:
        moved = {then: then + (day - WRITTEN_ON) for then in dates if last - then < _SEASONAL}
        made = min(moved.values())
        moved |= {then: _in_year(then, by=_years(then, before=made)) for then in dates if then not in moved}
    else:
        years = _years(last, before=day)
        moved = {then: _in_year(then, by=years) for then in dates}
    return tuple(replace(step, date=step.date and moved[step.date]) for step in product.journey)


def located(journey: Journey) -> Journey:
    """The journey with the positions of its places."""
    return tuple(replace(step, position=PLACES.get(step.place)) for step in journey)


def _years(then: date, *, before: date) -> int:
    """How many years later the same day of the year was last, before a day."""
    years = before.year - then.year
    return years if _in_year(then, by=years) < before else years - 1


def _in_year(then: date, *, by: int) -> date:
    return then.replace(year=then.year + by)
