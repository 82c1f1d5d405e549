"""What remains of a text when its spelling is taken away: the letters, as a reader would read them.

Case, spacing, line breaks, punctuation, accents, characters without width, look-alikes from other scripts, styled
alphabets and digits in the place of letters make no difference to a model that is able to read, so they make none here.
"""

import re
import unicodedata
from functools import lru_cache

_LOOK_ALIKES = {
    "a": "αɑаⱥᴀɐ", "b": "βƀɓвьᏏʙВΒ", "c": "ϲсƈᴄⅽɔСϹ", "d": "ԁɗđժᴅⅾ", "e": "εеɛеєҽᴇǝЕΕ", "f": "ƒɟϝꜰſ",
    "g": "ɡգցԍɢƃ", "h": "һհнʜɥНΗ", "i": "ιіıɩӏɪᴉІΙ", "j": "јʝϳᴊɾЈ", "k": "κкᴋʞКΚ", "l": "ⅼłʟןӀ",
    "m": "мᴍⅿɯМΜ", "n": "ηոпɴŋΝ", "o": "οоօøσᴏОΟ", "p": "ρрᴘРΡ", "q": "ԛզգ", "r": "гʀɹᴦ", "s": "ѕꜱʂЅ",
    "t": "τтᴛŧʇТΤ", "u": "υսᴜʊ", "v": "νѵᴠⅴʌ", "w": "ωԝѡᴡɯʍ", "x": "χхⅹХΧ", "y": "γуўүʏʎУΥ", "z": "ᴢʐƶΖ",
    "ae": "æ", "oe": "œ", "th": "þ",
}  # fmt: skip
_FOLDED = {sign: letter for letter, signs in _LOOK_ALIKES.items() for sign in signs}
_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc"})
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_NOT_WORD = re.compile(r"[\W_]+")
_TAGS = range(0xE0020, 0xE007F)

_ALPHABET = bytes(range(ord("a"), ord("z") + 1))
_OTHERS = bytes(sign for sign in range(256) if sign not in _ALPHABET)
_DIGITS_AS_LETTERS = (b"0134@5$7+8692!|l", b"oieaassttbggziii")
_AS_LETTERS = bytes.maketrans(*_DIGITS_AS_LETTERS)
_NOT_AS_LETTERS = bytes(sign for sign in _OTHERS if sign not in _DIGITS_AS_LETTERS[0])


@lru_cache(maxsize=16_384)
def _read(sign: str) -> str:
    """Return how a character is read: in lower case, without marks, in Latin letters where it looks like one."""
    if ord(sign) in _TAGS:
        return chr(ord(sign) - 0xE0000).lower()
    if 0x1F1E6 <= ord(sign) <= 0x1F1FF:
        return chr(ord(sign) - 0x1F1E6 + ord("a"))
    parts = (_FOLDED.get(part) or _FOLDED.get(part.casefold(), part.casefold()) for part in _decomposed(sign))
    return "".join(parts)


def _decomposed(sign: str) -> str:
    """Return a character without its marks; nothing where it has no width."""
    if sign in _FOLDED:
        return sign
    parts = unicodedata.normalize("NFKD", sign)
    return "".join(part for part in parts if unicodedata.category(part) not in _UNSEEN)


def folded(text: str) -> str:
    """Return a text in lower case with every character as it is read; blanks and punctuation stay."""
    if text.isascii():
        return text.lower()
    return _NOT_ASCII.sub(lambda run: "".join(map(_read, run.group())), text).lower()


def letters_of(text: str) -> bytes:
    """Return the letters a to z of a folded text and nothing else: no digit, no blank, no punctuation."""
    return text.encode("ascii", "ignore").translate(None, _OTHERS)


def letters_with_digits_read(text: str) -> bytes:
    """Return the letters of a folded text where digits and signs stand for letters, with `l` and `i` as one."""
    return text.encode("ascii", "ignore").translate(_AS_LETTERS, _NOT_AS_LETTERS)


def own_script(text: str) -> str:
    """Return the letters and digits of a text in its own script, without case and marks of width."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def is_latin(text: str) -> bool:
    """Tell whether a text is written in Latin letters, for the most part."""
    letters = [sign for sign in unicodedata.normalize("NFKC", text) if sign.isalpha()]
    return sum(ord(sign) > 0x24F for sign in letters) <= 0.3 * len(letters)
