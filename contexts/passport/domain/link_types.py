"""Link types: what a link leads to, in the words of the GS1 Web Vocabulary.

Written in one way here, `gs1:pip` or an absolute URI, however they were spelled (GS1-Conformant Resolver
Standard 1.2, section 2.14). Source of the names: the vocabulary's list of link types, 2026.
"""

import re
from collections.abc import Mapping
from typing import Final

from contexts.passport.domain.refusals import gettext_noop

PREFIX: Final = "gs1:"
#: Where the vocabulary is; what is published is written with it, as GS1's schema of linksets asks.
NAMESPACE: Final = "https://ref.gs1.org/voc/"

PRODUCT_PAGE: Final = "gs1:pip"
RECALL_STATUS: Final = "gs1:recallStatus"
DEFAULT: Final = "gs1:defaultLink"
DEFAULT_MULTI: Final = "gs1:defaultLinkMulti"

#: Ask for the list itself; `all` is what it was called before release 1.0 of the standard.
LINKSET: Final = frozenset({"linkset", "all"})

#: What a brand can register, and how people call it. The two of the default are said by `is_default`;
#: `handledBy` hands a code on to another resolver, which ours does not.
LINK_TYPES: Final[Mapping[str, str]] = {
    "gs1:pip": gettext_noop("Product information"),
    "gs1:activityIdeas": gettext_noop("Ideas for activities"),
    "gs1:allergenInfo": gettext_noop("Allergens"),
    "gs1:appDownload": gettext_noop("App"),
    "gs1:backgroundInfo": gettext_noop("Background"),
    "gs1:brandHomepageClinical": gettext_noop("Brand's page for professionals of health"),
    "gs1:brandHomepagePatient": gettext_noop("Brand's page for patients"),
    "gs1:careersInfo": gettext_noop("Careers"),
    "gs1:certificationInfo": gettext_noop("Certificates"),
    "gs1:consumerHandlingStorageInfo": gettext_noop("Handling and storage"),
    "gs1:dpp": gettext_noop("Digital product passport"),
    "gs1:eifu": gettext_noop("Electronic instructions for use"),
    "gs1:epcis": gettext_noop("EPCIS repository"),
    "gs1:epil": gettext_noop("Patient leaflet"),
    "gs1:eventsInfo": gettext_noop("Events"),
    "gs1:faqs": gettext_noop("Questions and answers"),
    "gs1:hasRetailers": gettext_noop("Where to buy"),
    "gs1:homepage": gettext_noop("Homepage"),
    "gs1:ingredientsInfo": gettext_noop("Ingredients"),
    "gs1:instructions": gettext_noop("Instructions"),
    "gs1:jws": gettext_noop("Signed data (JWS)"),
    "gs1:leaveReview": gettext_noop("Write a review"),
    "gs1:locationInfo": gettext_noop("Place"),
    "gs1:logisticsInfo": gettext_noop("Logistics"),
    "gs1:loyaltyProgram": gettext_noop("Loyalty programme"),
    "gs1:masterData": gettext_noop("Master data"),
    "gs1:menuInfo": gettext_noop("Menu"),
    "gs1:nutritionalInfo": gettext_noop("Nutrition"),
    "gs1:openingHoursInfo": gettext_noop("Opening hours"),
    "gs1:paymentLink": gettext_noop("Payment"),
    "gs1:productSustainabilityInfo": gettext_noop("Sustainability of the product"),
    "gs1:promotion": gettext_noop("Promotion"),
    "gs1:purchaseSuppliesOrAccessories": gettext_noop("Supplies and accessories"),
    "gs1:quickStartGuide": gettext_noop("Quick start"),
    "gs1:recallStatus": gettext_noop("Recalls"),
    "gs1:recipeInfo": gettext_noop("Recipes"),
    "gs1:registerProduct": gettext_noop("Register the product"),
    "gs1:registryEntry": gettext_noop("Entry in a registry"),
    "gs1:relatedImage": gettext_noop("Picture"),
    "gs1:relatedVideo": gettext_noop("Video"),
    "gs1:reportFound": gettext_noop("Report it found"),
    "gs1:review": gettext_noop("Reviews"),
    "gs1:safetyInfo": gettext_noop("Safety"),
    "gs1:scheduleTime": gettext_noop("Make an appointment"),
    "gs1:serviceInfo": gettext_noop("Service"),
    "gs1:smartLabel": gettext_noop("SmartLabel"),
    "gs1:smpc": gettext_noop("Summary of product characteristics"),
    "gs1:socialMedia": gettext_noop("Social media"),
    "gs1:statisticInfo": gettext_noop("Statistics"),
    "gs1:subscribe": gettext_noop("Subscribe"),
    "gs1:support": gettext_noop("Support"),
    "gs1:sustainabilityInfo": gettext_noop("Sustainability"),
    "gs1:traceability": gettext_noop("Traceability"),
    "gs1:tutorial": gettext_noop("Tutorial"),
    "gs1:userAgreement": gettext_noop("Terms of use"),
    "gs1:verificationService": gettext_noop("Check whether it is genuine"),
    "gs1:whatsInTheBox": gettext_noop("What is in the box"),
}

#: Of the vocabulary, but not for a brand to register.
RESERVED: Final = (DEFAULT, DEFAULT_MULTI, "gs1:handledBy")
_BY_NAME: Final = {name.removeprefix(PREFIX).casefold(): name for name in (*LINK_TYPES, *RESERVED)}

#: Ways to write the vocabulary's namespace that are in use.
_LONG: Final = re.compile(r"https?://(?:ref\.|www\.)?gs1\.org/voc/", re.IGNORECASE)
#: What GS1's schema of linksets takes for the URI of a link type.
_URI: Final = re.compile(r"https?://[A-Za-z0-9./_]{1,190}")


def link_type(text: str) -> str | None:
    """A link type however it is spelled (`pip`, `gs1:pip`, the long form, upper or lower case), in our way.

    One of another vocabulary is an absolute URI. None for what is neither.
    """
    said = text.strip()
    long = _LONG.match(said)
    name = said[long.end() :] if long else said.removeprefix(PREFIX)
    if known := _BY_NAME.get(name.casefold()):
        return known
    return said if long is None and _URI.fullmatch(said) else None


def uri_of(name: str) -> str:
    """The absolute URI of a link type in our spelling."""
    return NAMESPACE + name.removeprefix(PREFIX) if name.startswith(PREFIX) else name
