"""An answer of each source that is asked over the network: another source is another entry here."""

from typing import Any, Final

import orjson

from contexts.passport.tests.application.sources.contract import Sample
from contexts.passport.tests.entries import MUESLI

#: Products that nobody sells, outside of GS1's range for demonstrations.
SOUP, OTHER = "04006381333931", "04006381333948"


def off_answer(*, code: str = SOUP[1:], **more: Any) -> bytes:
    """A product as Open Food Facts' API v3 writes it."""
    product = {
        "code": code,
        "lang": "en",
        "product_name": "Tomato soup",
        "product_name_it": "Zuppa di pomodoro",
        "ingredients_text_en": "tomatoes, cream (_milk_), salt",
        "allergens_tags": ["en:milk"],
        "categories_tags": ["en:soups"],
        "nutriments": {"energy-kj_100g": 210, "salt_100g": "0.8"},
        "last_modified_t": 1_770_000_000,
        **more,
    }
    return orjson.dumps({"code": code, "status": "success", "errors": [], "product": product})


_LOCATION: Final = "urn:epc:id:sgln:9521001.00001.0"


def event(step: str, *, at: str = "2026-03-01T08:00:00Z", **more: Any) -> dict[str, Any]:
    """An EPCIS event about a lot of the muesli."""
    return {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:{step}-{at}",
        "eventTime": at,
        "eventTimeZoneOffset": "+01:00",
        "bizStep": f"urn:epcglobal:cbv:bizstep:{step}",
        "readPoint": {"id": _LOCATION},
        "quantityList": [{"epcClass": f"https://id.gs1.org/01/{MUESLI}/10/L1"}],
        **more,
    }


def epcis(*events: dict[str, Any]) -> dict[str, Any]:
    """An EPCIS 2.0 document with its master data."""
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "epcisHeader": {
            "epcisMasterData": {
                "vocabularyList": [
                    {
                        "type": "urn:epcglobal:epcis:vtype:Location",
                        "vocabularyElementList": [
                            {
                                "id": _LOCATION,
                                "attributes": [
                                    {"id": "urn:epcglobal:cbv:mda#name", "attribute": "North mill"},
                                    {"id": "urn:epcglobal:cbv:mda#city", "attribute": "Kiel"},
                                ],
                            }
                        ],
                    }
                ]
            }
        },
        "epcisBody": {"eventList": list(events)},
    }


SAMPLES: Final = {
    "open_food_facts": Sample(
        gtin=SOUP,
        good=off_answer(),
        wrong_product=off_answer(code=OTHER[1:]),
        unknown=orjson.dumps({"status": "failure", "result": {"id": "product_not_found"}, "errors": []}),
    ),
    "journey_feed": Sample(
        gtin=MUESLI,
        good=orjson.dumps(epcis(event("packing"), event("shipping", at="2026-03-02T08:00:00Z"))),
        wrong_product=orjson.dumps(
            epcis(event("packing", quantityList=[{"epcClass": f"https://id.gs1.org/01/{OTHER}/10/L1"}]))
        ),
    ),
}
