"""Reads authored TOML strictly: every wrong, missing or unknown key becomes a finding, none stops the reading."""

import difflib
import math
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shipworthy.tasks.entities import Band, Finding

SUM_TOLERANCE = 1e-6
_MISSING = object()


@dataclass
class Inspection:
    """The findings made so far, and the keys that were asked for (with `[]` for entries of a list)."""

    findings: list[Finding] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def add(self, file: str, key: str, fault: str, remedy: str) -> None:
        """Note one fault."""
        self.findings.append(Finding(file, key, fault, remedy))


def read_toml(folder: Path, file: str, inspection: Inspection) -> "Table":
    """Read `folder/file`; what cannot be read is a finding and reads as an empty table."""
    values: dict[str, object] = {}
    try:
        values = tomllib.loads((folder / file).read_bytes().decode())
    except FileNotFoundError:
        inspection.add(file, "", "The file is missing.", "Add it; shipworthy task new writes one to start from.")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        inspection.add(file, "", f"The file cannot be read as TOML: {fault}.", "Correct the line named.")
    else:
        return Table(values, file, "", inspection)
    return Table(values, file, "", inspection, silent=True)


class Table:
    """One table of an authored file. Every reading method returns a usable value; faults go to the inspection."""

    def __init__(
        self, values: Mapping[str, object], file: str, place: str, inspection: Inspection, *, silent: bool = False
    ) -> None:
        self._values = values
        self._file = file
        self._place = place
        self._inspection = inspection
        self._known: set[str] = set()
        self._silent = silent

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the table has, in the order written."""
        return tuple(self._values)

    def fault(self, key: str, fault: str, remedy: str) -> None:
        """Note a fault at one of the table's keys, or at the table itself when `key` is empty."""
        if not self._silent:
            self._inspection.add(self._file, self._at(key) if key else self._place, fault, remedy)

    def text(self, key: str, *, empty: bool = False, pattern: str = "", meaning: str = "") -> str:
        """Read a text; with `pattern`, one of that form, which `meaning` puts into words."""
        value = self._take(key, str, "a text")
        if not isinstance(value, str):
            return ""
        if not value.strip() and not empty:
            self.fault(key, "The text is empty.", "Write it.")
        elif pattern and value and not re.fullmatch(pattern, value):
            self.fault(key, f"{value!r} is not {meaning}.", f"Write {meaning}.")
        return value

    def number(self, key: str, *, low: float, high: float, default: float | None = None) -> float:
        """Read a finite number in the closed range from `low` to `high`."""
        value = self._take(key, (int, float), "a number", default=default)
        return float(value) if isinstance(value, int | float) and self._in_range(key, value, low, high) else low

    def whole(self, key: str, *, low: int, high: int, default: int | None = None) -> int:
        """Read a whole number in the closed range from `low` to `high`."""
        value = self._take(key, int, "a whole number", default=default)
        return value if isinstance(value, int) and self._in_range(key, value, low, high) else low

    def flag(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        self._note(key)
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            self.fault(key, "The value is neither true nor false.", "Write true or false.")
            return default
        return value

    def texts(self, key: str, *, least: int = 0, default: bool = False) -> tuple[str, ...]:
        """Read a list of at least `least` different, non-empty texts; with `default` it may be left out."""
        value = self._take(key, list, "a list of texts", default=[] if default else None)
        if not isinstance(value, list):
            return ()
        if not all(isinstance(entry, str) and entry.strip() for entry in value):
            self.fault(key, "The list holds something that is no text, or an empty one.", "List texts only.")
            return ()
        if len(value) < least or len(set(value)) < len(value):
            self.fault(key, f"The list needs at least {least} entries, each once.", "Add or remove entries.")
        return tuple(value)

    def wholes(self, key: str, *, low: int, high: int) -> tuple[int, ...]:
        """Read a list of whole numbers, each in the closed range from `low` to `high`."""
        value = self._take(key, list, "a list of whole numbers")
        if not isinstance(value, list):
            return ()
        if not all(isinstance(entry, int) and not isinstance(entry, bool) and low <= entry <= high for entry in value):
            self.fault(key, f"The list holds something that is no whole number from {low} to {high}.", "Correct it.")
            return ()
        return tuple(value)

    def choice(self, key: str, known: Collection[str], *, what: str) -> str:
        """Read one of the `known` ids."""
        value = self.text(key)
        if value:
            self.expect_known(key, value, known, what=what)
        return value

    def expect_known(self, key: str, value: str, known: Collection[str], *, what: str) -> None:
        """Note a fault unless `value` is one of the known ids; the remedy names the closest."""
        if value not in known:
            self.fault(key, f"There is no {what} {value!r}.", suggestion(value, known))

    def table(self, key: str, *, default: bool = False) -> "Table":
        """Read a table inside this one; with `default` it may be left out."""
        value = self._take(key, dict, "a table", default={} if default else None)
        known = isinstance(value, dict)
        return Table(
            value if isinstance(value, dict) else {},
            self._file,
            self._at(key),
            self._inspection,
            silent=self._silent or not known,
        )

    def tables(self, key: str, *, least: int = 1) -> list["Table"]:
        """Read a list of at least `least` tables."""
        value = self._take(key, list, "a list of tables")
        entries = value if isinstance(value, list) else []
        if not all(isinstance(entry, dict) for entry in entries):
            self.fault(key, "The list holds something that is no table.", f"Write each entry below [[{key}]].")
            return []
        if isinstance(value, list) and len(entries) < least:
            self.fault(key, f"At least {least} are needed.", f"Add [[{key}]] entries.")
        return [
            Table(entry, self._file, f"{self._at(key)}[{number}]", self._inspection, silent=self._silent)
            for number, entry in enumerate(entries, start=1)
        ]

    def shares(self, key: str, known: Collection[str], *, what: str) -> dict[str, float]:
        """Read a table from known ids to positive numbers that sum to 1."""
        table = self.table(key)
        shares = {name: table.number(name, low=0.0, high=1.0) for name in table.keys}
        for name, share in shares.items():
            table.expect_known(name, name, known, what=what)
            if share <= 0:
                table.fault(name, "The share is not above 0.", "Leave it out, or give it a share.")
        total = math.fsum(shares.values())
        if abs(total - 1.0) > SUM_TOLERANCE:
            table.fault("", f"The shares sum to {total:g}, not to 1.", "Correct them.")
        return shares

    def band(self, key: str) -> Band:
        """Read a score band: two numbers in [0, 1], the lower one first."""
        value = self._take(key, list, "two numbers")
        if value is None:
            return Band(0.0, 1.0)
        numbers = [float(entry) for entry in value if _is_number(entry)] if isinstance(value, list) else []
        if len(numbers) != 2 or not 0 <= numbers[0] <= numbers[1] <= 1:
            self.fault(key, "A band is two numbers in [0, 1], the lower one first.", "Write for example [0.9, 1.0].")
            return Band(0.0, 1.0)
        return Band(numbers[0], numbers[1])

    def close(self) -> None:
        """Note every key that nothing asked for."""
        for key in self._values:
            if key not in self._known:
                self.fault(key, "The key is unknown.", suggestion(key, self._known))

    def _take(
        self, key: str, kind: type | tuple[type, ...], words: str, *, default: object | None = None
    ) -> object | None:
        self._note(key)
        value = self._values.get(key, _MISSING)
        if value is _MISSING:
            if default is None:
                self.fault(key, "The key is missing.", f"Add it as {words}.")
            return default
        if not isinstance(value, kind) or isinstance(value, bool):
            self.fault(key, f"The value is not {words}.", f"Write {words}.")
            return None
        return value

    def _note(self, key: str) -> None:
        self._known.add(key)
        self._inspection.asked.add((self._file, re.sub(r"\[\d+\]", "[]", self._at(key))))

    def _in_range(self, key: str, value: float, low: float, high: float) -> bool:
        if math.isfinite(value) and low <= value <= high:
            return True
        self.fault(key, f"{value} is not between {low:g} and {high:g}.", "Choose a number in that range.")
        return False

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key


def suggestion(name: str, known: Collection[str]) -> str:
    """Say which known name was probably meant, else list all of them."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(sorted(known)) or 'none'}."


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
