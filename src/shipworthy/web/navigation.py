"""Which pages a person finds in the head of every page."""

from collections.abc import Iterable
from dataclasses import dataclass

from shipworthy.access.entities import Access

EVERYBODY = frozenset(Access)
HIRING = frozenset({Access.OWNER, Access.HIRING_MANAGER, Access.RECRUITER})


@dataclass(frozen=True)
class Place:
    """A page that is named in the head; `paths` are the beginnings of the addresses that belong to it."""

    label: str
    path: str
    accesses: frozenset[Access]
    paths: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Say whether an address belongs to this place."""
        return path == self.path or any(path.startswith(start) for start in self.paths)


PLACES = (
    Place("Home", "/", EVERYBODY),
    Place("Roles", "/roles", HIRING, ("/roles",)),
    Place("Assessments", "/assessments", HIRING, ("/assessments", "/candidates")),
    Place("Audit log", "/compliance/log", frozenset({Access.COMPLIANCE}), ("/compliance",)),
    Place("People", "/people", frozenset({Access.OWNER}), ("/people",)),
    Place("Letters", "/letters", frozenset({Access.OWNER, Access.RECRUITER}), ("/letters",)),
    Place("Tokens", "/tokens", frozenset({Access.OWNER}), ("/tokens",)),
    Place("Webhooks", "/webhooks", frozenset({Access.OWNER}), ("/webhooks",)),
)


def places_for(accesses: Iterable[Access], served: frozenset[str]) -> tuple[Place, ...]:
    """Return the places that somebody with these accesses may go to, of those that the app serves."""
    held = frozenset(accesses)
    return tuple(place for place in PLACES if place.accesses & held and place.path in served)
