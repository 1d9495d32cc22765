"""A mail server on loopback that keeps what it is given (RFC 5321, as much as a client needs)."""

import email
import email.policy
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

_MOST_AT_ONCE = 20


class MailServer(socketserver.ThreadingTCPServer):
    """Takes every mail; sends none."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        """What it answers to who writes to an address, such as `550 nobody here`."""
        self.hangs = False
        """It listens and says nothing."""
        self.ended = threading.Event()
        self._talking = threading.Semaphore(_MOST_AT_ONCE)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @contextmanager
    def conversation(self) -> Iterator[None]:
        """Around each conversation."""
        with self._talking:
            yield

    def await_silence(self) -> None:
        """Wait until nobody talks to it any more: what was sent has been kept, or never will be."""
        for _each in range(_MOST_AT_ONCE):
            self._talking.acquire()
        self._talking.release(_MOST_AT_ONCE)

    def sent_to(self, address: str) -> list[EmailMessage]:
        """What this address was sent, oldest first."""
        return [mail for mail in self.mails if address in str(mail["To"])]

    def link(self, address: str) -> str:
        """The link of the last mail to this address."""
        text = self.sent_to(address)[-1].get_body(("plain",))
        assert text is not None
        found = re.search(r"https?://\S+", text.get_content())
        assert found
        return found[0]


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        with self.server.conversation(), suppress(ConnectionError):  # whoever wrote may have died
            self._talk()

    def _talk(self) -> None:
        if self.server.hangs:
            self.server.ended.wait()
            return
        self._say("220 here")
        while line := self.rfile.readline().strip().decode():
            command = line.upper()
            if command.startswith("DATA"):
                self._say("354 go on")
                if not self._take():
                    return
            self._say("221 bye" if command == "QUIT" else self._refusal(line) or "250 well")

    def _refusal(self, line: str) -> str | None:
        if not line.upper().startswith("RCPT"):
            return None
        return next((said for address, said in self.server.refuses.items() if address in line), None)

    def _take(self) -> bool:
        """Keep a mail that came whole."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line.endswith(b"\n"):
                return False
            lines.append(line.removeprefix(b"."))
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.mails.append(mail)
        return True

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def running() -> Iterator[MailServer]:
    """A server for as long as the block runs."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.ended.set()
        server.shutdown()
