"""One who knows the truth: what is left of harm when it acts is what nobody could have avoided."""

from measuring import DAY, FALLBACK, STEPS_PER_HOUR, Anchors, bare

from shipworthy.kit.rollouts import IncidentKind
from shipworthy.kit.simulation import Run, Scenario, actions_from_json, outcomes_of

DRIFTS = (IncidentKind.SUDDEN_DRIFT, IncidentKind.SILENT_DRIFT, IncidentKind.GRADUAL_DRIFT)
LABEL_DELAY = DAY


class Oracle:
    """Pages when something breaks, falls back while that is better, trains as soon as labels tell the new."""

    def __init__(self, scenario: Scenario) -> None:
        self._pages = {_hour(each.start) for each in scenario.incidents if each.repairable}
        self._trainings: dict[int, float] = {}
        for each in scenario.incidents:
            if each.kind in DRIFTS:
                self._trainings |= _trainings(each.kind, _hour(each.start + LABEL_DELAY))

    def decide(self, run: Run, hour: int) -> None:
        """Act before an hour in the light of the truth."""
        asked: list[dict[str, object]] = []
        if run.controls.production.candidate is not None:
            asked.append({"action": "promote"})
        if hour in self._pages:
            asked.append({"action": "page", "reason": "it breaks now"})
        if hour in self._trainings:
            asked.append({"action": "retrain", "days": self._trainings[hour]})
        bad = run.truth.chances[run.controls.production.stable.number][run.step].mean()
        share = 1.0 if bad > FALLBACK else 0.0
        if share != run.controls.production.fallback:
            asked.append({"action": "set_fallback", "share": share})
        run.controls.carry_out(run.step, actions_from_json(asked, run.step)[0])


def _hour(step: int) -> int:
    return -(-step // STEPS_PER_HOUR)


def _trainings(kind: IncidentKind, first: int) -> dict[int, float]:
    """Return at which hours to train, and on how many days of labels, when labels tell a drift from hour `first` on."""
    if kind is IncidentKind.GRADUAL_DRIFT:
        return {first + 18 + 22 * number: 0.2 for number in range(7)} | {first + 24 * 8: 0.8}
    return {first + hours: min(2.5, hours / 24) for hours in (3, 24, 96)}


def anchors(scenario: Scenario) -> Anchors:
    """Return the harm that doing nothing and knowing the truth leave."""
    never = best = outcomes_of(bare(scenario)).harm
    if any(each.harmful for each in scenario.incidents):
        best = outcomes_of(bare(scenario, Oracle(scenario).decide)).harm
    return {"never": round(never, 2), "oracle": round(best, 2)}
