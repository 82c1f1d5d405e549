"""The catalogue as blueprints see it, and blueprints drawn from it, each drawn once."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from threading import Lock

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.framework import Framework, load_framework
from shipworthy.roles.blueprint.entities import Blueprint, OffersOfCatalogue
from shipworthy.roles.blueprint.offers import offers_from
from shipworthy.roles.drawing import DrawnChoice, draw_choices, draw_for
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.profile_spelling import profile_digest
from shipworthy.tasks.catalogue import Catalogue

MOST_KEPT = 512


@dataclass
class Shelf:
    """Draws blueprints from the tasks of a catalogue, and keeps the last ones that were drawn.

    A blueprint is found again by the profile, the wishes and the manifests on offer, so that a task that was added or
    changed makes a new one.
    """

    catalogue: Catalogue
    framework: Framework = field(default_factory=load_framework)
    _kept: OrderedDict[str, object] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def offers(self) -> OffersOfCatalogue:
        """Return what is on offer now."""
        return offers_from(self.catalogue)

    def blueprint(
        self,
        profile: RoleProfile,
        *,
        minutes: int | None = None,
        pinned: Collection[str] = (),
        excluded: Collection[str] = (),
    ) -> Blueprint:
        """Draw the blueprint of a profile. Raises `ProfileError` and `BlueprintError`, as `drawing.draw_for` does."""
        offers = self.offers()
        wishes = f"{minutes} {sorted(pinned)} {sorted(excluded)}"
        name = _name(profile, offers, wishes)
        found = self._get(name)
        if isinstance(found, Blueprint):
            return found
        drawn = draw_for(profile, offers, self.framework, limit_minutes=minutes, pinned=pinned, excluded=excluded)
        self._put(name, drawn)
        return drawn

    def choices(self, profile: RoleProfile) -> tuple[DrawnChoice, ...]:
        """Draw what can be done about a blend; () where the role is none."""
        offers = self.offers()
        name = _name(profile, offers, "choices")
        found = self._get(name)
        if isinstance(found, tuple):
            return found
        drawn = draw_choices(profile, offers, self.framework)
        self._put(name, drawn)
        return drawn

    def _get(self, name: str) -> object | None:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def _put(self, name: str, drawn: object) -> None:
        with self._lock:
            self._kept[name] = drawn
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _name(profile: RoleProfile, offers: OffersOfCatalogue, wishes: str) -> str:
    return digest(canonical_bytes([profile_digest(profile), repr(offers), wishes]))
