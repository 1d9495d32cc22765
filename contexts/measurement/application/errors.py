"""What can go wrong in measurement, in words that people may read."""

from packytrace.errors import DomainError, Kind


class AlreadyReleased(DomainError):
    """Windows were released: to count their scans again would be a second answer to the same question."""

    code = "windows_already_released"
    kind = Kind.CONFLICT
