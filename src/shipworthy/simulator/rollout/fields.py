"""Reads one mapping of a rollout file strictly: every wrong, missing or unknown key is a fault with line and remedy."""

import difflib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from shipworthy.simulator.rollout.conditions import Condition, ConditionFault, read_condition
from shipworthy.simulator.rollout.document import Fields, Listing, Node, Scalar
from shipworthy.simulator.rollout.errors import RolloutFault

DURATION = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?")
NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
LONGEST_MINUTES = 90 * 24 * 60

OTHER_TOOLS = {
    "setWeight": "weight",
    "stepWeight": "weight",
    "setMirrorRoute": "shadow",
    "mirror": "shadow",
    "mirrorWeight": "shadow",
    "duration": "pause",
    "failureCondition": "failure_condition",
    "successCondition": "success_condition",
    "failureLimit": "consecutive_failures",
    "failure_limit": "consecutive_failures",
    "threshold": "consecutive_failures",
    "consecutiveErrorLimit": "on_inconclusive",
    "inconclusiveLimit": "on_inconclusive",
    "initialDelay": "initial_delay",
    "progressDeadlineSeconds": "deadline",
    "alerts": "notifications",
    "metrics": "analyses",
}
"""Keys that people know from other tools, and what they are called here."""

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass
class Faults:
    """The faults found so far, and the keys that were asked for (with `[]` for entries of a list)."""

    found: list[RolloutFault] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def add(self, line: int, key: str, fault: str, remedy: str) -> None:
        """Note one fault."""
        self.found.append(RolloutFault(line, key, fault, remedy))


class Table:
    """One mapping. Every reading method returns a usable value; faults are noted."""

    def __init__(self, node: Fields, place: str, faults: Faults, metrics: Collection[str]) -> None:
        self._node = node
        self._place = place
        self._faults = faults
        self._metrics = metrics
        self._known: set[str] = set()
        self._faulty: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key stands there."""
        return key in self._node.values

    def sound(self, key: str) -> bool:
        """Whether no fault was noted at the key."""
        return key not in self._faulty

    def fault(self, key: str, fault: str, remedy: str) -> None:
        """Note a fault at one of the keys, or at the mapping itself when `key` is empty."""
        self._faulty.add(key)
        self._faults.add(self._node.lines.get(key, self._node.line), self._at(key), fault, remedy)

    def text(self, key: str, pattern: str, meaning: str) -> str:
        """Read a text of a form."""
        text = self._scalar(key, meaning, required=True)
        if text and not re.fullmatch(pattern, text):
            self.fault(key, f"`{text[:40]}` is not {meaning}.", f"Write {meaning}.")
        return text

    def whole(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        """Read a whole number."""
        text = self._scalar(key, "a whole number", required=default is None)
        if not text:
            return low if default is None else default
        if not re.fullmatch(r"\d{1,9}", text):
            self.fault(key, f"`{text[:40]}` is no whole number.", f"Write a number from {low} to {high}.")
            return low
        return int(self._within(key, int(text), low, high, str))

    def number(self, key: str, *, low: float, high: float) -> float:
        """Read a number."""
        text = self._scalar(key, "a number", required=True)
        if not text or not NUMBER.fullmatch(text):
            if text:
                self.fault(key, f"`{text[:40]}` is no number.", f"Write a number from {low:g} to {high:g}.")
            return low
        return self._within(key, float(text), low, high, lambda value: f"{value:g}")

    def share(self, key: str, *, low: float = 0.0, high: float = 1.0, default: float | None = None) -> float:
        """Read a percentage as a share."""
        text = self._scalar(key, "a percentage such as 5%", required=default is None)
        if not text:
            return low if default is None else default
        digits = text.removesuffix("%").rstrip()
        if not text.endswith("%") or not NUMBER.fullmatch(digits):
            self.fault(key, f"`{text[:40]}` is no percentage.", "Write it with a percent sign, such as 5%.")
            return low
        return self._within(key, float(digits) / 100, low, high, lambda value: f"{value * 100:g}%")

    def minutes(self, key: str, *, low: int = 0, high: int = LONGEST_MINUTES, default: int | None = None) -> int:
        """Read a duration such as `90m`, `2h`, `1d` or `1h30m`, as minutes."""
        text = self._scalar(key, "a duration such as 30m, 2h or 1d", required=default is None)
        if not text:
            return low if default is None else default
        match = DURATION.fullmatch(text)
        if not match or not any(match.groups()):
            self.fault(key, f"`{text[:40]}` is no duration.", "Write for example 30m, 2h, 1d or 1h30m.")
            return low
        days, hours, minutes = (int(part or 0) for part in match.groups())
        return int(self._within(key, days * 1440 + hours * 60 + minutes, low, high, spell_minutes))

    def flag(self, key: str) -> bool:
        """Read true or false; false when it is left out."""
        text = self._scalar(key, "true or false", required=False)
        if text not in {"", "true", "false"}:
            self.fault(key, f"`{text[:40]}` is neither true nor false.", "Write true or false.")
        return text == "true"

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """Read one of the words of an enumeration."""
        text = self._scalar(key, "a word", required=default is None)
        return self._word(key, text, kind) if text else (default or next(iter(kind)))

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Read a list of words of an enumeration, at least one."""
        node = self._take(key)
        items = node.items if isinstance(node, Listing) else ()
        texts = [item.text for item in items if isinstance(item, Scalar)]
        if not texts or len(texts) < len(items):
            self.fault(key, "A list of words is wanted.", f"Write for example [{next(iter(kind)).value}].")
        return tuple(self._word(key, text, kind) for text in texts)

    def condition(self, key: str) -> Condition | None:
        """Read a condition; None when it is left out or faulty."""
        text = self._scalar(key, "a condition such as error_rate > 2%", required=False)
        if not text:
            return None
        try:
            return read_condition(text, self._metrics)
        except ConditionFault as fault:
            self.fault(key, fault.fault, fault.remedy)
            return None

    def table(self, key: str) -> "Table | None":
        """Read a mapping inside this one; None when it is left out."""
        if not self.has(key):
            self._ask(key)
            return None
        node = self._take(key)
        if not isinstance(node, Fields):
            self.fault(key, "This is no mapping.", "Write keys with values below it, further to the right.")
            return None
        return Table(node, self._at(key), self._faults, self._metrics)

    def tables(self, key: str, *, least: int, most: int) -> list["Table"]:
        """Read a list of mappings."""
        node = self._take(key)
        items = node.items if isinstance(node, Listing) else ()
        if node is not None and not isinstance(node, Listing):
            self.fault(key, "This is no list.", "Begin every entry with a dash.")
        elif not least <= len(items) <= most:
            self.fault(key, f"There are {len(items)} entries.", f"Write {least} to {most}.")
        return [self._entry(key, number, item) for number, item in enumerate(items[:most], start=1)]

    def close(self) -> None:
        """Note every key that nothing asked for."""
        for key in self._node.values:
            if key not in self._known:
                self.fault(key, "The key is unknown.", _meant(key, self._known))

    def _entry(self, key: str, number: int, item: Node) -> "Table":
        place = f"{self._at(key)}[{number}]"
        if isinstance(item, Fields):
            return Table(item, place, self._faults, self._metrics)
        self._faults.add(item.line, place, "This is no mapping.", "Write a key and a value after the dash.")
        return Table(Fields({}, {}, item.line), place, Faults(), self._metrics)

    def _take(self, key: str) -> Node | None:
        self._ask(key)
        return self._node.values.get(key)

    def _ask(self, key: str) -> None:
        self._known.add(key)
        self._faults.asked.add(re.sub(r"\[\d+\]", "[]", self._at(key)))

    def _scalar(self, key: str, meaning: str, *, required: bool) -> str:
        node = self._take(key)
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        if node is not None:
            fault = "The value is missing." if isinstance(node, Scalar) else "One value is wanted here."
            self.fault(key, fault, f"Write {meaning}.")
        elif required:
            self.fault("", f"The key `{key}` is missing.", f"Add it with {meaning}.")
        return ""

    def _word(self, key: str, text: str, kind: type[Choice]) -> Choice:
        words = [word.value for word in kind]
        if text in words:
            return kind(text)
        self.fault(key, f"`{text[:40]}` is not known here.", f"Write one of: {', '.join(words)}.")
        return next(iter(kind))

    def _within(self, key: str, value: float, low: float, high: float, spell: Callable[[float], str]) -> float:
        if low <= value <= high:
            return value
        self.fault(key, f"{spell(value)} is out of range.", f"Write {spell(low)} to {spell(high)}.")
        return low

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}".strip(".")


def spell_minutes(minutes: float) -> str:
    """Spell a duration as it is written in a file."""
    days, rest = divmod(int(minutes), 1440)
    hours, left = divmod(rest, 60)
    parts = [f"{count}{unit}" for count, unit in ((days, "d"), (hours, "h"), (left, "m")) if count]
    return "".join(parts) or "0m"


def _meant(key: str, known: Collection[str]) -> str:
    named = OTHER_TOOLS.get(key)
    close = [named] if named in known else difflib.get_close_matches(key, sorted(known), n=1)
    return f"Did you mean `{close[0]}`?" if close else f"Known here: {', '.join(sorted(known))}."
