"""Reads the fields of a decoded request by their types, and names the field at fault as the protocol does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.errors import CallRefusedError, missing, wrong_type, wrong_value


@dataclass(frozen=True)
class Fields:
    """An object of a request; `place` is the path to it. A field that is null counts as absent."""

    values: Mapping[str, JSONValue]
    place: str = ""

    @classmethod
    def of(cls, value: JSONValue, place: str) -> "Fields":
        """Return the fields of a value that has to be an object."""
        if not isinstance(value, dict):
            raise wrong_type(place, "an object", value)
        return cls(value, place)

    def at(self, name: str) -> str:
        """Return the path of a field."""
        return f"{self.place}.{name}" if self.place else name

    def refuse_others(self, known: Collection[str]) -> None:
        """Refuse the first field, by name, that the protocol does not know."""
        other = min((name for name in self.values if name not in known), default=None)
        if other is not None:
            place = self.at(other[:100])
            raise CallRefusedError(f"The field '{place}' is not known.", param=place, reason="unknown_parameter")

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise wrong_type(self.at(name), "text", value)
        return value

    def text(self, name: str) -> str:
        """Return a text that has to be there and not be empty."""
        value = self.optional_text(name)
        if value is None:
            raise missing(self.at(name))
        if not value:
            raise wrong_value(self.at(name), "must not be empty")
        return value

    def chosen(self, name: str, among: Collection[str]) -> str:
        """Return a text that has to be one of a few."""
        value = self.text(name)
        if value not in among:
            raise wrong_value(self.at(name), f"has to be one of: {', '.join(sorted(among))}")
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        """Return a whole number within bounds, or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(self.at(name), "a whole number", value)
        if not low <= value <= high:
            raise wrong_value(self.at(name), f"has to be from {low} to {high}")
        return value

    def number(self, name: str, low: float, high: float, otherwise: float) -> float:
        """Return a number within bounds, or `otherwise`."""
        value = self.values.get(name)
        if value is None:
            return otherwise
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type(self.at(name), "a number", value)
        if not low <= value <= high:
            raise wrong_value(self.at(name), f"has to be from {low:g} to {high:g}")
        return float(value)

    def flag(self, name: str) -> bool:
        """Return true or false; false where it is absent."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise wrong_type(self.at(name), "true or false", value)
        return bool(value)

    def optional_within(self, name: str) -> "Fields | None":
        """Return an object, or None."""
        value = self.values.get(name)
        return None if value is None else Fields.of(value, self.at(name))

    def within(self, name: str) -> "Fields":
        """Return an object that has to be there."""
        found = self.optional_within(name)
        if found is None:
            raise missing(self.at(name))
        return found

    def optional_rows(self, name: str) -> list[JSONValue] | None:
        """Return a list, or None."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, list):
            raise wrong_type(self.at(name), "a list", value)
        return value

    def rows(self, name: str) -> list[JSONValue]:
        """Return a list that has to be there and hold something."""
        value = self.optional_rows(name)
        if value is None:
            raise missing(self.at(name))
        if not value:
            raise wrong_value(self.at(name), "must not be empty")
        return value

    def objects(self, name: str) -> list["Fields"]:
        """Return the objects of a list; none where it is absent."""
        return [Fields.of(one, f"{self.at(name)}[{at}]") for at, one in enumerate(self.optional_rows(name) or [])]
