"""The composition root: the only module that may import from several contexts. Binds ports to providers."""


def bind() -> None:
    """Bind every port of every context. Called once, when Django's apps are loaded."""
