"""Finds values in what a program said or wrote, also in simple codes."""

import base64
import binascii
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

_OTHER = re.compile(r"[^a-z0-9]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[\s:]?){8,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
LEAST = 7
MOST_TEXT = 2_000_000


def squeezed(text: str) -> str:
    """Return letters and digits alone, in lower case and without accents."""
    return _OTHER.sub("", (text if text.isascii() else unicodedata.normalize("NFKD", text)).lower())


@lru_cache(maxsize=10_000)
def wanted_of(value: str) -> str:
    """Return a value as it is looked for."""
    return squeezed(value)


class Reading:
    """A text in every form in which values are looked for."""

    def __init__(self, text: str) -> None:
        plain = [squeezed(each) for each in _forms(text[:MOST_TEXT])]
        self._all = "\0".join([*plain, *(each[::-1] for each in plain)])

    def holds(self, value: str) -> bool:
        """Tell whether a value stands there; one of fewer than seven letters and digits is never found."""
        wanted = wanted_of(value)
        return len(wanted) >= LEAST and wanted in self._all


def _forms(text: str) -> Iterator[str]:
    """Yield a text and what it decodes to, two codes deep."""
    seen, waiting = {text}, [(text, 0)]
    while waiting:
        form, depth = waiting.pop()
        yield form
        for other in _decoded(form) if depth < 2 else ():
            if other and other not in seen and len(seen) < 400:
                seen.add(other)
                waiting.append((other, depth + 1))


def _decoded(text: str) -> Iterator[str]:
    yield html.unescape(text)
    yield unquote_plus(text)
    yield _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    yield from _strings(text)
    for found in _HEX.findall(text):
        yield _bytes_of(lambda run=found: bytes.fromhex(re.sub(r"[\s:]", "", run)))
    for found in _BASE64.findall(text):
        run = found.rstrip("=").replace("-", "+").replace("_", "/")
        yield _bytes_of(lambda run=run: base64.b64decode(run + "=" * (-len(run) % 4)))


def _bytes_of(decode: Any) -> str:
    try:
        decoded: bytes = decode()
    except (ValueError, binascii.Error):
        return ""
    shown = decoded.decode("utf-8", "ignore")
    return shown if sum(sign.isprintable() or sign.isspace() for sign in shown) > 0.9 * len(decoded) else ""


def _strings(text: str) -> Iterator[str]:
    """Yield all strings of a JSON text, one after the other."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    found = list(_texts(value, 0))
    yield " ".join(found)
    yield "".join(found)


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < 20 and isinstance(value, dict | list):
        parts: Iterable[Any] = value if isinstance(value, list) else [*value.keys(), *value.values()]
        for part in parts:
            yield from _texts(part, depth + 1)


def plain_hashes(value: str) -> list[str]:
    """Return the hashes of a value without a key, as they are commonly written: their first twelve digits."""
    spelled = {value, value.lower(), value.strip().lower().replace(" ", "")}
    kinds = (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.sha512, hashlib.blake2b)
    return [kind(each.encode()).hexdigest()[:12] for each in spelled for kind in kinds]
