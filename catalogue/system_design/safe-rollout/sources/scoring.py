"""From weeks to scores: what each check looks at, and where its scale begins and ends."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from statistics import fmean

from measuring import Week

from shipworthy.kit import ramp

HARM = (0.12, 0.015)
EXPOSED = (36.0, 10.0)
HELD = (72.0, 18.0)
RECOVERY = (6.0, 3.0)
EXTRA_COST = (800.0, 300.0)
FALSE_PAGES = (12.0, 4.0)
KEPT = (0.6, 1.0)
LOST = 0.1
"""A week's error budget is kept when the rollout used no more than this share of it."""

UTILITY = (0.5, 0.85)
SAFETY = (0.3, 0.6)

ONE_SEGMENT = ("worse_for_segment", "failing_for_segment")
WHOLE = ("failing", "slow", "worse", "failing_and_metric_outage")


@dataclass(frozen=True)
class Seen:
    """A check's score, its words for the candidate, and its figures."""

    score: float
    words: str
    figures: dict[str, float]


def bads(weeks: Sequence[Week], kinds: Collection[str] = ()) -> list[Week]:
    """Return the weeks with a bad release, of some kinds or of all."""
    return [week for week in weeks if not week.good and (not kinds or week.kind in kinds)]


def goods(weeks: Sequence[Week]) -> list[Week]:
    """Return the weeks with a good release."""
    return [week for week in weeks if week.good]


def utility(weeks: Sequence[Week]) -> float:
    """Return how far safety counts: whoever ships nothing is safe and useless."""
    return ramp(fmean(week.shipped for week in goods(weeks)), *UTILITY)


def safety(weeks: Sequence[Week]) -> float:
    """Return how far speed counts: whoever ships everything is quick and dangerous."""
    return ramp(1.0 - fmean(week.harm for week in bads(weeks)), *SAFETY)


def harm(weeks: Sequence[Week], kinds: Collection[str]) -> Seen:
    """How little harm bad releases of some kinds did."""
    mine = bads(weeks, kinds)
    score = fmean(ramp(week.harm, *HARM) for week in mine)
    stopped = sum(week.harm <= HARM[1] for week in mine)
    left = fmean(week.harm for week in mine)
    words = (
        f"{stopped} of {len(mine)} were stopped in time; together they did {left:.1%} of the harm that shipping them "
        "at once would have done."
    )
    return Seen(score * utility(weeks), words, {"stopped": stopped, "releases": len(mine), "harm_share": left})


def exposure(weeks: Sequence[Week]) -> Seen:
    """How long people were exposed to bad releases that can be told from their first hours on."""
    mine = bads(weeks, {week.kind for week in weeks} - {"leaking"})
    hours = fmean(week.exposed_hours for week in mine)
    score = fmean(ramp(week.exposed_hours, *EXPOSED) for week in mine)
    words = f"Bad releases had live traffic for {hours:.1f} hours on average, until they were withdrawn."
    return Seen(score * utility(weeks), words, {"hours": hours})


def shipped(weeks: Sequence[Week]) -> Seen:
    """How many good releases reached everybody."""
    mine = goods(weeks)
    count, back = sum(week.shipped for week in mine), sum(week.phase == "rolled_back" for week in mine)
    stuck = len(mine) - count - back
    words = f"{count} of {len(mine)} good releases were promoted, {back} rolled back; {stuck} got stuck on the way."
    return Seen(ramp(count / len(mine), 0.4, 1.0) * safety(weeks), words, {"promoted": count, "rolled_back": back})


def delay(weeks: Sequence[Week]) -> Seen:
    """How soon people got good releases."""
    hours = fmean(week.held_hours for week in goods(weeks))
    score = fmean(ramp(week.held_hours, *HELD) for week in goods(weeks))
    words = f"Good releases were kept from people for {hours:.0f} hours of all traffic on average."
    return Seen(score * safety(weeks), words, {"hours": hours})


def recovery(weeks: Sequence[Week]) -> Seen:
    """How long outages lasted that were no release's fault, also after the file had done its work."""
    found = [week.recovery_hours for week in weeks if week.recovery_hours is not None]
    score = fmean(ramp(each, *RECOVERY) for each in found)
    words = (
        f"Outages of suppliers and of labels lasted {fmean(found):.1f} hours on average; whoever is paged ends them."
    )
    return Seen(score * both(weeks), words, {"hours": fmean(found)})


def pages(weeks: Sequence[Week], met: float) -> Seen:
    """How often somebody was called for nothing; it counts as far as somebody is called when it matters."""
    count = sum(week.false_pages for week in weeks)
    words = f"Somebody was paged {count} times in {len(weeks)} weeks although there was nothing to put right."
    if met < 1.0:
        words += " That counts only as far as outages are met."
    return Seen(ramp(count, *FALSE_PAGES) * met, words, {"false_pages": count})


def budget(weeks: Sequence[Week]) -> Seen:
    """In how many weeks the rollout left the error budget alone."""
    kept = sum(week.budget_lost <= LOST for week in weeks)
    words = f"In {kept} of {len(weeks)} weeks the rollout used at most a tenth of the error budget."
    return Seen(ramp(kept / len(weeks), *KEPT) * both(weeks), words, {"kept": kept, "weeks": len(weeks)})


def cost(weeks: Sequence[Week]) -> Seen:
    """What the rollouts of good releases cost above shipping at once."""
    money = fmean(week.extra_cost for week in goods(weeks))
    words = f"A rollout cost EUR {money:.0f} more than shipping at once: copies, machines, pages."
    return Seen(ramp(money, *EXTRA_COST) * both(weeks), words, {"extra_cost": money})


def both(weeks: Sequence[Week]) -> float:
    """Return how far a rollout is of any use at all: it ships, and it stops."""
    return utility(weeks) * safety(weeks)


CHECKS: dict[str, Callable[[Sequence[Week]], Seen]] = {
    "harm": lambda weeks: harm(weeks, WHOLE),
    "missing_labels": lambda weeks: harm(weeks, ("worse_and_label_loss",)),
    "segments": lambda weeks: harm(weeks, ONE_SEGMENT),
    "leaks": lambda weeks: harm(weeks, ("leaking",)),
    "exposure": exposure,
    "shipped": shipped,
    "delay": delay,
    "recovery": recovery,
    "false_pages": lambda weeks: pages(weeks, recovery(weeks).score),
    "error_budget": budget,
    "cost": cost,
}
