"""The server's door: what a WSGI application sees behind it, under the real server."""

import asyncio
import http.client
import json
import os
import select
import socket
import subprocess
import threading
import time
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings

from packytrace import asgi
from packytrace.management.commands import serve
from packytrace.tests.asgi_echo import (
    FILE_BYTES,
    LARGER_BODY,
    LARGEST_BODY,
    PATIENCE,
    THREADS,
    WAITING_PER_THREAD,
    Stream,
)

pytestmark = pytest.mark.stack


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Granian and its port, started as `manage.py serve` starts it, with one process."""
    port = free_port()
    process = subprocess.Popen(
        serve.server(
            "packytrace.tests.asgi_echo:application",
            host="127.0.0.1",
            port=port,
            workers=1,
            connections=serve.room_for_connections(),
        ),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "packytrace.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            pytest.fail("The server did not start.")
        yield port, process
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """Port of a server that all tests but those about its end share."""
    with running() as (port, _):
        yield port


def send(port: int, wire: bytes) -> tuple[int, bytes]:
    """Send bytes as they are; read one answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(wire)
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response.status, response.read()


def told(port: int, target: str, *lines: str, method: str = "GET", body: bytes = b"") -> dict[str, Any]:
    head = "\r\n".join([f"{method} {target} HTTP/1.1", "Host: shop.example", *lines])
    status, answer = send(port, f"{head}\r\n\r\n".encode("latin-1") + body)
    assert status == 200
    environ: dict[str, Any] = json.loads(answer)
    return environ


class TestRequestTarget:
    def test_an_encoded_slash_stays_one(self, server: int) -> None:
        environ = told(server, "/01/09520123456788/10/A%2FB%20%c3%a9?17=261231&x=%2F+")
        assert environ["REQUEST_URI"] == "/01/09520123456788/10/A%2FB%20%c3%a9?17=261231&x=%2F+"
        assert environ["PATH_INFO"] == "/01/09520123456788/10/A/B \xc3\xa9"
        assert environ["QUERY_STRING"] == "17=261231&x=%2F+"

    @pytest.mark.parametrize("target", ["/01/x%00y", "/01/%ff%FE", "/01/a;b=1,c", "/01//10/./../x", "/%%41"])
    def test_odd_targets_arrive_as_they_were_sent(self, server: int, target: str) -> None:
        assert told(server, target)["REQUEST_URI"] == target


class TestHeaders:
    def test_they_are_named_as_wsgi_names_them(self, server: int) -> None:
        environ = told(server, "/", "User-Agent: phone", "X-One: 1", "X-One: 2", "Cookie: a=1", "Cookie: b=2")
        assert environ["HTTP_HOST"] == "shop.example"
        assert environ["HTTP_USER_AGENT"] == "phone"
        assert environ["HTTP_X_ONE"] == "1,2"
        assert environ["HTTP_COOKIE"] == "a=1; b=2"
        assert environ["REMOTE_ADDR"] == "127.0.0.1"
        assert environ["SERVER_PORT"] == str(server)
        assert environ["wsgi.url_scheme"] == "http"

    def test_one_with_an_underscore_cannot_pose_as_another(self, server: int) -> None:
        environ = told(server, "/", "X_Account: 7", "Remote_User: root")
        assert not [name for name in environ if "ACCOUNT" in name or "REMOTE_USER" in name]

    def test_answers_keep_both_cookies(self, server: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server, timeout=10)
        connection.request("GET", "/")
        response = connection.getresponse()
        assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


class TestBody:
    @pytest.mark.parametrize("size", [0, 1, LARGEST_BODY])
    def test_one_that_fits_arrives(self, server: int, size: int) -> None:
        environ = told(server, "/", f"Content-Length: {size}", method="POST", body=b"x" * size)
        assert (environ["body"], environ["CONTENT_LENGTH"]) == (size, str(size))

    def test_a_chunked_one_arrives_without_a_length(self, server: int) -> None:
        environ = told(
            server, "/", "Transfer-Encoding: chunked", method="POST", body=b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )
        assert environ["body"] == 5
        assert "CONTENT_LENGTH" not in environ

    def test_one_that_comes_byte_by_byte_arrives_whole(self, server: int) -> None:
        with socket.create_connection(("127.0.0.1", server), timeout=20) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 5\r\n\r\n")
            for _ in range(5):
                time.sleep(0.05)
                connection.sendall(b"x")
            response = http.client.HTTPResponse(connection)
            response.begin()
            assert json.loads(response.read())["body"] == 5

    def test_nobody_answers_who_leaves_in_the_middle_of_one(self, server: int) -> None:
        for _ in range(THREADS * 2):
            with socket.create_connection(("127.0.0.1", server)) as connection:
                connection.sendall(b"POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 10\r\n\r\nx")
        assert told(server, "/")["PATH_INFO"] == "/"

    @pytest.mark.parametrize("chunks", [b"ZZ\r\n", b"3\r\nabcde\r\n", b"3\r\nabc\r\nfffffffffffffffff\r\n"])
    def test_one_in_broken_chunks_is_refused_with_words(self, server: int, chunks: bytes) -> None:
        wire = b"POST /api/v1/x HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
        status, answer = send(server, wire)
        assert (status, json.loads(answer)["code"]) == (400, "bad_body")

    def test_of_a_large_one_only_enough_arrives_to_see_that_it_is_too_large(self, server: int) -> None:
        size = 10_000_000
        environ = told(server, "/", f"Content-Length: {size}", method="POST", body=b"x" * size)
        assert (environ["body"], environ["CONTENT_LENGTH"]) == (LARGEST_BODY + 1, str(size))

    def test_a_larger_one_arrives_where_files_come(self, server: int) -> None:
        size = LARGER_BODY + 5_000
        environ = told(server, "/api/v1/upload", f"Content-Length: {size}", method="POST", body=b"x" * size)
        assert environ["body"] == LARGER_BODY + 1

    def test_few_larger_ones_are_held_at_once(self, server: int) -> None:
        started = b"POST /api/v1/upload HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 10\r\n\r\nx"
        with ExitStack() as open_ones:
            for _ in range(4):
                connection = socket.create_connection(("127.0.0.1", server))
                open_ones.enter_context(connection).sendall(started)
            time.sleep(0.3)
            wire = b"POST /api/v1/upload HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 5\r\n\r\nabcde"
            status, answer = send(server, wire)
            assert (status, json.loads(answer)["code"]) == (503, "unavailable")
            assert told(server, "/", "Content-Length: 5", method="POST", body=b"abcde")["body"] == 5
        time.sleep(0.3)
        assert told(server, "/api/v1/upload", "Content-Length: 5", method="POST", body=b"abcde")["body"] == 5

    def test_slow_clients_keep_no_thread(self, server: int) -> None:
        started = b"POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 10\r\n\r\nx"
        slow = [socket.create_connection(("127.0.0.1", server)) for _ in range(THREADS * 4)]
        try:
            for connection in slow:
                connection.sendall(started)
            time.sleep(0.3)
            assert told(server, "/")["PATH_INFO"] == "/"
        finally:
            for connection in slow:
                connection.close()
        assert told(server, "/")["PATH_INFO"] == "/"

    def test_one_that_does_not_come_in_time_is_refused_with_words(self, server: int) -> None:
        with socket.create_connection(("127.0.0.1", server), timeout=20) as client:
            client.sendall(
                b"POST /api/v1/x HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 50\r\n\r\n1234567"
            )
            response = http.client.HTTPResponse(client)
            response.begin()
            problem = json.loads(response.read())
            assert (response.status, problem["code"]) == (408, "body_too_slow")
            assert problem["correlationId"] == response.headers["X-Correlation-ID"]
            assert response.headers["Connection"] == "close"
            assert client.recv(1) == b"", "the connection is closed"


class TestThreads:
    def test_more_requests_than_threads_are_all_answered(self, server: int) -> None:
        at_once = THREADS * 16
        together = Barrier(at_once)

        def ask(number: int) -> bool:
            together.wait(20)
            return bool(told(server, f"/{number}")["PATH_INFO"] == f"/{number}")

        with ThreadPoolExecutor(at_once) as pool:
            assert all(pool.map(ask, range(at_once)))

    def test_one_connection_asks_again_and_again(self, server: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", server, timeout=20)) as connection:
            for number in range(20):
                connection.request("GET", f"/{number}")
                assert json.loads(connection.getresponse().read())["PATH_INFO"] == f"/{number}"

    def test_clients_that_leave_do_no_harm(self, server: int) -> None:
        for _ in range(THREADS * 2):
            with socket.create_connection(("127.0.0.1", server)) as connection:
                connection.sendall(b"GET /slow HTTP/1.1\r\nHost: shop.example\r\n\r\n")
        assert told(server, "/")["PATH_INFO"] == "/"

    def test_a_stream_comes_from_one_thread(self, server: int) -> None:
        status, body = send(server, b"GET /stream HTTP/1.1\r\nHost: shop.example\r\n\r\n")
        names = body.decode().split()
        assert (status, len(names), len(set(names))) == (200, 5, 1)

    def test_a_stream_whose_reader_leaves_gives_its_thread_back(self, server: int) -> None:
        for _ in range(THREADS * 2):
            with socket.create_connection(("127.0.0.1", server), timeout=20) as connection:
                connection.sendall(b"GET /long-stream HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert told(server, "/")["PATH_INFO"] == "/"

    @pytest.mark.parametrize("target", ["/", "/stream"])
    def test_an_answer_to_head_has_no_body(self, server: int, target: str) -> None:
        with socket.create_connection(("127.0.0.1", server), timeout=20) as connection:
            connection.sendall(
                f"HEAD {target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n".encode()
            )
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert body == b""

    def test_a_crash_is_a_500_and_costs_no_thread(self, server: int) -> None:
        for _ in range(THREADS * 2):
            status, _ = send(server, b"GET /crash HTTP/1.1\r\nHost: shop.example\r\n\r\n")
            assert status == 500
        assert told(server, "/")["PATH_INFO"] == "/"


def ask(port: int, target: str) -> socket.socket:
    """Send a request; leave its answer to be read."""
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n".encode())
    return client


def answer_to(client: socket.socket) -> tuple[int, http.client.HTTPMessage, bytes]:
    response = http.client.HTTPResponse(client)
    response.begin()
    return response.status, response.headers, response.read()


class TestPatience:
    @pytest.fixture
    def hanging(self, tmp_path: Path) -> Iterator[tuple[int, Path]]:
        """A server of its own, all of whose threads hang for as long as a file is there."""
        lock = tmp_path / "lock"
        lock.touch()
        with running() as (port, _), ExitStack() as clients:
            self.hung = [clients.enter_context(ask(port, f"/hang?{tmp_path}")) for _ in range(THREADS)]
            until = time.monotonic() + 10
            while len(list(tmp_path.glob("request-*"))) < THREADS:
                assert time.monotonic() < until, "the threads do not hang"
                time.sleep(0.02)
            try:
                yield port, lock
            finally:
                lock.unlink(missing_ok=True)

    def test_a_process_whose_threads_hang_says_that_it_is_alive(self, hanging: tuple[int, Path]) -> None:
        port, _ = hanging
        with ask(port, "/health/live") as client:
            status, headers, body = answer_to(client)
        assert (status, json.loads(body)) == (200, {"status": "ok"})
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Correlation-ID"]
        assert headers["X-Content-Type-Options"] == "nosniff"

    def test_who_waits_too_long_is_told_and_nobody_waits_for_nothing(self, hanging: tuple[int, Path]) -> None:
        port, lock = hanging
        with ask(port, "/api/v1/waits") as waits, ask(port, "/waits") as reads:
            status, headers, body = answer_to(waits)
            problem = json.loads(body)
            assert (status, problem["code"]) == (503, "unavailable")
            assert problem["correlationId"] == headers["X-Correlation-ID"]
            assert int(headers["Retry-After"]) > 0
            status, headers, page = answer_to(reads)
            assert (status, headers["Retry-After"]) == (503, "10")
            assert headers["X-Correlation-ID"].encode() in page
            assert b"</html>" in page
        assert [answer_to(client)[0] for client in self.hung] == [503] * THREADS
        # All threads are stuck: the next one is told at once, while the file is still there.
        with ask(port, "/next") as client:
            assert answer_to(client)[0] == 503
        lock.unlink()
        until = time.monotonic() + 10
        while True:
            with ask(port, "/again") as client:
                status, _, body = answer_to(client)
            if status == 200:
                break
            assert time.monotonic() < until, "it never served again"
            time.sleep(0.05)
        for number in range(THREADS * 4):
            assert told(port, f"/{number}")["PATH_INFO"] == f"/{number}"

    def test_whom_too_many_wait_before_is_told_at_once(self, hanging: tuple[int, Path]) -> None:
        port, lock = hanging
        with ExitStack() as clients:
            waiting = [
                clients.enter_context(ask(port, f"/{number}"))
                for number in range(THREADS * WAITING_PER_THREAD + 8)
            ]
            answered: list[socket.socket] = []
            while len(answered) < 8:
                answered, _, _ = select.select(waiting, [], [], 20)
            assert [answer_to(client)[0] for client in answered] == [503] * 8
            lock.unlink()
            others = [client for client in waiting if client not in answered]
            assert {answer_to(client)[0] for client in others} == {200}, "they had not waited too long"

    def test_a_stream_that_has_begun_may_take_longer(self, server: int) -> None:
        status, body = send(server, b"GET /slow-stream HTTP/1.1\r\nHost: shop.example\r\n\r\n")
        assert (status, len(body.split())) == (200, 5)

    def test_what_is_promised(self) -> None:
        application = asgi.application
        assert (application.body_seconds, application.answer_seconds) == (30, 15)
        assert application.most_waiting == 64 * settings.WEB_THREADS
        statement = int(serve.DATABASE_LIMITS["statement_timeout"].removesuffix("s"))
        assert statement < application.answer_seconds, "the database is given up first: its threads come back"


def stalled(port: int, target: str, *, times: int = 1) -> socket.socket:
    """Ask and read nothing, with as little room for the answer as a client can have."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    client.sendall(f"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n".encode() * times)
    return client


class TestStalledReaders:
    def test_those_of_a_file_keep_no_thread(self, server: int) -> None:
        with ExitStack() as clients:
            readers = [clients.enter_context(stalled(server, "/file", times=8)) for _ in range(THREADS * 8)]
            began = time.monotonic()
            for number in range(20):
                assert told(server, f"/{number}")["PATH_INFO"] == f"/{number}"
            assert time.monotonic() - began < PATIENCE, "nobody waited until a reader was given up"
            status, _, body = answer_to(readers[0])
            assert (status, len(body)) == (200, FILE_BYTES), "who reads in the end has all of it"

    def test_those_of_a_stream_are_given_up(self, server: int) -> None:
        with ExitStack() as clients:
            readers = [clients.enter_context(stalled(server, "/endless-stream")) for _ in range(THREADS)]
            time.sleep(0.5)
            assert told(server, "/")["PATH_INFO"] == "/"
            for reader in readers:
                with pytest.raises(http.client.IncompleteRead):
                    answer_to(reader)


class TestHTTP2:
    def test_it_is_not_spoken(self, server: int) -> None:
        with socket.create_connection(("127.0.0.1", server), timeout=20) as client:
            settings_frame = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
            client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings_frame)
            answer = b""
            try:
                while piece := client.recv(1000):
                    answer += piece
            except ConnectionResetError:
                pass
        assert not answer or answer.startswith(b"HTTP/1.1 400")


async def no_body() -> asgi.Message:
    """What a GET has to receive."""
    raise AssertionError("A GET has no body.")


class Gated:
    """An application on one thread that holds requests for /hang until its gate is open."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.ran: list[str] = []
        self.door = asgi.ThreadedApplication(self._answer, threads=1, largest_body=0, answer_seconds=0.1)

    def _answer(self, environ: asgi.Environ, start_response: Any) -> Iterable[bytes]:
        self.ran.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/hang":
            self.gate.wait(60)
        length = [("Content-Length", "10")] if environ["PATH_INFO"] == "/file" else []
        start_response("200 OK", length)
        if length:
            return Stream(pieces=2, piece=b"12345")
        return Stream(pieces=2) if environ["QUERY_STRING"] == "stream" else [b"done"]

    async def ask(self, path: str, query: bytes = b"") -> list[asgi.Message]:
        """Everything that is sent in answer, now or later."""
        sent: list[asgi.Message] = []

        async def send(message: asgi.Message) -> None:
            sent.append(message)

        scope = {**scope_with(b"x-one"), "raw_path": path.encode(), "query_string": query}
        try:
            async with asyncio.timeout(20):
                await self.door(scope, no_body, send)
        except TimeoutError:
            self.gate.set()
            raise
        return sent

    async def stall(self, path: str) -> asyncio.Future[None]:
        """Ask, and never take the body of the answer."""
        offered = asyncio.Event()

        async def send(message: asgi.Message) -> None:
            if message["type"] == "http.response.body":
                offered.set()
                await asyncio.Event().wait()

        scope = {**scope_with(b"x-one"), "raw_path": path.encode()}
        reader = asyncio.ensure_future(self.door(scope, no_body, send))
        await offered.wait()
        return reader

    async def open(self) -> None:
        """Let the thread go on, until it has done all that it had to do."""
        self.gate.set()
        self.door.answer_seconds = 20
        for _ in range(1000):
            if (await self.ask("/again"))[0]["status"] == 200:
                return
            await asyncio.sleep(0.01)
        pytest.fail("The thread does not come back.")


def to_its_end(story: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: Playwright leaves a running loop in ours."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story).result()


class TestOneStalledReader:
    def test_of_a_file_keeps_no_thread(self) -> None:
        async def story() -> None:
            gated = Gated()
            gated.door.piece_seconds = 3600
            reader = await gated.stall("/file")
            assert (await gated.ask("/next"))[0]["status"] == 200
            reader.cancel()

        to_its_end(story())

    def test_what_is_promised(self) -> None:
        assert asgi.application.piece_seconds == 5


class TestGivenUp:
    def test_one_that_waited_for_a_thread_is_never_run(self) -> None:
        async def story() -> None:
            gated = Gated()
            hung, waited = await asyncio.gather(gated.ask("/hang"), gated.ask("/waits"))
            assert [hung[0]["status"], waited[0]["status"]] == [503, 503]
            await gated.open()
            assert gated.ran == ["/hang", "/again"]

        to_its_end(story())

    def test_a_stream_that_comes_late_is_not_sent(self) -> None:
        async def story() -> None:
            gated = Gated()
            Stream.closed.clear()
            sent = await gated.ask("/hang", b"stream")
            await gated.open()
            assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
            assert sent[0]["status"] == 503
            assert Stream.closed.is_set()

        to_its_end(story())

    def test_while_all_threads_are_stuck_the_next_one_is_told_without_waiting(self) -> None:
        async def story() -> None:
            gated = Gated()
            await gated.ask("/hang")
            gated.door.answer_seconds = 3600
            assert (await gated.ask("/next"))[0]["status"] == 503
            await gated.open()
            assert gated.ran == ["/hang", "/again"]

        to_its_end(story())


class TestConnections:
    def test_more_idle_ones_than_one_client_opens_stop_nobody(self, server: int) -> None:
        with ExitStack() as clients:
            for number in range(1_100):
                client = clients.enter_context(socket.create_connection(("127.0.0.1", server), timeout=20))
                if number % 2:
                    client.sendall(b"GET / HTTP/1.1\r\nHost: shop.exa")
            assert told(server, "/")["PATH_INFO"] == "/"

    def test_one_that_sends_no_header_is_closed(self, server: int) -> None:
        with socket.create_connection(("127.0.0.1", server), timeout=serve.HEADER_SECONDS + 10) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: shop.exa")
            while client.recv(1000):
                pass


class TestNames:
    def test_only_short_ones_are_remembered(self) -> None:
        for number in range(5_000):
            name = f"x-{number:0100}".encode()
            assert asgi.environ_of(scope_with(name))[f"HTTP_X_{number:0100}"] == "1"
        before = asgi._kept_key.cache_info().currsize
        asgi.environ_of(scope_with(b"x" * (asgi._LONGEST_KEPT_NAME + 1)))
        assert asgi._kept_key.cache_info().currsize == before


def scope_with(name: bytes) -> dict[str, Any]:
    return {
        "method": "GET",
        "raw_path": b"/",
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "headers": [(name, b"1")],
    }


class TestTheEnd:
    def test_a_request_that_runs_is_answered_first(self) -> None:
        with (
            running() as (port, process),
            socket.create_connection(("127.0.0.1", port), timeout=20) as client,
        ):
            told(port, "/")
            client.sendall(b"GET /slow HTTP/1.1\r\nHost: shop.example\r\n\r\n")
            time.sleep(0.2)
            process.terminate()
            response = http.client.HTTPResponse(client)
            response.begin()
            assert json.loads(response.read())["PATH_INFO"] == "/slow"
            client.close()
            assert process.wait(15) == 0
