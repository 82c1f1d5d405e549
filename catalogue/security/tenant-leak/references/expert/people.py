"""Who may ask: people of several tenants, known by their tokens."""

import json
from dataclasses import dataclass, field


@dataclass
class Person:
    """One person. `id` is unique within the tenant only; `role` is `member` or `editor`."""

    tenant: str
    id: str
    name: str
    mail: str
    role: str
    groups: list = field(default_factory=list)

    @property
    def key(self):
        """What is unique among all tenants."""
        return self.tenant, self.id


class People:
    """All people by token."""

    def __init__(self, path):
        with open(path) as file:
            self.by_token = {each.pop("token"): Person(**each) for each in json.load(file)}
        self.by_key = {person.key: person for person in self.by_token.values()}

    def of_token(self, header):
        """Return the person of an `Authorization: Bearer ...` header, or nothing."""
        return self.by_token.get((header or "").removeprefix("Bearer ").strip())

    def set_groups(self, tenant, person_id, groups):
        """Give a person of a tenant other groups. Tell whether there is one."""
        person = self.by_key.get((tenant, person_id))
        if person is not None:
            person.groups = list(groups)
        return person is not None
