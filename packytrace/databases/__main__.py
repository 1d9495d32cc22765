"""`python -m packytrace.databases`: keeps the embedded PostgreSQL server running.

Without Django, which would cost ten times the memory of what there is to do. The server is no child of this
process: a keeper that dies takes no transaction with it.
"""

import signal
import sys
import threading
from pathlib import Path

from packytrace.configuration import Configuration
from packytrace.databases.embedded import EmbeddedServer, EmbeddedServerFailed

#: Seconds between two looks at the server.
PERIOD = 1.0


def main() -> None:
    """Start the server, and start it again when it died; ends on SIGTERM and leaves the server running."""
    configuration = Configuration()
    if configuration["DATABASE_URL"]:
        sys.exit("DATABASE_URL is set: that server is not ours to start.")
    server = EmbeddedServer(state=Path(configuration["STATE"]).expanduser().resolve())
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            server.start()
        except EmbeddedServerFailed as error:
            sys.exit(str(error))
        stop.wait(PERIOD)


if __name__ == "__main__":
    main()
