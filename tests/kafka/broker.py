"""One broker in KRaft mode below a folder: install, start, kill, start again."""

import hashlib
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from packytrace.configuration import ROOT

_POM: Final = Path(__file__).parent / "pom.xml"
_HOME: Final = ROOT / ".cache" / "kafka"
_PATIENCE: Final = 60.0


class BrokerFailed(Exception):
    """The broker did not come up; the text has the end of what it said."""


def installed() -> bool:
    """Whether the broker's libraries are here, as the pom names them now."""
    stamp = _HOME / "installed"
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _fingerprint()


def install() -> None:
    """Fetch the broker's libraries; does nothing when they are here."""
    if installed():
        return
    shutil.rmtree(_HOME, ignore_errors=True)
    _HOME.mkdir(parents=True)
    subprocess.run(
        [
            "mvn",
            "-q",
            "-B",
            "-Dstyle.color=never",
            "-f",
            str(_POM),
            "dependency:copy-dependencies",
            f"-DoutputDirectory={_libraries()}",
        ],
        check=True,
    )
    (_HOME / "installed").write_text(_fingerprint(), encoding="ascii")


@dataclass(kw_only=True)
class Broker:
    """A broker on loopback ports that were free when it was made; it keeps them when it is started again."""

    folder: Path
    heap: str = "256m"
    quick: bool = True
    """Compile little: starts sooner and carries less."""
    ports: tuple[int, int] = field(default_factory=lambda: _free_ports())
    _process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap_servers(self) -> str:
        """Where clients begin."""
        return f"127.0.0.1:{self.ports[0]}"

    def start(self) -> None:
        """Start, or start again with what it had on disk; returns when it answers. Raises BrokerFailed."""
        properties = self.folder / "server.properties"
        if not properties.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            properties.write_text(self._properties(), encoding="utf-8")
            self._java("kafka.tools.StorageTool", "format", "-t", _CLUSTER, "-c", str(properties)).wait()
        self._process = self._java("kafka.Kafka", str(properties))
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise BrokerFailed(self._said())

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            AdminClient({"bootstrap.servers": self.bootstrap_servers, "log_level": 0}).list_topics(timeout=1)
        except KafkaException:
            return False
        return True

    def _java(self, *arguments: str) -> subprocess.Popen[bytes]:
        speed = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] if self.quick else ["-XX:+UseG1GC"]
        with (self.folder / "broker.log").open("ab") as log:
            return subprocess.Popen(
                [
                    "java",
                    f"-Xmx{self.heap}",
                    *speed,
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp",
                    f"{_libraries()}/*",
                    *arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the tests, which then end the broker themselves.
                start_new_session=True,
            )

    def _said(self) -> str:
        return (self.folder / "broker.log").read_text(encoding="utf-8", errors="replace")[-4000:]

    def _properties(self) -> str:
        client, controller = self.ports
        return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
log.dirs={self.folder / "data"}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=1000
broker.heartbeat.interval.ms=200
"""


_CLUSTER: Final = "cGFja3l0cmFjZS10ZXN0cw"


def _libraries() -> Path:
    return _HOME / "libs"


def _fingerprint() -> str:
    return hashlib.sha256(_POM.read_bytes()).hexdigest()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def version() -> str:
    """The version that the pom names."""
    found = re.search(
        r"<artifactId>kafka_2.13</artifactId>\s*<version>([^<]+)", _POM.read_text(encoding="utf-8")
    )
    assert found is not None
    return found[1]
