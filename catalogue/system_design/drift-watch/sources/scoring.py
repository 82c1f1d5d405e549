"""From stretches to scores: what each check looks at, and where its scale begins and ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from measuring import Stretch
from suite import CALM, DRIFTS, PIPELINE

from shipworthy.kit import ramp

DRIFT_LEFT, PIPELINE_LEFT = (0.4, 0.05), (0.5, 0.05)
USEFUL = (0.2, 0.6)
"""How much of all avoidable harm has to be avoided before quiet and thrift count: from nothing to in full."""
DETECTED = {
    "drift": (36.0, 12.0),
    "broken_features": (12.0, 3.0),
    "stale_features": (12.0, 4.0),
    "missing_labels": (24.0, 8.0),
}
SLOWLY = (120.0, 72.0)
"""The same for a drift that takes a week."""
WORSE_HOURS = (110.0, 60.0)
BLIND_HOURS = (24.0, 8.0)
COVERED, WELL = (0.2, 0.6), (0.5, 0.85)
SPEND = (900.0, 600.0)
RIGHT = (0.5, 0.95)
NEEDLESS = 0.5
"""What one false page or one needless intervention costs of a stretch."""


@dataclass(frozen=True)
class Seen:
    """A check's score, its words for the candidate, and its figures."""

    score: float
    words: str
    figures: dict[str, float]


Stretches = Sequence[Stretch]


def of(stretches: Stretches, kinds: Sequence[str]) -> list[Stretch]:
    """Return the stretches of some kinds."""
    return [each for each in stretches if each.kind in kinds]


def useful(stretches: Stretches) -> float:
    """Return how far a policy is of any use: quiet and thrift are worth nothing to those whom nobody protects."""
    left = fmean(min(max(each.harm_left, 0.0), 1.0) for each in of(stretches, DRIFTS + PIPELINE))
    return ramp(1.0 - left, *USEFUL)


def precise(stretches: Stretches) -> float:
    """Return how far the log can be believed: whoever names every cause names the right one as well."""
    said, right = sum(each.said for each in stretches), sum(each.said_rightly for each in stretches)
    return ramp(right / said, *RIGHT) if said else 0.0


def spared(stretches: Stretches) -> float:
    """Return in how many stretches without a drift nothing was trained."""
    return fmean(not each.trainings for each in stretches if each.kind not in DRIFTS)


def harm(stretches: Stretches, kinds: Sequence[str], scale: tuple[float, float], what: str) -> Seen:
    """How much of the avoidable harm of some kinds was avoided."""
    mine = of(stretches, kinds)
    left = fmean(max(each.harm_left, 0.0) for each in mine)
    words = (
        f"{what}: {left:.0%} of the avoidable harm was done. Doing nothing leaves 100 %, somebody who knows the "
        "truth 0 %."
    )
    return Seen(fmean(ramp(each.harm_left, *scale) for each in mine), words, {"harm_left": left})


def detection(stretches: Stretches) -> Seen:
    """How soon the log named each fault's cause."""
    scores: dict[str, list[float]] = {}
    hours: dict[str, list[float]] = {}
    for each in stretches:
        for cause, took in each.detected.items():
            scale = SLOWLY if each.kind == "gradual_drift" else DETECTED[cause]
            group = "drift" if cause == "drift" else cause.removeprefix("stale_").removeprefix("broken_")
            scores.setdefault(group, []).append(ramp(took, *scale))
            hours.setdefault(group, []).append(took)
    never = sum(took >= 432.0 for each in hours.values() for took in each)
    medians = {group: sorted(each)[len(each) // 2] for group, each in hours.items()}
    told = ", ".join(
        f"{group.replace('_', ' ')} {took:.0f} h" for group, took in sorted(medians.items()) if took < 432.0
    )
    words = f"Hours until the log named the right cause, in the middle: {told or 'never'}; never named: {never}."
    return Seen(fmean(fmean(each) for each in scores.values()) * precise(stretches), words, {"never": never, **medians})


def recovery(stretches: Stretches) -> Seen:
    """How soon the version in service was as good as before the drift."""
    mine = of(stretches, [kind for kind in DRIFTS if kind != "gradual_drift"])
    hours = fmean(each.worse_hours for each in mine)
    words = f"After a drift the version in service stayed worse for {hours:.0f} hours on average."
    score = fmean(ramp(each.worse_hours, *WORSE_HOURS) for each in mine)
    return Seen(score * spared(stretches), words, {"hours": hours})


def calm(stretches: Stretches) -> Seen:
    """How far seasons, campaigns and quiet were left alone."""

    def peace(each: Stretch) -> float:
        return max(0.0, 1.0 - NEEDLESS * (each.false_pages + each.needless + each.idle_fallback_hours / 12.0))

    quiet = of(stretches, CALM)
    rest = [each for each in stretches if each.kind not in CALM]
    score = 0.7 * fmean(map(peace, quiet)) + 0.3 * fmean(map(peace, rest))
    pages, needless = sum(each.false_pages for each in stretches), sum(each.needless for each in stretches)
    inside = sum(each.false_pages + each.needless for each in quiet)
    words = (
        f"{pages} pages for nothing and {needless} needless interventions in {len(stretches)} stretches, {inside} of "
        "them in stretches in which nothing went wrong at all."
    )
    return Seen(score * useful(stretches), words, {"false_pages": pages, "needless": needless, "in_calm": inside})


def training(stretches: Stretches) -> Seen:
    """Whether trainings were needed, and saw sound labels from after the change."""
    drifted = of(stretches, DRIFTS)
    good = [fmean([one.clean and one.fresh and one.needed for one in each.trainings] or [0.0]) for each in drifted]
    every = [one for each in stretches for one in each.trainings]
    counts = {
        "trainings": len(every),
        "not_needed": sum(not one.needed for one in every),
        "on_broken_inputs": sum(not one.clean for one in every),
        "on_old_labels": sum(one.needed and not one.fresh for one in every),
    }
    words = (
        f"Of {len(every)} trainings {counts['not_needed']} were not needed, {counts['on_broken_inputs']} saw broken "
        f"inputs and {counts['on_old_labels']} mostly labels from before the drift."
    )
    return Seen(fmean(good) * spared(stretches), words, counts)


def blind(stretches: Stretches) -> Seen:
    """How long labels stayed away."""
    mine = [each for each in stretches if "missing_labels" in each.detected]
    hours = fmean(each.blind_hours for each in mine)
    score = fmean(ramp(each.blind_hours, *BLIND_HOURS) for each in mine)
    return Seen(score, f"When labels stopped, they were away for {hours:.0f} hours on average.", {"hours": hours})


def review(stretches: Stretches) -> Seen:
    """Whether reviewers looked while answers were worse, and rested otherwise."""
    reviewed, well = sum(each.reviewed for each in stretches), sum(each.reviewed_well for each in stretches)
    wanted = sum(min(48, each.bad_hours) for each in stretches)
    covered, apt = well / wanted if wanted else 0.0, well / reviewed if reviewed else 0.0
    words = (
        f"Reviewers worked {reviewed} hours, {well} of them while answers were worse; {wanted} such hours were theirs."
    )
    return Seen(ramp(covered, *COVERED) * ramp(apt, *WELL), words, {"covered": covered, "precise": apt})


def spend(stretches: Stretches) -> Seen:
    """What pages and trainings cost."""
    money = fmean(each.spend for each in stretches)
    words = f"Pages and trainings cost EUR {money:.0f} for a stretch on average."
    return Seen(ramp(money, *SPEND) * useful(stretches), words, {"spend": money})


def alert_log(stretches: Stretches) -> Seen:
    """Whether the log names the right causes, for every fault, with reasons."""
    entries, right = sum(each.entries for each in stretches), sum(each.right for each in stretches)
    explained = sum(each.explained for each in stretches)
    named = fmean(each.named for each in stretches if each.detected)
    told = explained / right if right else 0.0
    words = (
        f"The log has {entries} entries; {right} name what was really going on, {explained} of these with a reason and "
        f"a figure. {named:.0%} of all faults were named."
    )
    figures = {"entries": entries, "right": right, "explained": explained, "named": named}
    return Seen(precise(stretches) * named * told, words, figures)


CHECKS: dict[str, Callable[[Stretches], Seen]] = {
    "drift_harm": lambda stretches: harm(stretches, DRIFTS, DRIFT_LEFT, "Drift"),
    "pipeline_harm": lambda stretches: harm(stretches, PIPELINE, PIPELINE_LEFT, "Broken and stale features"),
    "detection": detection,
    "recovery": recovery,
    "calm": calm,
    "training": training,
    "blind": blind,
    "review": review,
    "spend": spend,
    "alert_log": alert_log,
}
