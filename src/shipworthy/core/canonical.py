"""One spelling for every value that is hashed, stored as evidence or compared byte for byte."""

import hashlib
import json
from collections.abc import Mapping, Sequence

JSONValue = None | bool | int | float | str | Sequence["JSONValue"] | Mapping[str, "JSONValue"]


def canonical_bytes(value: JSONValue) -> bytes:
    """Spell a JSON value in the one way that is hashed: sorted keys, no blanks, UTF-8.

    Raises `ValueError` for NaN and infinities, `TypeError` for anything that JSON cannot say.
    """
    spelled = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return spelled.encode("utf-8", "surrogatepass")


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` as lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """Return one SHA-256 for a set of files, independent of their order.

    Each file contributes its path and the digest of its content, so no two different sets share a spelling.
    """
    return digest(canonical_bytes({path: digest(content) for path, content in files.items()}))
