"""Every way to read the input of a call: views of it with the encodings undone and the spelling taken away."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from shipworthy.gateway.behaviours.decodings import decoded, joined_base64, unescaped, untagged
from shipworthy.gateway.behaviours.letters import folded, letters_of, letters_with_digits_read, own_script

_DEPTH = 3
_ROOM = 65_536
_TIMES = 6


@dataclass(frozen=True)
class Part:
    """A text and the place of the source that it came from."""

    source: int
    text: str


@dataclass(frozen=True)
class View:
    """The input as it reads under one encoding, all sources in their order; `encoding` is its name.

    `cleaned` says that a later view shows the same with less around it, so that this one needs only a plain reading.
    """

    encoding: str
    parts: tuple[Part, ...]
    cleaned: bool = False

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """Every part in lower case, each character as it is read."""
        return tuple(folded(part.text) for part in self.parts)

    @cached_property
    def running_text(self) -> str:
        """All folded parts, one after the other."""
        return "\n".join(self.folded)

    @cached_property
    def letters(self) -> bytes:
        """The letters of all parts and nothing else."""
        return b"".join(self._letters)

    @cached_property
    def digits_read(self) -> bytes:
        """The letters of all parts where digits and signs stand for letters."""
        return b"".join(self._digits_read)

    @cached_property
    def own_script(self) -> str:
        """The letters of all parts in their own script."""
        return "".join(self._own_script)

    @cached_property
    def _letters(self) -> tuple[bytes, ...]:
        return tuple(map(letters_of, self.folded))

    @cached_property
    def _digits_read(self) -> tuple[bytes, ...]:
        return tuple(map(letters_with_digits_read, self.folded))

    @cached_property
    def _own_script(self) -> tuple[str, ...]:
        return tuple(own_script(part.text) for part in self.parts)

    def source_of_letter(self, place: int) -> int:
        """Return the source that holds a place of `letters`."""
        return self._source(map(len, self._letters), place)

    def source_of_digit(self, place: int) -> int:
        """Return the source that holds a place of `digits_read`."""
        return self._source(map(len, self._digits_read), place)

    def source_of_own(self, place: int) -> int:
        """Return the source that holds a place of `own_script`."""
        return self._source(map(len, self._own_script), place)

    def source_of_sign(self, place: int) -> int:
        """Return the source that holds a place of `running_text`."""
        return self._source((len(text) + 1 for text in self.folded), place)

    def _source(self, lengths: Iterable[int], place: int) -> int:
        return self.parts[min(bisect_right(list(accumulate(lengths)), place), len(self.parts) - 1)].source


def views(texts: Sequence[str]) -> list[View]:
    """Return every way to read `texts`, the plain one first; work and memory are linear in their length."""
    plain = tuple(Part(place, text) for place, text in enumerate(texts))
    free = _changed(plain, unescaped)
    bare = _changed(free or plain, untagged)
    found = [View("plain", plain, cleaned=bool(free or bare))]
    found += [View("escaped", free, cleaned=bool(bare))] if free else []
    found += [View("markup", bare)] if bare else []
    return found + _decoded_views(free or plain, sum(map(len, texts)) * _TIMES + _ROOM)


def _changed(parts: tuple[Part, ...], change: Callable[[str], str]) -> tuple[Part, ...]:
    """Return the parts after a change, or nothing where it changes nothing."""
    after = tuple(Part(part.source, change(part.text)) for part in parts)
    return after if after != parts else ()


def _decoded_views(parts: Sequence[Part], room: int) -> list[View]:
    """Return a view for every code within the parts and for every code within those, while there is room."""
    found: list[View] = []
    level = list(_decoded_parts(parts))
    across = joined_base64([part.text for part in parts])
    level += [("base64", Part(parts[0].source, across))] if across else []
    for _ in range(_DEPTH):
        level, room = _within(level, room)
        found += [View(name, tuple(part for code, part in level if code == name)) for name in _names(level)]
        level = [(f"{name}, {inner}", part) for name, outer in level for inner, part in _decoded_parts([outer])]
    return found


def _names(level: Iterable[tuple[str, Part]]) -> list[str]:
    return list(dict.fromkeys(name for name, _ in level))


def _within(level: Sequence[tuple[str, Part]], room: int) -> tuple[list[tuple[str, Part]], int]:
    kept = []
    for name, part in level:
        room -= len(part.text)
        if part.text and room >= 0:
            kept.append((name, Part(part.source, untagged(unescaped(part.text)))))
    return kept, room


def _decoded_parts(parts: Iterable[Part]) -> Iterable[tuple[str, Part]]:
    return ((name, Part(part.source, text)) for part in parts for name, text in decoded(part.text))
