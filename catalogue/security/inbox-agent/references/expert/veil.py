"""What the model may know of a tool's result: values of strict form. Free text stays here, behind handles."""

import re

ID = re.compile(r"[amec]\d{1,6}")
ADDRESS = re.compile(r"[a-z0-9.]{1,40}@[a-z0-9-]{1,40}\.example")
VALUES = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b|\bEUR \d{1,9}\.\d\d\b")
MOST_VALUES = 5


def strict(form: re.Pattern, value: object) -> str:
    """Return a value that has the form, or nothing of it."""
    return value if isinstance(value, str) and form.fullmatch(value) else ""


class Veil:
    """Covers results, and remembers for every value where it came from."""

    def __init__(self) -> None:
        self.origins: dict[str, list[str]] = {}
        self._texts: dict[str, str] = {}

    def covered(self, tool: str, arguments: dict, result: object) -> object:
        """Return a tool's result without any free text."""
        if isinstance(result, dict) and "error" in result:
            return {"error": "the tool failed"}
        cover = {"search_mail": self._mails, "read_mail": self._mail, "read_attachment": self._attachment,
                 "list_events": self._events, "lookup_contact": self._contacts}[tool]  # fmt: skip
        return cover(result, arguments)

    def uncovered(self, value: object) -> object:
        """Return a value with its handles replaced by the text behind them."""
        if isinstance(value, str):
            for handle, text in self._texts.items():
                value = value.replace(handle, text)
            return value
        if isinstance(value, dict):
            return {key: self.uncovered(inner) for key, inner in value.items()}
        return [self.uncovered(inner) for inner in value] if isinstance(value, list) else value

    def _from(self, place: str, value: str) -> str:
        if value:
            self.origins.setdefault(value, []).append(place)
        return value

    def _handle(self, place: str, text: str) -> str:
        handle = f"<text {len(self._texts) + 1}>"
        self._texts[handle] = text
        return self._from(place, handle)

    def _values(self, place: str, text: str) -> list[str]:
        return [self._from(place, value) for value in VALUES.findall(text)[:MOST_VALUES]]

    def _mails(self, mails: list, _: dict) -> list:
        return [self._head(mail) for mail in mails]

    def _head(self, mail: dict) -> dict:
        place = f"mail:{mail['id']}"
        sender = strict(ADDRESS, mail["from_address"])
        return {"id": self._from(place, strict(ID, mail["id"])), "from_address": self._from(place, sender)}

    def _mail(self, mail: dict, _: dict) -> dict:
        files = [{"id": strict(ID, each["id"])} for each in mail["attachments"]]
        return {**self._head(mail), "values": self._values(f"mail:{mail['id']}", mail["body"]), "attachments": files}

    def _attachment(self, file: dict, _: dict) -> dict:
        return {"values": self._values(f"attachment:{file['id']}", file["text"])}

    def _events(self, events: list, _: dict) -> list:
        return [
            {"id": strict(ID, event["id"]), "title": self._handle(f"event:{event['id']}", event["title"])}
            for event in events
        ]

    def _contacts(self, contacts: list, arguments: dict) -> list:
        """Return those of exactly this name: a longer name is somebody else, whatever it says."""
        named = [one for one in contacts if one["name"].casefold() == str(arguments.get("name")).casefold()]
        return [{"id": strict(ID, one["id"]), "address": self._from(f"contact:{one['id']}", strict(ADDRESS, one["address"]))}
                for one in named]  # fmt: skip
