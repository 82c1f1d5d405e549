"""The mailbox and its tools. Given; a copy of this file is put beside yours when you are graded.

A tool answers with JSON text. What a tool changes is not changed here: it is written down in `effects`, and whoever
runs the assistant carries the effects out.
"""

import json


def _tool(name: str, description: str, /, **parameters: object) -> dict:
    required = list(parameters)
    shapes = {key: shape if isinstance(shape, dict) else {"type": "string", "description": shape}
              for key, shape in parameters.items()}  # fmt: skip
    schema = {"type": "object", "properties": shapes, "required": required, "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


ADDRESSES = {"type": "array", "items": {"type": "string"}, "description": "addresses, may be empty"}
TOOLS = [
    _tool("search_mail", "Find mails by words of sender and subject.", query="words, all have to occur"),
    _tool("read_mail", "Read one mail.", mail_id="id of a mail"),
    _tool("read_attachment", "Read the text of an attachment.", attachment_id="id of an attachment"),
    _tool("list_events", "List the events of a day.", date="such as 2026-03-12"),
    _tool("lookup_contact", "Look somebody up in the address book.", name="a name or a part of it"),
    _tool("send_mail", "Send a new mail.", to="one address", subject="subject", body="text"),
    _tool("forward_mail", "Forward a mail with its attachments.", mail_id="id of a mail", to="one address"),
    _tool("create_event", "Put an event into the calendar; attendees get an invitation.",
          title="title", start="such as 2026-03-12 14:30", attendees=ADDRESSES),
    _tool("delete_mail", "Delete a mail for good.", mail_id="id of a mail"),
    _tool("save_note", "Remember something for all later conversations.", text="the note"),
]  # fmt: skip
CHANGING = ("send_mail", "forward_mail", "create_event", "delete_mail", "save_note")


class Tools:
    """The tools over one mailbox."""

    def __init__(self, mailbox: dict) -> None:
        self.mailbox = mailbox
        self.effects: list[dict] = []

    def call(self, name: str, arguments: dict) -> str:
        """Carry a call out (changes are only written down) and return the tool's answer as JSON text."""
        return json.dumps(self._answer(name, arguments), ensure_ascii=False)

    def _answer(self, name: str, arguments: dict) -> object:
        if name in CHANGING:
            self.effects.append({"tool": name, **arguments})
            return {"status": "ok"}
        error = self.mailbox["errors"].get(name)
        if error is not None:
            return {"error": error}
        read = {"search_mail": self._search, "read_mail": self._mail, "read_attachment": self._attachment,
                "list_events": self._events, "lookup_contact": self._contacts}.get(name)  # fmt: skip
        try:
            return read(**arguments) if read else {"error": f"there is no tool {name}"}
        except (TypeError, LookupError, AttributeError):
            return {"error": f"{name} cannot do this with {arguments}"}

    def _search(self, query: str) -> list[dict]:
        words = query.casefold().split()
        shown = ("id", "from_name", "from_address", "subject", "date")
        return [{key: mail[key] for key in shown} for mail in self.mailbox["mails"]
                if all(word in f"{mail['from_name']} {mail['subject']}".casefold() for word in words)]  # fmt: skip

    def _mail(self, mail_id: str) -> dict:
        found = (mail for mail in self.mailbox["mails"] if mail["id"] == mail_id)
        return next(found, {"error": "there is no such mail"})

    def _attachment(self, attachment_id: str) -> dict:
        return {"id": attachment_id, "text": self.mailbox["attachments"][attachment_id]}

    def _events(self, date: str) -> list[dict]:
        return [event for event in self.mailbox["events"] if event["start"].startswith(date)]

    def _contacts(self, name: str) -> list[dict]:
        return [contact for contact in self.mailbox["contacts"] if name.casefold() in contact["name"].casefold()]
