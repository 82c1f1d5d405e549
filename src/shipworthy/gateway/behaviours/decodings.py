"""Texts inside a text: whatever a model could decode in its head is decoded here, in time linear in the input."""

import base64
import binascii
import html
import re
import urllib.parse
from collections.abc import Callable, Iterator, Sequence

_ESCAPE = re.compile(
    r"(?<!\\)\\++(?:(?-i:U)([0-9a-f]{8})|u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})|[nrtbf])"
    r"|\bU\+([0-9a-f]{4})",
    re.IGNORECASE,
)
_SOFT_BREAK = re.compile(r"=\r?\n")
_QUOTED = re.compile(r"=([0-9A-F]{2})")
_TAG = re.compile(r"<!--|-->|<[^<>]{0,400}>")
_BASE64 = re.compile(
    r"[A-Za-z0-9+/_-]{16,}+(?:[\s>\"',]{1,8}[A-Za-z0-9+/_-]{16,}+)*+(?:[\s>\"',]{1,8}[A-Za-z0-9+/_-]{1,15})?"
)
_BASE32 = re.compile(r"[A-Z2-7]{24,}")
_HEX = re.compile(r"[2-7][0-9a-fA-F](?:(?:[\s,:;]|0x|\\x)*+[02-7][0-9a-fA-F]){11,}+")
_BINARY = re.compile(r"[01]{8}(?:[\s,]*+[01]{8}){11,}+")
_DECIMAL = re.compile(r"[1-9][0-9]{1,2}(?:[\s,;]++[0-9]{2,3}){11,}+")
_MORSE = re.compile(r"[.\-]{1,6}(?:[ /|\n]++[.\-]{1,6}){11,}+")
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}")
_LEAST_WORD = 16
_TIMES = 3
_MORSE_CODES = (
    ".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..", "--",
    "-.", "---", ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--", "-..-", "-.--", "--..",
)  # fmt: skip
_MORSE_LETTERS = dict(
    zip(
        _MORSE_CODES,
        "abcdefghijklmnopqrstuvwxyz",
        strict=True,
    )
)


def unescaped(text: str) -> str:
    """Return a text with the escapes of JSON, HTML, URLs and mail undone, up to three times over."""
    for _ in range(_TIMES):
        before = text
        for sign, undo in (("\\", _without_escapes), ("U+", _without_escapes), ("&", html.unescape),
                           ("%", _without_percents), ("=", _without_quoting)):  # fmt: skip
            text = undo(text) if sign in text else text
        if text == before:
            return text
    return text


def _without_escapes(text: str) -> str:
    return _ESCAPE.sub(_escaped_sign, text)


def _escaped_sign(escape: re.Match[str]) -> str:
    code = next((group for group in escape.groups() if group), "")
    point = int(code, 16) if code else ord(" ")
    return chr(point) if point <= 0x10FFFF else ""


def _without_percents(text: str) -> str:
    return urllib.parse.unquote(text, errors="ignore")


def _without_quoting(text: str) -> str:
    return _QUOTED.sub(lambda code: chr(int(code.group(1), 16)), _SOFT_BREAK.sub("", text))


def untagged(text: str) -> str:
    """Return a text without the tags of its mark-up; what stands in comments stays."""
    return _TAG.sub("", text) if "<" in text else text


def decoded(text: str) -> Iterator[tuple[str, str]]:
    """Yield every text that is hidden in a text as a code, with the name of the code."""
    yield from _in_alphabets(text)
    for name, pattern, decode in _NUMBERS:
        for run in pattern.finditer(text):
            yield name, decode(run.group())
    if not text.isascii():
        yield from (("variation selectors", _selected(run.group())) for run in _SELECTORS.finditer(text))


def joined_base64(texts: Sequence[str]) -> str:
    """Return what the base64 of several texts says when it is put together; empty where fewer than two hold any."""
    runs = [found[0] for found in map(_base64_runs, texts) if found]
    return "\n".join(_from_base64("".join(runs))) if len(runs) > 1 else ""


def _in_alphabets(text: str) -> Iterator[tuple[str, str]]:
    for run in _base64_runs(text):
        yield from (("base64", inner) for inner in _from_base64(run))
        yield from (("base32", _from_base32(found.group())) for found in _BASE32.finditer(run))


def _base64_runs(text: str) -> list[str]:
    """Return every run of base64, put together where it is wrapped over lines."""
    if max(map(len, text.split()), default=0) < _LEAST_WORD:
        return []
    return _BASE64.findall(text)


def _from_base64(run: str) -> list[str]:
    """Return what a run says from each of the four places where its first group may begin."""
    code = re.sub(r"[^A-Za-z0-9+/]", "", run.replace("-", "+").replace("_", "/"))
    return [_bytes_of_base64(code[start:]).decode("utf-8", "ignore") for start in range(4)]


def _bytes_of_base64(code: str) -> bytes:
    usable = code if len(code) % 4 != 1 else code[:-1]
    return base64.b64decode(usable + "=" * (-len(usable) % 4))


def _from_base32(code: str) -> str:
    usable = code[: len(code) - len(code) % 8] if len(code) % 8 in {1, 3, 6} else code
    try:
        return base64.b32decode(usable + "=" * (-len(usable) % 8)).decode("utf-8", "ignore")
    except binascii.Error:
        return ""


def _from_hex(run: str) -> str:
    digits = re.sub(r"0x|\\x|[^0-9a-fA-F]", "", run)
    return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", "ignore")


def _from_binary(run: str) -> str:
    return "".join(chr(int(code, 2)) for code in re.findall(r"[01]{8}", run))


def _from_decimal(run: str) -> str:
    return "".join(chr(int(code)) for code in re.findall(r"[0-9]+", run))


def _from_morse(run: str) -> str:
    return "".join(_MORSE_LETTERS.get(code, "") for code in re.findall(r"[.\-]+", run))


def _selected(run: str) -> str:
    codes = (ord(sign) - (0xFE00 if ord(sign) < 0xFE10 else 0xE0100 - 16) for sign in run)
    return bytes(codes).decode("utf-8", "ignore")


_NUMBERS: tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...] = (
    ("hex", _HEX, _from_hex),
    ("binary", _BINARY, _from_binary),
    ("decimal", _DECIMAL, _from_decimal),
    ("morse", _MORSE, _from_morse),
)
