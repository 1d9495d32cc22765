"""The logs under test, and the tables in which tests count."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from packytrace.facts.tests import work
from packytrace.facts.tests.counting import administrator
from packytrace.facts.tests.logs import Kafka, MockCluster, Postgres, Subject
from tests import parts

LOGS = [
    "postgres",
    pytest.param("mock_cluster", marks=pytest.mark.mockcluster),
    pytest.param("kafka", marks=pytest.mark.kafka),
]


@pytest.fixture(scope="module")
def _counting_tables(django_db_setup: None) -> Iterator[None]:
    """Tables that no context declares: gone before the tests of the declared ones look."""
    with administrator() as admin:
        admin.execute("SET ROLE passport_owner")
        admin.execute("CREATE TABLE passport.counted (key uuid PRIMARY KEY, number int NOT NULL)")
        admin.execute("SET ROLE measurement_owner")
        admin.execute(
            "CREATE TABLE measurement.heard (place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " consumer text NOT NULL, key uuid NOT NULL, number int NOT NULL)"
        )
    yield
    with administrator() as admin:
        admin.execute("DROP TABLE passport.counted, measurement.heard")


@pytest.fixture
def counting(_counting_tables: None, transactional_db: None) -> None:
    """Real transactions, on empty tables."""
    work.raised.clear()


@pytest.fixture
def name() -> str:
    """A consumer that no other test has."""
    return f"listener-{uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def mock_cluster() -> Iterator[Subject]:
    """librdkafka's mock cluster."""
    cluster = MockCluster()
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A real Kafka broker with the declared topics."""
    parts.require_kafka()
    broker = Kafka(folder=Path(tmp_path_factory.mktemp("kafka")))
    yield broker
    broker.close()


@pytest.fixture
def postgres() -> Subject:
    """The PostgreSQL log."""
    return Postgres()


@pytest.fixture(params=LOGS)
def subject(request: pytest.FixtureRequest, counting: None) -> Subject:
    """Each log in turn."""
    found: Subject = request.getfixturevalue(request.param)
    return found
