"""From a file's bytes to a rollout: all faults are found at once, and nothing but a sound rollout comes out."""

from collections.abc import Iterator
from itertools import pairwise

from shipworthy.simulator.rollout.document import read_document
from shipworthy.simulator.rollout.entities import (
    Analysis,
    BurnRate,
    Channel,
    Deadline,
    ErrorBudget,
    Happening,
    Inconclusive,
    Notification,
    Reaction,
    Restart,
    Rollout,
    Scope,
    SequentialTest,
    Step,
)
from shipworthy.simulator.rollout.errors import UnsoundRolloutError
from shipworthy.simulator.rollout.fields import Faults, Table
from shipworthy.simulator.rollout.figures import METRICS, RATES

FORMAT = "1"
NAME = r"[a-z][a-z0-9_-]{0,39}"
STEP_MINUTES = 5
MOST_STEPS = 30
MOST_ANALYSES = 12
MOST_RULES = 8
LONGEST_WINDOW = 2 * 24 * 60
MOST_REQUESTS = 10_000_000
SURE = 0.5


def read_rollout(content: bytes) -> Rollout:
    """Read a rollout file. Raises `UnsoundRolloutError` with every fault: line, key, what is wrong, what to write."""
    return _read(content, Faults())


def keys_asked(content: bytes) -> set[str]:
    """Return every key that reading a file asks for, with `[]` for entries of a list."""
    faults = Faults()
    _read(content, faults)
    return faults.asked


def _read(content: bytes, faults: Faults) -> Rollout:
    root = Table(read_document(content), "", faults, METRICS)
    if root.text("format", FORMAT, f"the format's number, {FORMAT}") != FORMAT:
        raise UnsoundRolloutError(faults.found)
    rollout = Rollout(
        steps=_steps(root),
        bake=root.minutes("bake", default=0),
        analyses=tuple(_analyses(root)),
        budget=_budget(root.table("error_budget")),
        restart=_restart(root.table("restart")),
        deadline=_deadline(root.table("deadline")),
        notifications=tuple(_notification(table) for table in root.tables("notifications", least=0, most=MOST_RULES)),
    )
    root.close()
    if faults.found:
        raise UnsoundRolloutError(faults.found)
    return rollout


def _steps(root: Table) -> tuple[Step, ...]:
    if not root.has("steps"):
        root.fault("", "The key `steps` is missing.", "Add it with at least one step such as `- weight: 5%`.")
    tables = root.tables("steps", least=1 if root.has("steps") else 0, most=MOST_STEPS)
    steps = [_step(table) for table in tables]
    for table, (before, after) in zip(tables[1:], pairwise(steps), strict=True):
        if after.shadow and before.weight:
            table.fault("shadow", "A shadow step comes after a step with traffic.", "Put shadow steps first.")
        if table.sound("weight") and 0 < after.weight <= before.weight:
            table.fault("weight", "The weight does not rise.", "Give every step more than the one before.")
    return tuple(steps)


def _step(table: Table) -> Step:
    kinds = [key for key in ("weight", "shadow") if table.has(key)]
    if len(kinds) != 1:
        table.fault("", "A step has either a `weight` or a `shadow`.", "Write one of the two, such as `weight: 5%`.")
    step = Step(
        weight=table.share("weight", low=0.001, default=0.0),
        shadow=table.share("shadow", low=0.001, default=0.0),
        pause=table.minutes("pause", default=0),
        min_requests=table.whole("min_requests", low=0, high=MOST_REQUESTS, default=0),
        min_requests_per_segment=table.whole("min_requests_per_segment", low=0, high=MOST_REQUESTS, default=0),
    )
    table.close()
    return step


def _analyses(root: Table) -> Iterator[Analysis]:
    tables = root.tables("analyses", least=0, most=MOST_ANALYSES)
    names: set[str] = set()
    for table in tables:
        analysis = _analysis(table)
        if analysis.name in names:
            table.fault("name", f"There is another analysis `{analysis.name}`.", "Give each its own name.")
        names.add(analysis.name)
        yield analysis


def _analysis(table: Table) -> Analysis:
    ways = [key for key in ("failure_condition", "sequential_test") if table.has(key)]
    if len(ways) != 1:
        table.fault("", "An analysis has either a `failure_condition` or a `sequential_test`.", "Write one of the two.")
    if table.has("success_condition") and "sequential_test" in ways:
        table.fault("success_condition", "A sequential test decides on success itself.", "Take this key out.")
    test = table.table("sequential_test")
    window_default = None if "failure_condition" in ways else LONGEST_WINDOW
    if test is not None and table.has("window"):
        table.fault("window", "A sequential test looks at all since the rollout began.", "Take this key out.")
    analysis = Analysis(
        name=table.text("name", NAME, "a name of lower-case letters, digits, - and _"),
        failure=table.condition("failure_condition"),
        success=table.condition("success_condition"),
        test=_test(test) if test is not None else None,
        window=table.minutes("window", low=STEP_MINUTES, high=LONGEST_WINDOW, default=window_default),
        interval=table.minutes("interval", low=STEP_MINUTES, high=LONGEST_WINDOW, default=15),
        initial_delay=table.minutes("initial_delay", default=0),
        min_samples=table.whole("min_samples", low=1, high=MOST_REQUESTS, default=100),
        consecutive_failures=table.whole("consecutive_failures", low=1, high=1000, default=1),
        by_segment=table.flag("by_segment"),
        on_failure=table.choice("on_failure", Reaction, Reaction.ROLLBACK),
        on_inconclusive=table.choice("on_inconclusive", Inconclusive, Inconclusive.HOLD),
    )
    table.close()
    return analysis


def _test(table: Table) -> SequentialTest:
    metric = table.text("metric", "|".join(sorted(RATES)), f"one of the rates {', '.join(sorted(RATES))}")
    test = SequentialTest(
        metric=metric if metric in RATES else sorted(RATES)[0],
        worse_by=table.share("worse_by", default=0.0),
        false_alarm_rate=table.share("false_alarm_rate", low=1e-6, high=SURE, default=0.01),
    )
    table.close()
    return test


def _budget(table: Table | None) -> ErrorBudget | None:
    if table is None:
        return None
    budget = ErrorBudget(
        objective=table.share("objective", low=0.5, high=0.99999),
        period=table.minutes("period", low=60, default=30 * 24 * 60),
        scope=table.choice("of", Scope, Scope.SERVICE),
        freeze_below=table.share("freeze_below", default=0.0),
        burn_rates=tuple(_burn_rate(entry) for entry in table.tables("burn_rates", least=0, most=MOST_RULES)),
    )
    table.close()
    return budget


def _burn_rate(table: Table) -> BurnRate:
    rule = BurnRate(
        rate=table.number("rate", low=0.1, high=1000.0),
        long_window=table.minutes("long_window", low=STEP_MINUTES, high=LONGEST_WINDOW),
        short_window=table.minutes("short_window", low=STEP_MINUTES, high=LONGEST_WINDOW),
        reaction=table.choice("action", Reaction),
    )
    if rule.short_window > rule.long_window:
        table.fault("short_window", "The short window is longer than the long one.", "Exchange them.")
    table.close()
    return rule


def _restart(table: Table | None) -> Restart | None:
    if table is None:
        return None
    restart = Restart(
        every=table.minutes("every", low=60, default=0),
        when=table.condition("when"),
        window=table.minutes("window", low=STEP_MINUTES, high=LONGEST_WINDOW, default=60),
    )
    if not table.has("every") and not table.has("when"):
        table.fault("", "It is not said when to restart.", "Write `every: 12h`, or `when:` with a condition.")
    table.close()
    return restart


def _deadline(table: Table | None) -> Deadline | None:
    if table is None:
        return None
    deadline = Deadline(after=table.minutes("after", low=60), reaction=table.choice("action", Reaction))
    if deadline.reaction not in {Reaction.ROLLBACK, Reaction.PAGE}:
        table.fault("action", "A deadline ends in a rollback or a page.", "Write rollback or page.")
    table.close()
    return deadline


def _notification(table: Table) -> Notification:
    notification = Notification(table.choices("on", Happening), table.choice("send", Channel))
    table.close()
    return notification
