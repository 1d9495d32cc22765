"""By how much our clock and a provider's may differ."""

from typing import Final

#: Seconds by which a token's times are believed though they are past, or not yet there: "usually no more than
#: a few minutes, to account for clock skew" (RFC 7519, 4.1.4). Of access and ID tokens alike.
LEEWAY: Final = 120
