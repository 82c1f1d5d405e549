"""Tasks that can stand in for each other: same method, same minutes, same evidence on everything needed."""

from collections.abc import Collection

from shipworthy.roles.blueprint.evidence import Ground


def groups_of_twins(ground: Ground, pinned: Collection[int]) -> tuple[tuple[int, ...], ...]:
    """Return the tasks (places in `ground.offers`) in groups of interchangeable ones, in the order of their ids.

    A pinned task is a group of its own. Of a group, a best set has the first tasks.
    """
    groups: dict[object, list[int]] = {}
    for place in range(len(ground.offers)):
        groups.setdefault(place if place in pinned else _profile(ground, place), []).append(place)
    return tuple(tuple(group) for group in groups.values())


def _profile(ground: Ground, place: int) -> object:
    offer = ground.offers[place]
    evidence = tuple(ground.evidence[name].get(place) for name in ground.required)
    preferred = tuple(place in ground.evidence[name] for name in ground.preferred)
    return offer.method, offer.minutes, evidence, preferred
