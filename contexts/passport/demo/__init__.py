"""The demo catalogue: twenty products of three brands that do not exist, to show what a passport looks like.

The brands are minted elsewhere; a product names its own by slug. Every GTIN is under 952, the prefix that GS1
keeps for demonstrations and examples (GS1 General Specifications, section 1.4.2), so that none is on a pack
in any shop.
"""

from typing import Final

#: Slug of each brand that the demo catalogue speaks of, and the name on its packs.
BRANDS: Final = {
    "alpenhof": "Alpenhof",
    "campo-vivo": "Campo Vivo",
    "nordkorn": "Nordkorn",
}

#: The company prefix of each brand, under which its GTINs are.
PREFIXES: Final = {
    "alpenhof": "9521001",
    "campo-vivo": "9521002",
    "nordkorn": "9521003",
}
