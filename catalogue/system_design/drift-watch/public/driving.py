"""Asks a policy in its sandbox, hour after hour, through one stretch."""

from dataclasses import dataclass
from typing import Any

from desk import CAUSES, FALSE_PAGES_UNTIL_MUTED, HOURS, REVIEW_HOURS, TRAININGS, Desk

from shipworthy.kit import BadAnswer, Bench
from shipworthy.kit.simulation import Scenario

FILE = "policy.py"
SETTING = {
    "hours": HOURS,
    "trainings": TRAININGS,
    "review_hours": REVIEW_HOURS,
    "false_pages_until_muted": FALSE_PAGES_UNTIL_MUTED,
    "causes": list(CAUSES),
    "usual_bad_rate": 0.05,
    "fallback_bad_rate": 0.11,
    "label_share": 0.02,
    "label_delay_hours": 24,
    "training_hours": 12,
}
MOST_PARTS, MOST_TEXT = 400, 20_000
LOAD_SECONDS, CALL_SECONDS = 45.0, 15.0
STRIKES = 2
"""After so many stretches in which a policy stopped answering it is not asked any more."""


@dataclass
class Asking:
    """How a policy answered in all stretches so far: stretches in which it stopped, errors, and the first of these."""

    stopped: int = 0
    raised: int = 0
    first: str = ""

    def note(self, reason: str) -> None:
        """Keep the first thing that went wrong."""
        self.first = self.first or reason


def drive(bench: Bench, scenario: Scenario, asking: Asking) -> tuple[Desk, int]:
    """Play one stretch in a fresh process; returns the desk and how often the policy raised. Silence means no action.

    Raises `BadAnswer` when the policy cannot be loaded.
    """
    desk, raised = Desk(scenario), 0
    if asking.stopped < STRIKES:
        raised = _ask(bench, desk, asking)
    desk.rest()
    asking.raised += raised
    return desk, raised


def _ask(bench: Bench, desk: Desk, asking: Asking) -> int:
    raised, workspace = 0, bench.workspace()
    options = {"call_seconds": CALL_SECONDS, "setup_seconds": LOAD_SECONDS}
    with workspace.calls(FILE, "decide", setup=("start", [SETTING, desk.first_week()]), **options) as calls:
        while not desk.over:
            answer = calls.try_call(desk.view())
            if not answer.ok and not answer.reason.startswith("a call raised"):
                return _stop(asking, answer.reason, raised)
            if answer.ok and _parts(answer.value) > MOST_PARTS:
                return _stop(asking, "an answer was far larger than any list of ten actions.", raised)
            raised += not answer.ok
            if not answer.ok:
                asking.note(answer.reason)
            desk.act(answer.value if answer.ok else [])
    return raised


def _stop(asking: Asking, reason: str, raised: int) -> int:
    asking.stopped += 1
    asking.note(reason)
    return raised


def _parts(value: Any, budget: int = MOST_PARTS + 1) -> int:
    """Return how many values an answer is made of, counting no further than the budget; long text counts as many."""
    if isinstance(value, str):
        return budget if len(value) > MOST_TEXT else 1
    inner = list(value.items()) if isinstance(value, dict) else value if isinstance(value, list) else ()
    count = 1
    for each in inner:
        if count >= budget:
            break
        pair = each if isinstance(each, tuple) else (each,)
        count += sum(_parts(part, budget - count) for part in pair)
    return count


def require_loaded(bench: Bench) -> None:
    """Raise `BadAnswer` when there is no policy at all."""
    if FILE not in bench.submission:
        raise BadAnswer(f"There is no `{FILE}`.")
