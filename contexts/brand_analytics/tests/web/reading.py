"""Reading pages as a person reads them: tables by their headings, text without marks."""

from html.parser import HTMLParser

Row = list[str]


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[Row]] = []
        self._cells: int = 0
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self._inside = True
            self.tables[-1][-1] += [""] * int(dict(attrs).get("colspan") or 1)
        elif tag == "span" and "is-narrow" in classes:
            # Said again for small windows, where the column of its own is not shown.
            self._inside = False

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.tables[-1][-1][-1] = " ".join(f"{self.tables[-1][-1][-1]} {data}".split())


def tables(html: str) -> list[list[Row]]:
    """Every table of a page: its rows with the text of each cell, the heading first."""
    parser = _Tables()
    parser.feed(html)
    return parser.tables
