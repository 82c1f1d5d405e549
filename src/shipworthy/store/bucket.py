"""Blobs in a bucket of S3, or of any store that speaks as S3 does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from shipworthy.core.canonical import digest
from shipworthy.store.blobs import expected_digest, missing, verified
from shipworthy.store.errors import UnusableBlobsError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

PATIENCE: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(seconds=30)}
KNOWN = {"endpoint", "region", "virtual_hosted"}
LIKE = "Write it as s3://bucket/prefix?endpoint=https://host:9000&region=eu-central-1."


class BucketBlobs:
    """Blobs in a bucket, as `prefix/ab/ab12...`.

    Key and secret come from where programs for S3 look for them: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, a web
    identity, or the machine. They are never part of the address, which is shown and logged.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if "@" in parts.netloc or not parts.netloc or set(options) - KNOWN:
            raise UnusableBlobsError(f"SHIPWORTHY_BLOBS cannot be read: {_fault(parts.netloc, options)}.", remedy=LIKE)
        self.address = f"s3://{parts.netloc}{parts.path}"
        prefix = parts.path.strip("/")
        config, client = _configuration(options)
        self._store = S3Store(
            parts.netloc, prefix=prefix or None, config=config, client_options=client, retry_config=PATIENCE
        )

    def put(self, content: bytes) -> str:
        """Keep the content and return its SHA-256."""
        name = digest(content)
        try:
            obstore.put(self._store, _key(name), content)
        except (BaseError, OSError) as fault:
            self._refuse(fault)
        return name

    def put_file(self, path: Path) -> str:
        """Keep a file's content and return its SHA-256."""
        return self.put(path.read_bytes())

    def get(self, name: str) -> bytes:
        """Return the content of this digest."""
        try:
            content = bytes(obstore.get(self._store, _key(name)).bytes())
        except FileNotFoundError:
            raise missing(name, self.address) from None
        except (BaseError, OSError) as fault:
            self._refuse(fault)
        return verified(name, content, self.address)

    def has(self, name: str) -> bool:
        """Say whether there is a blob of this digest."""
        try:
            obstore.head(self._store, _key(name))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as fault:
            self._refuse(fault)
        return True

    def names(self) -> Iterator[str]:
        """Give the digests of all blobs, sorted."""
        try:
            pages = obstore.list(self._store)
            yield from sorted(entry["path"].rsplit("/", 1)[-1] for page in pages for entry in page)
        except (BaseError, OSError) as fault:
            self._refuse(fault)

    def expect_usable(self) -> None:
        """Raise `UnusableBlobsError` where the bucket does not answer, is not there, or is not ours to read."""
        self.has("0" * 64)
        try:
            next(iter(obstore.list(self._store, chunk_size=1)), None)
        except (BaseError, OSError) as fault:
            self._refuse(fault)

    def _refuse(self, fault: Exception) -> NoReturn:
        denied = isinstance(fault, (PermissionDeniedError, UnauthenticatedError))
        reason = "it refuses the key" if denied else (str(fault).strip().splitlines() or [type(fault).__name__])[0]
        raise UnusableBlobsError(
            f"The bucket {self.address} cannot be used: {reason[:300]}.",
            remedy="Check address and endpoint in SHIPWORTHY_BLOBS, that the bucket exists, and the key in "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        ) from fault


def _key(name: str) -> str:
    return f"{expected_digest(name)[:2]}/{name}"


def _configuration(options: dict[str, str]) -> tuple[S3Config, ClientConfig]:
    config: S3Config = {}
    client: ClientConfig = {"timeout": timedelta(seconds=60), "connect_timeout": timedelta(seconds=5)}
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"]
        client["allow_http"] = options["endpoint"].startswith("http://")
    if "region" in options:
        config["region"] = options["region"]
    config["virtual_hosted_style_request"] = options.get("virtual_hosted") == "true"
    return config, client


def _fault(bucket: str, options: dict[str, str]) -> str:
    if not bucket:
        return "it names no bucket"
    if "@" in bucket:
        return "a key does not belong into an address"
    unknown = ", ".join(sorted(set(options) - KNOWN))
    return f"there is no {unknown}"
