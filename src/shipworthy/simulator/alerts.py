"""Alerts that a policy configured: they fire while a measure is beyond a limit for some steps in a row."""

from shipworthy.simulator.actions import SetAlert
from shipworthy.simulator.view import View

MOST_ALERTS = 50


class Alerts:
    """The rules of one run, by name, and for how many steps each has held."""

    def __init__(self) -> None:
        self.rules: dict[str, SetAlert] = {}
        self._held: dict[str, int] = {}

    def set(self, rule: SetAlert) -> bool:
        """Add or replace a rule; False if there are too many."""
        if rule.name not in self.rules and len(self.rules) >= MOST_ALERTS:
            return False
        self.rules[rule.name], self._held[rule.name] = rule, 0
        return True

    def look(self, view: View) -> None:
        """Take in the newest measurements. What is not known leaves a rule as it was."""
        for name, rule in self.rules.items():
            value = _measured(view, rule)
            if value is not None:
                beyond = value > rule.above if rule.above is not None else value < (rule.below or 0.0)
                self._held[name] = self._held[name] + 1 if beyond else 0

    @property
    def firing(self) -> tuple[str, ...]:
        """Return the names of the rules that fire, sorted."""
        if not self.rules:
            return ()
        return tuple(sorted(name for name, rule in self.rules.items() if self._held[name] >= max(1, rule.steps)))


def _measured(view: View, rule: SetAlert) -> float | None:
    version = view.version(rule.version)
    if version is None:
        return None
    if rule.measure in {"memory", "utilisation", "queue"}:
        return float(getattr(version, rule.measure))
    value: float | None = getattr(version.reading(rule.segment), rule.measure)
    return value
