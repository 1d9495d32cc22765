"""Producers' files: a brand uploads them in its console, and each line says something of one product.

What a line says goes into the catalogue as the origin `producer_file`, behind what the brand typed itself.
"""

from typing import Final

from contexts.passport.application.sources.adapter import How, LocalSource
from contexts.passport.domain.precedence import Origin

SOURCE: Final = LocalSource(name=Origin.PRODUCER_FILE.value, shown_as="Producer's file", how=How.UPLOAD)
