"""Draws a blueprint."""

from collections.abc import Collection, Mapping, Sequence

from shipworthy.framework import Framework, RequirementLevel, load_framework
from shipworthy.measurement.firmness import FIRMNESS, FirmnessRule
from shipworthy.roles.blueprint.choice import best_choices
from shipworthy.roles.blueprint.entities import DEFAULT_LIMIT, Blueprint, LeftOutTask, TaskOffer
from shipworthy.roles.blueprint.evidence import ground_of
from shipworthy.roles.blueprint.explanation import Drawing, explain
from shipworthy.roles.blueprint.sorting import sort_offers
from shipworthy.roles.blueprint.wishes import (
    require_known_wishes,
    require_possible_pins,
    require_sound_limit,
    require_sound_needs,
    require_sound_offers,
)


def draw_blueprint(
    needs: Mapping[str, RequirementLevel],
    offers: Sequence[TaskOffer],
    *,
    limit_minutes: int = DEFAULT_LIMIT,
    contexts: Sequence[str] = (),
    pinned: Collection[str] = (),
    excluded: Collection[str] = (),
    unsound: Sequence[LeftOutTask] = (),
    rule: FirmnessRule = FIRMNESS,
    framework: Framework | None = None,
) -> Blueprint:
    """Return the best blueprint within the limit, in minutes; the order of `offers` makes no difference.

    `needs` gives each competency's level (one that is not named is not needed), `contexts` the role's contexts (none:
    every task will do), `pinned` and `excluded` the ids of tasks wanted in and wanted out. `unsound` are packages
    that are not on offer (from `offers_from`); they are named in the blueprint. Best means, in this order: most
    methods, most required competencies firm, least shortfall of the others, fewest minutes, most preferred evidence,
    fewest tasks, first ids. Raises `BlueprintError` for wishes that cannot be met, and the framework's
    `UnknownNameError` for unknown ids.
    """
    words = framework or load_framework()
    require_sound_needs(needs, contexts, words)
    require_sound_limit(limit_minutes)
    require_sound_offers(offers, words)
    require_known_wishes(pinned, excluded, offers, unsound)
    choosable, left_out = sort_offers(offers, needs, contexts, excluded, words)
    gone = (*left_out, *unsound)
    require_possible_pins(pinned, choosable, gone, limit_minutes)
    ordered = {name: needs[name] for name in words.competency_ids if name in needs}
    ground = ground_of(choosable, ordered, rule)
    fixed = [place for place, offer in enumerate(ground.offers) if offer.task_id in pinned]
    chosen, unlimited = best_choices(ground, fixed, limit_minutes)
    return explain(
        Drawing(ground, ordered, words, tuple(contexts), limit_minutes, frozenset(pinned), chosen, unlimited, gone)
    )
