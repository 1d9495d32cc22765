"""What can go wrong in brand analytics, in words that people may read."""

from packytrace.errors import DomainError, Kind


class UnknownPeriod(DomainError):
    """A period that is not offered."""

    code = "unknown_period"
    kind = Kind.INVALID


class UnknownBrandProduct(DomainError):
    """The brand has no such product, and no cell of one."""

    code = "unknown_brand_product"
    kind = Kind.NOT_FOUND
