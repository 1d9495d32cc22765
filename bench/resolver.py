"""What each answer of the Resolver costs: `python -m bench.resolver`.

For random products of 100,000 with five links each, with PostgreSQL (fsync and synchronous_commit on), the
web server and the load generator on the same cores, requests a second and processor time a request of:

- redirect: a durable scan, and the way to the default that the brand has registered;
- linkset: the list of a product's links as JSON, and the answer 304 to a client that has it;
- 404: a product that we do not know, and a link type that a product has not, to programs that record nothing;
- 400: a wrong check digit;
- yardstick: redirect and linkset by plain Django views over the ORM (`bench.plain_resolver`), same server and
  middlewares.

Every run's answers are checked by their status; those of redirects against the rows, too.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

import psutil

from bench.load import (
    additions_a_second,
    database_server,
    describe,
    free_port,
    in_process,
    installed_oha,
    own_place,
    run_oha,
    set_up_django,
    spent,
    verdict,
    web_server,
)
from bench.scan import PRODUCTS, _count_rows, _empty_tables, _prepare, _visitor_cookie

LINKS: Final = 5
ADDRESSES: Final = 50_000

#: What must be reached, requests a second.
REDIRECTS: Final = 1_800
LINKSETS: Final = 1_500

_JSON: Final = "Accept: application/linkset+json"


def main() -> None:
    """Measure and say whether the figures hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=30_000, help="of one run")
    parser.add_argument("--connections", type=int, default=32, help="of the load generator")
    parser.add_argument("--port", type=int, default=0, help="of the web server; default: a free one")
    options = parser.parse_args()
    oha, port = installed_oha(), options.port or free_port()
    with own_place(port=port) as folder:
        gtins = in_process(_prepare)
        in_process(_register_links)
        describe(oha, connections=options.connections, of=f"{PRODUCTS:,} products with {LINKS} links each")
        addresses = _addresses(folder, gtins, port=port)
        cookie = ("-H", f"Cookie: {in_process(_visitor_cookie)}")
        one = addresses["one"].read_text(encoding="ascii").strip()

        def run(server: psutil.Process, what: str, place: str, status: int, *more: str) -> float:
            arguments = ["-n", str(options.requests), "-c", str(options.connections), *more]
            return _run(server, oha, what, addresses[place], status, arguments)

        with web_server() as server:
            run_oha(oha, "-n", "3000", "--urls-from-file", str(addresses["scans"]))
            redirects = run(server, "redirect with scan", "scans", 307, *cookie)
            linksets = run(server, "linkset", "linksets", 200, "-H", _JSON)
            run(server, "linkset, unchanged", "one", 304, "-H", _JSON, "-H", f"If-None-Match: {_etag(one)}")
            run(server, "404, unknown product", "unknown", 404, "-H", _JSON)
            run(server, "404, no such link type", "no_type", 404, "-H", "Sec-Fetch-Mode: cors")
            run(server, "400, wrong check digit", "wrong", 400, "-H", _JSON)
        with web_server(addresses="bench.plain_resolver") as server:
            run_oha(oha, "-n", "3000", "--urls-from-file", str(addresses["scans"]))
            plain_redirects = run(server, "yardstick: redirect", "scans", 307, *cookie)
            plain_linksets = run(server, "yardstick: linkset", "linksets", 200, "-H", _JSON)
    print(
        f"\nredirect {redirects / plain_redirects:.2f} times, linkset {linksets / plain_linksets:.2f} times"
    )
    reached = redirects >= REDIRECTS, linksets >= LINKSETS
    print(f"redirect at least {REDIRECTS:,}/s: {verdict(reached[0])}")
    print(f"linkset at least {LINKSETS:,}/s: {verdict(reached[1])}")
    sys.exit(0 if all(reached) else 1)


def _run(
    server: psutil.Process, oha: Path, what: str, addresses: Path, status: int, arguments: Sequence[str]
) -> float:
    """One run; prints it and returns its rate. An answer of another status ends the measurement."""
    in_process(_empty_tables)
    database = in_process(database_server)
    additions = additions_a_second()
    before, started = spent(web=server, database=database), time.perf_counter()
    summary: dict[str, Any] = run_oha(oha, *arguments, "--urls-from-file", str(addresses))
    answers: dict[str, int] = summary["statusCodeDistribution"]
    count = sum(answers.values())
    cost = spent(web=server, database=database).since(before, requests=count)
    seconds = time.perf_counter() - started
    if answers != {str(status): count} or summary["errorDistribution"]:
        sys.exit(f"{what}: {answers}, {summary['errorDistribution']}")
    rows, facts = in_process(_count_rows)
    if {rows, facts} != {count if status == 307 else 0}:
        sys.exit(f"{what}: {count} answers, {rows} scans, {facts} facts")
    rate = float(summary["summary"]["requestsPerSec"])
    latency = summary["latencyPercentiles"]
    print(
        f"{what:24} {rate:7,.0f}/s  p50 {latency['p50'] * 1e3:5.1f} ms  p99 {latency['p99'] * 1e3:6.1f} ms"
        f"  web {cost.web * 1e6:4.0f} us  PostgreSQL {cost.database * 1e6:4.0f} us"
        f"  others {cost.rest * count / seconds:.1f} cores  ({additions / 1e6:.0f} million additions/s)",
        flush=True,
    )
    return rate


def _addresses(folder: Path, gtins: Sequence[str], *, port: int) -> dict[str, Path]:
    """Files of addresses to ask, by what they are for."""
    choice = random.Random(20_260_501)
    root = f"http://127.0.0.1:{port}/01"
    codes = [(choice.choice(gtins), choice.randrange(10_000)) for _ in range(ADDRESSES)]
    lines = {
        "scans": [f"{root}/{gtin}/10/L{lot:04}?17=271231" for gtin, lot in codes],
        "linksets": [f"{root}/{gtin}/10/L{lot:04}?linkType=linkset" for gtin, lot in codes],
        "one": [f"{root}/{gtins[0]}/10/L0001?linkType=linkset"],
        "unknown": [f"{root}/{_unknown(gtin)}/10/L{lot:04}?linkType=linkset" for gtin, lot in codes],
        "no_type": [f"{root}/{gtin}/10/L{lot:04}?linkType=gs1:epil" for gtin, lot in codes],
        "wrong": [f"{root}/{gtin[:-1]}{(int(gtin[-1]) + 1) % 10}/10/L{lot:04}" for gtin, lot in codes],
    }
    files = {}
    for name, addresses in lines.items():
        files[name] = folder / f"{name}.txt"
        files[name].write_text("\n".join(addresses) + "\n", encoding="ascii")
    return files


def _unknown(gtin: str) -> str:
    """A right GTIN of no product: another indicator digit, and the check digit that goes with it."""
    return f"9{gtin[1:-1]}{(int(gtin[-1]) + 3) % 10}"


def _etag(address: str) -> str:
    request = Request(address, headers=dict([_JSON.split(": ")]))
    with urlopen(request) as response:
        return str(response.headers["ETag"])


def _register_links() -> None:
    """Five links for each product: a default in English and one in German, a template, and two more."""
    set_up_django()
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute(
            """
            INSERT INTO passport.brand_product (
                gtin, brand_id, name, search_text, edition, revision, created_at, updated_at
            )
            SELECT gtin, gen_random_uuid(), '', '', 0, 1, now(), now() FROM passport.catalogue_entry
            ON CONFLICT (gtin) DO NOTHING
            """
        )
        admin.execute(
            """
            INSERT INTO passport.link (
                id, brand_id, gtin, anchor, link_type, href, title, hreflang, media_type, context, is_default,
                passes_query, version, created_at, updated_at
            )
            SELECT
                gen_random_uuid(), product.brand_id, gtin, '/01/' || gtin, kind, href || gtin || rest, title,
                languages::text[], 'text/html', '{}', first, true, 1, now(), now()
            FROM passport.brand_product AS product, (VALUES
                ('gs1:pip', 'https://brand.example/en/', '', 'Our product', '{en}', true),
                ('gs1:pip', 'https://brand.example/de/', '', 'Unser Produkt', '{de}', false),
                ('gs1:traceability', 'https://brand.example/t/', '/{lot}', 'Where it is from', '{}', false),
                ('gs1:recipeInfo', 'https://brand.example/r/', '', 'Recipes', '{en,de}', false),
                ('gs1:sustainabilityInfo', 'https://brand.example/s/', '', 'What we do', '{}', false)
            ) AS link (kind, href, rest, title, languages, first)
            """
        )
        admin.execute("VACUUM ANALYZE passport.link")


if __name__ == "__main__":
    main()
