"""The message catalogues in `locale/`: gathered from the sources, checked, compiled. Babel instead of GNU
gettext, which no new machine has."""
