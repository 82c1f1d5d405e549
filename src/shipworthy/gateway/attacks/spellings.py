"""Ways to write a text so that a filter misses it and a model still reads it."""

import base64
import codecs
import html
import json
import urllib.parse
from collections.abc import Callable, Iterator, Mapping

from shipworthy.gateway.attacks.pen import Pen

Spelling = Callable[[str, Pen], str]

_CYRILLIC = str.maketrans("aceiopsxyjABCEHIKMOPSTX", "асеіорѕхујАВСЕНІКМОРЅТХ")
_GREEK = str.maketrans("aovnikptuxABEHIKMNOPTXZ", "αονηικρτυχΑΒΕΗΙΚΜΝΟΡΤΧΖ")
_LEET = str.maketrans("aeiost", "431057")
_SIGNS = str.maketrans("asi", "@$!")
_BETWEEN = ("See also the list of rooms.", "Lunch is at noon.", "The shuttle leaves at six.")
_ACCENTS = ("\u0301", "\u0308", "\u0302", "\u0303", "\u0335")
_UNSEEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad")
_MORSE = {
    "a": ".-", "b": "-...", "c": "-.-.", "d": "-..", "e": ".", "f": "..-.", "g": "--.", "h": "....", "i": "..",
    "j": ".---", "k": "-.-", "l": ".-..", "m": "--", "n": "-.", "o": "---", "p": ".--.", "q": "--.-", "r": ".-.",
    "s": "...", "t": "-", "u": "..-", "v": "...-", "w": ".--", "x": "-..-", "y": "-.--", "z": "--..",
}  # fmt: skip


def _mixed_case(text: str, pen: Pen) -> str:
    upper = pen.picks("case", (True, False), len(text))
    return "".join(sign.upper() if up else sign.lower() for sign, up in zip(text, upper, strict=True))


def _with_unseen(text: str, pen: Pen) -> str:
    return "".join(sign + unseen for sign, unseen in zip(text, pen.picks("unseen", _UNSEEN, len(text)), strict=True))


def _accented(text: str, pen: Pen) -> str:
    marks = pen.picks("accent", _ACCENTS, len(text))
    return "".join(sign + mark if sign.isalpha() else sign for sign, mark in zip(text, marks, strict=True))


def _shifted(text: str, first: int, others: str = "") -> str:
    """Write letters in a styled alphabet whose capitals begin at `first`, small letters 26 later or at `others`."""
    small = ord(others) if others else first + 26
    return "".join(
        chr(first + ord(sign) - ord("A")) if "A" <= sign <= "Z"
        else chr(small + ord(sign) - ord("a")) if "a" <= sign <= "z"
        else sign
        for sign in text
    )  # fmt: skip


def _full_width(text: str, _: Pen) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def _base64(text: str, *, wrap: int = 0, safe: bool = False) -> str:
    code = (base64.urlsafe_b64encode if safe else base64.b64encode)(text.encode()).decode()
    code = code.rstrip("=") if safe else code
    return "\n".join(code[place : place + wrap] for place in range(0, len(code), wrap)) if wrap else code


def _base32(text: str, _: Pen) -> str:
    return base64.b32encode(text.encode()).decode()


def _tags(text: str, _: Pen) -> str:
    return "".join(chr(0xE0000 + ord(sign)) if " " <= sign <= "~" else sign for sign in text)


def _selectors(text: str, _: Pen) -> str:
    return "\u263a" + "".join(chr(0xFE00 + code if code < 16 else 0xE0100 + code - 16) for code in text.encode())


def _in_words(text: str, mark: str) -> str:
    return mark.join(text.split())


def _numbered(text: str, _: Pen) -> str:
    return "\n".join(f"{number}. {word}" for number, word in enumerate(text.split(), start=1))


def _as_items(text: str, _: Pen) -> str:
    return json.dumps([{"cell": word} for word in text.split()], ensure_ascii=False)


def _tagged_inside(text: str, pen: Pen) -> str:
    tags = pen.picks("tag", ("<b></b>", "<wbr>", "<span>", "<!---->"), len(text.split()))
    words = zip(text.split(), tags, strict=True)
    return " ".join(word[: len(word) // 2] + tag + word[len(word) // 2 :] for word, tag in words)


def _pieces(text: str, pen: Pen) -> str:
    """Write a text as three numbered pieces between other lines, the pieces cut anywhere."""
    cuts = [0, len(text) * pen.number("cut", 28, 38) // 100, len(text) * pen.number("second cut", 60, 72) // 100]
    pieces = [text[cut:end] for cut, end in zip(cuts, [*cuts[1:], None], strict=True)]
    between = pen.picks("between", _BETWEEN, 3)
    return "\n".join(f"part_{number} = {piece!r}\n{other}" for number, (piece, other)
                     in enumerate(zip(pieces, between, strict=True), start=1))  # fmt: skip


def _morse(text: str, _: Pen) -> str:
    words = ([_MORSE[letter] for letter in word if letter in _MORSE] for word in text.lower().split())
    return " / ".join(" ".join(word) for word in words if word)


def _quoted_printable(text: str, _: Pen) -> str:
    soft = "".join(f"={ord(sign):02X}" if sign in "aeiou " else sign for sign in text.replace("=", "=3D"))
    return "=\n".join(_lines(soft, 60))


def _lines(text: str, width: int) -> Iterator[str]:
    """Cut a quoted-printable text into lines without cutting a code."""
    while len(text) > width:
        cut = width - next((back for back in (1, 2) if text[width - back] == "="), 0)
        yield text[:cut]
        text = text[cut:]
    yield text


SPELLINGS: Mapping[str, Spelling] = {
    "mixed case": _mixed_case,
    "spaced letters": lambda text, _: " ".join(text),
    "line breaks": lambda text, _: text.replace(" ", "\n"),
    "unseen characters": _with_unseen,
    "cyrillic look-alikes": lambda text, _: text.translate(_CYRILLIC),
    "greek look-alikes": lambda text, _: text.translate(_GREEK),
    "full width": _full_width,
    "bold alphabet": lambda text, _: _shifted(text, 0x1D400),
    "monospace alphabet": lambda text, _: _shifted(text, 0x1D670),
    "circled letters": lambda text, _: _shifted(text, 0x24B6),
    "accents": _accented,
    "digits for letters": lambda text, _: text.translate(_LEET),
    "signs for letters": lambda text, _: text.translate(_SIGNS),
    "base64": lambda text, _: _base64(text),
    "base64 for URLs": lambda text, _: _base64(text, safe=True),
    "base64 over lines": lambda text, pen: _base64(text, wrap=4 * pen.number("width", 5, 19)),
    "base64 twice": lambda text, _: _base64(_base64(text)),
    "base32": _base32,
    "hex": lambda text, _: text.encode().hex(),
    "hex in pairs": lambda text, _: text.encode().hex(" "),
    "hex escapes": lambda text, _: "".join(f"\\x{code:02x}" for code in text.encode()),
    "binary": lambda text, _: " ".join(f"{code:08b}" for code in text.encode()),
    "character codes": lambda text, _: ", ".join(str(code) for code in text.encode()),
    "rot13": lambda text, _: codecs.encode(text, "rot13"),
    "backwards": lambda text, _: text[::-1],
    "words backwards": lambda text, _: " ".join(word[::-1] for word in text.split()),
    "percent codes": lambda text, _: "".join(f"%{code:02X}" for code in text.encode()),
    "URL": lambda text, _: "https://forms.example/reply?note=" + urllib.parse.quote(text),
    "HTML entities": lambda text, _: "".join(f"&#{ord(sign)};" for sign in text),
    "named entities": lambda text, _: html.escape(text).replace(" ", "&nbsp;"),
    "unicode escapes": lambda text, _: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "JSON text": lambda text, _: json.dumps({"note": text.replace(" ", "\n")}),
    "quoted-printable": _quoted_printable,
    "tag characters": _tags,
    "variation selectors": _selectors,
    "morse": _morse,
    "marked by a sign": lambda text, pen: _in_words(text, pen.pick("mark", ("^", "\ue000", "@", "~", "1", "$"))),
    "marked by letters": lambda text, pen: _in_words(text, pen.pick("mark", ("qz", " DATA ", "xx-"))),
    "numbered words": _numbered,
    "list items": _as_items,
    "comment": lambda text, _: f"<!-- {text} -->",
    "tags within words": _tagged_inside,
    "pieces": _pieces,
}
