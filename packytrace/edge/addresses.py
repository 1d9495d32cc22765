"""Which addresses are whose: what the parts of the front door treat apart."""

from typing import Final

#: Below this address stands the Resolver alone.
RESOLVER: Final = "/01/"

#: Below these addresses programs ask, whatever they say that they accept.
FOR_PROGRAMS: Final = ("/api/", "/health/", "/metrics")
