import os
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from shipworthy.core.canonical import digest
from shipworthy.store.blobs import Blobs, FolderBlobs, open_blobs
from shipworthy.store.errors import DamagedBlobError, MissingBlobError, UnusableBlobsError
from tests.support.processes import wait_until


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    name = f"b{os.urandom(6).hex()}"
    make_bucket(endpoint, name)
    return f"s3://{name}/kept/here?endpoint={endpoint}&region=us-east-1"


def make_bucket(endpoint: str, name: str) -> None:
    def made() -> bool:
        try:
            urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{name}", method="PUT"), timeout=10).close()
        except OSError:
            return False  # a machine that has much to do may not answer at once
        return True

    wait_until(made)


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return open_blobs(request.getfixturevalue("bucket") if request.param == "bucket" else None, tmp_path)


def test_a_blob_comes_back_by_its_digest(blobs: Blobs, tmp_path: Path) -> None:
    large = os.urandom(6 * 1024 * 1024)
    (tmp_path / "large").write_bytes(large)
    assert blobs.put(b"one") == digest(b"one")
    assert blobs.put(b"one") == digest(b"one")
    assert blobs.put_file(tmp_path / "large") == digest(large)
    assert blobs.get(digest(b"one")) == b"one"
    assert blobs.get(digest(large)) == large
    assert blobs.get(blobs.put(b"")) == b""
    assert list(blobs.names()) == sorted([digest(b"one"), digest(b""), digest(large)])
    blobs.expect_usable()


def test_a_blob_that_is_not_there_is_named_with_what_to_do(blobs: Blobs) -> None:
    assert not blobs.has(digest(b"other"))
    with pytest.raises(MissingBlobError, match=digest(b"other")[:12]) as caught:
        blobs.get(digest(b"other"))
    assert "SHIPWORTHY_BLOBS" in caught.value.remedy


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_what_is_no_digest_names_no_blob(blobs: Blobs, name: str) -> None:
    with pytest.raises(MissingBlobError, match="not the name of a blob"):
        blobs.get(name)
    with pytest.raises(MissingBlobError, match="not the name of a blob"):
        blobs.has(name)


def test_many_put_the_same_at_once(blobs: Blobs) -> None:
    start = threading.Barrier(8)

    def put(_: int) -> str:
        start.wait()
        return blobs.put(b"same" * 5000)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(put, range(8))) == {digest(b"same" * 5000)}
    assert blobs.get(digest(b"same" * 5000)) == b"same" * 5000


def spoil(place: Path, name: str) -> None:
    (place / name[:2] / name).write_bytes(b"something else")


def test_a_damaged_blob_is_never_given_and_is_mended_by_putting_it_again(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    name = blobs.put(b"evidence")
    spoil(tmp_path, name)
    with pytest.raises(DamagedBlobError, match="another digest"):
        blobs.get(name)
    blobs.put(b"evidence")
    assert blobs.get(name) == b"evidence"


def test_a_damaged_blob_in_a_bucket_is_never_given(bucket: str, endpoint: str, tmp_path: Path) -> None:
    blobs = open_blobs(bucket, tmp_path)
    name = blobs.put(b"evidence")
    store = S3Store.from_url(
        bucket.partition("?")[0], endpoint=endpoint, region="us-east-1", client_options={"allow_http": True}
    )
    obstore.put(store, f"{name[:2]}/{name}", b"something else")
    with pytest.raises(DamagedBlobError, match="another digest"):
        blobs.get(name)


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = FolderBlobs(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnusableBlobsError, match="No space left"):
        blobs.put(b"evidence")
    assert not blobs.has(digest(b"evidence"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_dead_writer_left_is_swept_a_day_later(tmp_path: Path) -> None:
    FolderBlobs(tmp_path)
    old, fresh = tmp_path / "incoming" / "old", tmp_path / "incoming" / "fresh"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    FolderBlobs(tmp_path)
    assert not old.exists()
    assert fresh.exists()


def test_nobody_else_on_the_machine_reads_blobs(tmp_path: Path) -> None:
    blobs = open_blobs(None, tmp_path)
    blobs.put(b"evidence")
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "blobs").rglob("*")} == {0}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("gs://bucket", "only folders and s3://"),
        ("s3://", "names no bucket"),
        ("s3://key:secret@bucket", "a key does not belong"),
        ("s3://bucket?endpont=http://x", "no endpont"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableBlobsError, match=words) as caught:
        open_blobs(address, tmp_path)
    assert "secret" not in caught.value.what


def test_a_bucket_that_is_not_there_is_told(bucket: str, endpoint: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableBlobsError, match="no-such-bucket"):
        open_blobs(f"s3://no-such-bucket?endpoint={endpoint}&region=us-east-1", tmp_path).expect_usable()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableBlobsError, match="cannot be used"):
        open_blobs(str(tmp_path / "file"), tmp_path)
