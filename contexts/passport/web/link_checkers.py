"""Programs that open a link to check, index, preview or watch it: nobody stood before a shelf with a pack.

What an assistant opens because a person asked it (ChatGPT-User and its like) is among them: it holds no pack
and keeps no cookie, so that one person would be counted as many.
"""

import re
from functools import lru_cache
from typing import Final

# To extend: add the whole name that its maker documents, in lower case, in its place ("bot" is in Cubot).

#: Wherever in the User-Agent the name stands.
NAMED_ANYWHERE: Final = (
    "adsbot-google",
    "ahrefsbot",
    "amazon-route53-health-check-service",
    "amazonbot",
    "applebot",
    "archive.org_bot",
    "baiduspider",
    "better uptime bot",
    "bingbot",
    "bingpreview",
    "blexbot",
    "bluesky cardyb",
    "bytespider",
    "ccbot",
    "chatgpt-user",
    "claude-searchbot",
    "claude-user",
    "claudebot",
    "datadogsynthetics",
    "dataforseobot",
    "discordbot",
    "dotbot",
    "duckassistbot",
    "duckduckbot",
    "embedly",
    "facebookcatalog",
    "facebookexternalhit",
    "facebot",
    "google-inspectiontool",
    "google-pagerenderer",
    "google-read-aloud",
    "googlebot",
    "googlehc",
    "googleother",
    "googlestackdrivermonitoring-uptimechecks",
    "gptbot",
    "hetrixtools",
    "iframely",
    "kakaotalk-scrap",
    "line-poker",
    "linkchecker",
    "linkedinbot",
    "mastodon",
    "meta-externalagent",
    "meta-externalfetcher",
    "microsoftpreview",
    "mj12bot",
    "oai-searchbot",
    "perplexity-user",
    "perplexitybot",
    "petalbot",
    "pingdom.com_bot",
    "pinterestbot",
    "redditbot",
    "rogerbot",
    "semrushbot",
    "seznambot",
    "site24x7",
    "skypeuripreview",
    "slackbot",
    "snap url preview service",
    "sogou web spider",
    "statuscake",
    "telegrambot",
    "twitterbot",
    "uptimerobot",
    "vkshare",
    "w3c-checklink",
    "w3c_validator",
    "yandexbot",
    "yandexmobilebot",
)

#: Only where the name begins the User-Agent: behind a browser's it is the application that a person reads in.
#: curl and its like are not here: who types a link there means it.
NAMED_FIRST: Final = (
    "aria2",
    "blackbox exporter",
    "checkly",
    "elb-healthchecker",
    "kube-probe",
    "libwww-perl",
    "lychee",
    "prometheus",
    "uptime-kuma",
    "viber",
    "whatsapp",
)

#: Characters of a User-Agent that are looked at and remembered; no browser's own is longer.
_LOOKED_AT: Final = 512


def is_link_checker(agent: str) -> bool:
    """Whether a User-Agent names one of them."""
    return _is_link_checker(agent[:_LOOKED_AT])


def _either(names: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, names))


#: A name ends where no letter or digit follows: a version, a comment or a part of the product may.
_NAMED: Final = re.compile(
    rf"(?:\A(?:{_either(NAMED_FIRST)})|(?<![a-z0-9])(?:{_either(NAMED_ANYWHERE)}))(?![a-z0-9])"
)


@lru_cache(maxsize=1024)  # the same few browsers come again and again
def _is_link_checker(agent: str) -> bool:
    return _NAMED.search(agent.lower()) is not None
