"""Who may ask: people of several tenants, known by their tokens."""

import json
from dataclasses import dataclass, field


@dataclass
class Person:
    """One person. `id` is unique within the tenant; `role` is `member` or `editor`."""

    tenant: str
    id: str
    name: str
    mail: str
    role: str
    groups: list = field(default_factory=list)


class People:
    """All people by token."""

    def __init__(self, path):
        with open(path) as file:
            self.by_token = {each.pop("token"): Person(**each) for each in json.load(file)}

    def of_token(self, header):
        """Return the person of an `Authorization: Bearer ...` header. Raises `PermissionError`."""
        token = (header or "").removeprefix("Bearer ").strip()
        if token not in self.by_token:
            raise PermissionError(f"unknown token {token}")
        return self.by_token[token]

    def set_groups(self, person_id, groups):
        """Give the person other groups."""
        found = [person for person in self.by_token.values() if person.id == person_id]
        if not found:
            known = ", ".join(sorted({f"{person.name} ({person.id})" for person in self.by_token.values()}))
            raise KeyError(f"nobody has the id {person_id}; there are {known}")
        for person in found:
            person.groups = list(groups)
