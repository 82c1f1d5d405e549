"""The catalogue as blueprints see it, and blueprints drawn from it, each drawn once."""

from collections.abc import Collection

from shipworthy.core.canonical import canonical_bytes, digest
from shipworthy.core.remembering import Remembered
from shipworthy.framework import Framework
from shipworthy.roles.blueprint.entities import Blueprint, OffersOfCatalogue
from shipworthy.roles.blueprint.offers import offers_from
from shipworthy.roles.drawing import DrawnChoice, draw_choices, draw_for
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.profile_spelling import profile_digest
from shipworthy.tasks.catalogue import Catalogue

MOST_KEPT = 512


class Shelf:
    """Draws blueprints from the tasks of a catalogue, and keeps the last ones that were drawn.

    A blueprint is found again by the profile, the wishes and the edition of the catalogue, so that a task that was
    added or changed makes a new one.
    """

    def __init__(self, catalogue: Catalogue, *, most: int = MOST_KEPT) -> None:
        self.catalogue = catalogue
        self._offers: Remembered[OffersOfCatalogue] = Remembered(2)
        self._blueprints: Remembered[Blueprint] = Remembered(most)
        self._choices: Remembered[tuple[DrawnChoice, ...]] = Remembered(most)

    @property
    def framework(self) -> Framework:
        """The framework whose ids the tasks use."""
        return self.catalogue.framework

    def offers(self) -> OffersOfCatalogue:
        """Return what is on offer now."""
        return self._offers.get(self.catalogue.edition(), lambda: offers_from(self.catalogue))

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

        def draw() -> Blueprint:
            return draw_for(profile, offers, self.framework, limit_minutes=minutes, pinned=pinned, excluded=excluded)

        return self._blueprints.get(self._name(profile, f"{minutes} {sorted(pinned)} {sorted(excluded)}"), draw)

    def choices(self, profile: RoleProfile) -> tuple[DrawnChoice, ...]:
        """Draw what can be done about a blend; () where the role is none."""
        offers = self.offers()
        return self._choices.get(self._name(profile, ""), lambda: draw_choices(profile, offers, self.framework))

    def _name(self, profile: RoleProfile, wishes: str) -> str:
        return digest(canonical_bytes([profile_digest(profile), self.catalogue.edition(), wishes]))
