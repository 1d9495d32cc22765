"""The signing key: made once, for its owner alone."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from packytrace.provider.keys import signing_key


def test_it_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "provider.key"
    pem = signing_key(path)
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    assert key.key_size >= 2048
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signing_key(path) == pem
    assert list(path.parent.iterdir()) == [path]


def test_two_first_starts_agree(tmp_path: Path) -> None:
    path = tmp_path / "provider.key"
    barrier = threading.Barrier(3)

    def start(_number: int) -> str:
        barrier.wait()
        return signing_key(path)

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(start, range(3)))) == 1
    assert list(tmp_path.iterdir()) == [path]
