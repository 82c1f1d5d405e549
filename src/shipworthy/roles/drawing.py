"""Draws blueprints for profiles: for a role as it stands, and for every choice about a blend."""

from collections.abc import Collection
from dataclasses import dataclass

from shipworthy.framework import Framework
from shipworthy.roles.blends import Choice, PlannedRole, choices_of
from shipworthy.roles.blueprint.entities import Blueprint, OffersOfCatalogue
from shipworthy.roles.blueprint.operations import draw_blueprint
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.errors import ProfileError


@dataclass(frozen=True)
class DrawnRole:
    """A role that a choice leads to, and the blueprint that the catalogue allows for it."""

    role: PlannedRole
    blueprint: Blueprint


@dataclass(frozen=True)
class DrawnChoice:
    """A choice with the blueprints of its roles; `minutes` is what one candidate is asked for, at most."""

    choice: Choice
    roles: tuple[DrawnRole, ...]

    @property
    def minutes(self) -> int:
        """The minutes that a candidate of the longest of its roles is asked for."""
        return max(drawn.blueprint.minutes for drawn in self.roles)


def can_be_drawn(profile: RoleProfile) -> bool:
    """Say whether a profile is one of an AI role, as read or as a person said."""
    return profile.ai_role or profile.primary_context is not None


def draw_for(
    profile: RoleProfile,
    offers: OffersOfCatalogue,
    framework: Framework,
    *,
    limit_minutes: int | None = None,
    pinned: Collection[str] = (),
    excluded: Collection[str] = (),
) -> Blueprint:
    """Draw the blueprint of a profile, within its own limit or a shorter one.

    Raises `ProfileError` for a role that is no AI role, and `BlueprintError` for wishes that cannot be met.
    """
    if not can_be_drawn(profile):
        raise ProfileError(
            "This does not read like an AI engineering role, so there is nothing to assess here.",
            remedy="If it is one, set its context: `shipworthy role change PROFILE primary_context classical_ml ...`.",
        )
    limit = limit_of(profile, limit_minutes)
    contexts = profile.blended_contexts or ((profile.primary_context,) if profile.primary_context else ())
    return draw_blueprint(
        profile.needs,
        offers.offers,
        limit_minutes=limit,
        contexts=contexts,
        pinned=pinned,
        excluded=excluded,
        unsound=offers.left_out,
        framework=framework,
    )


def limit_of(profile: RoleProfile, wished: int | None) -> int:
    """Return the limit in minutes: the profile's, or a shorter one. Raises `ProfileError` for a longer one."""
    if wished is None:
        return profile.minutes
    if wished > profile.minutes:
        raise ProfileError(
            f"The profile allows {profile.minutes} minutes, not {wished}.",
            remedy=f"Change the profile first, with a reason: `shipworthy role change PROFILE minutes {wished} ...`.",
        )
    return wished


def draw_choices(
    profile: RoleProfile, offers: OffersOfCatalogue, framework: Framework, *, limit_minutes: int | None = None
) -> tuple[DrawnChoice, ...]:
    """Draw what each choice about a blend would ask of a candidate; () where the role is not blended."""
    limit = limit_of(profile, limit_minutes)
    return tuple(
        DrawnChoice(choice, tuple(_drawn(role, offers, framework, limit) for role in choice.roles))
        for choice in choices_of(profile, framework)
    )


def _drawn(role: PlannedRole, offers: OffersOfCatalogue, framework: Framework, limit: int) -> DrawnRole:
    drawn = draw_blueprint(
        role.needs,
        offers.offers,
        limit_minutes=limit,
        contexts=role.context_ids,
        unsound=offers.left_out,
        framework=framework,
    )
    return DrawnRole(role, drawn)
