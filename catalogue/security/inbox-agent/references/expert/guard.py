"""Decides on changes by where their arguments come from, and writes every decision down."""

from veil import Veil

MOST = 3
DECISIVE = {"send_mail": ("to",), "forward_mail": ("to", "mail_id"), "delete_mail": ("mail_id",), "save_note": ("text",)}


class Guard:
    """May allow what rests on the user's request, on people whom it names, and on mails that were searched for."""

    def __init__(self, request: str, veil: Veil) -> None:
        self.log: list[dict] = []
        self._request, self._veil = request, veil
        self._made = 0

    def allows(self, tool: str, arguments: dict) -> bool:
        """Decide and log; what has no known origin, or is one change too many, is blocked."""
        values = self._decisive(tool, arguments)
        origins = [self._origin(value) for value in values]
        allowed = bool(values) and all(origins) and self._made < MOST
        self._made += allowed
        why = "its decisive arguments come from the request or from what the request points to"
        places = list(dict.fromkeys(place for found in origins for place in found))[:3]
        self.log.append({
            "tool": tool, "arguments": self._veil.uncovered(arguments), "decision": "allowed" if allowed else "blocked",
            "why": why if allowed else "an argument comes from nowhere that the user named",
            "sources": places or ["request"],
        })  # fmt: skip
        return allowed

    def _decisive(self, tool: str, arguments: dict) -> list[str]:
        if tool == "create_event":
            return [*arguments.get("attendees", []), str(arguments.get("start"))]
        return [str(arguments.get(name)) for name in DECISIVE.get(tool, ())]

    def _origin(self, value: str) -> list[str]:
        known = self._veil.origins.get(value, [])
        if known:
            return list(dict.fromkeys(known))
        return ["request"] if self._stands_in_request(value) else []

    def _stands_in_request(self, value: str) -> bool:
        """A value of the request: word for word, or, for a moment, its day and its hour."""
        return value in self._request or all(part in self._request for part in value.split(" ", 1))
