"""Runs the pipeline six times, as the team's nightly run would, and compares the label rows with the right answers."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shipworthy.kit import BadAnswer, Bench, Run, ramp

sys.path.insert(0, str(Path(__file__).parent / "sources"))
try:
    import files
finally:
    sys.path.pop(0)

COLUMNS = {
    "customer_id": str,
    "as_of": str,
    "orders_short": int,
    "orders_long": int,
    "net_spend_long_cents": int,
    "active_days_long": int,
    "days_since_last_order": int,
}
FIRST_CHECKS = (
    "plain_rows",
    "point_in_time",
    "duplicates",
    "corrections",
    "refunds",
    "local_time",
    "local_days",
    "schema_change",
    "window_edges",
)
LOOK_AT = {
    "plain_rows": "customers in UTC with nothing unusual: compare with sample/expected.csv",
    "point_in_time": "events that arrived late, and what had not arrived yet as of the label's moment",
    "duplicates": "events that were delivered more than once, also if the second time came after the label's moment",
    "corrections": "which version of an event was known, versions that overtook each other, voids, changed customers",
    "refunds": "what an order is worth after its refunds, and which window a refund belongs to",
    "local_time": "how times without an offset and times with one become instants, also in the repeated hour",
    "local_days": "in whose time zone a day begins and ends",
    "schema_change": "kinds, units and ids before and after the change, exact to the cent",
    "window_edges": "events exactly on an edge, and events dated after the label's moment",
    "incremental": "what the second run has to remember of files that are no longer there",
    "repeated_files": "a file name that comes back, with rows that were missing the first time",
    "broken_file": "a file that breaks off: what counts, what is said, and what happens when it comes back whole",
}
COMMAND = (
    *("python", "features.py", "--events", "events", "--customers", "customers.csv", "--labels", "labels.csv"),
    *("--state", "state", "--out", "features.csv"),
)
INPUTS = "inputs/"
BROKEN_FILE = 3
MOST_STATE = 32 * 1024 * 1024
SMALL_RUN = {"cpu_seconds": 10.0, "wall_seconds": 15.0}
REPLAY_RUN = {"cpu_seconds": 20.0, "wall_seconds": 40.0, "memory_mb": 192}
Row = Mapping[str, Any]


def judge(bench: Bench) -> None:
    """Grade the five feature columns over a first set of files, new files, odd files and one big file."""
    nightly = Nightly(bench)
    try:
        rows = nightly.answers("first")
    except BadAnswer as fault:
        bench.fail_rest(str(fault))
        return
    for check in FIRST_CHECKS:
        _observe(bench, check, "first", rows)
    with bench.guard("rerun"):
        _rerun(bench, rows, nightly.answers("first"))
    with bench.guard("incremental"):
        _observe(bench, "incremental", "second", nightly.answers("second"))
    with bench.guard("repeated_files", "broken_file"):
        _odd_files(bench, nightly)
    with bench.guard("memory"):
        _memory(bench)


class Nightly:
    """Starts the pipeline night after night: each run has its own files, and only `state/` is kept between runs."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._state: dict[str, bytes] = {}
        self._workspace = bench.workspace()

    def start(self, run: str) -> Run:
        """Run over the files of one night; what it left in `state/` is kept."""
        hidden = self._bench.variant.hidden
        before = f"{INPUTS}{run}/"
        events = {path.removeprefix(before): content for path, content in hidden.items() if path.startswith(before)}
        return self.start_over(run, events, hidden[f"{INPUTS}customers.csv"], SMALL_RUN)

    def start_over(self, run: str, events: Mapping[str, bytes], customers: bytes, limits: Mapping[str, Any]) -> Run:
        """Run over the given files."""
        known = self._bench.variant.parameters
        labels = self._bench.variant.hidden[f"{INPUTS}{run}.labels.csv"]
        given = {f"events/{name}": content for name, content in events.items()}
        self._workspace = self._bench.workspace(
            {**self._state, **given, "customers.csv": customers, "labels.csv": labels}
        )
        windows = ("--short-days", str(known["short"]), "--long-days", str(known["long"]))
        ended = self._workspace.run((*COMMAND, *windows), **limits)
        kept = self._workspace.paths("state/*")
        self._state = {path: self._workspace.read(path, limit=MOST_STATE) for path in kept}
        return ended

    def read(self, run: str) -> Sequence[Row]:
        """Read features.csv; raise BadAnswer unless it holds the label rows in their order."""
        asked = _asked(self._bench, run)
        rows = self._workspace.csv("features.csv", COLUMNS, max_rows=len(asked) + 1)
        if len(rows) != len(asked):
            raise BadAnswer(f"`features.csv` has {len(rows)} rows for {len(asked)} label rows.")
        for place, (row, label) in enumerate(zip(rows, asked, strict=True), start=1):
            if (row["customer_id"], row["as_of"]) != (label["customer_id"], label["as_of"]):
                raise BadAnswer(f"Row {place} of `features.csv` does not repeat row {place} of `labels.csv`.")
        return rows

    def answers(self, run: str) -> Sequence[Row]:
        """Run over the files of one night and return the feature rows."""
        self.start(run).require()
        return self.read(run)


def _asked(bench: Bench, run: str) -> list[Row]:
    rows: list[Row] = json.loads(bench.variant.hidden[f"answers/{run}.json"])
    return rows


def _score(check: str, asked: Iterable[Row], rows: Iterable[Row]) -> tuple[float, dict[str, float]]:
    """Return the mean over the check's traps of the share of right cells, above what one constant would reach."""
    right: dict[str, list[bool]] = {}
    values: dict[str, Counter[tuple[str, int]]] = {}
    for label, row in zip(asked, rows, strict=True):
        if label["check"] == check:
            for column, value in label["counts"].items():
                right.setdefault(label["trap"], []).append(row[column] == value)
                values.setdefault(label["trap"], Counter())[(column, value)] += 1
    shares = {trap: _above_chance(cells, values[trap]) for trap, cells in right.items()}
    return sum(shares.values()) / len(shares), shares


def _above_chance(cells: list[bool], values: Counter[tuple[str, int]]) -> float:
    most: dict[str, int] = {}
    for (column, _), count in values.items():
        most[column] = max(count, most.get(column, 0))
    return ramp(sum(cells) / len(cells), sum(most.values()) / len(cells), 1.0)


def _observe(bench: Bench, check: str, run: str, rows: Sequence[Row]) -> None:
    score, shares = _score(check, _asked(bench, run), rows)
    said = "All of these rows are right." if score == 1 else f"Some of these rows are wrong; look at {LOOK_AT[check]}."
    bench.observe(check, score, said, shares)


def _rerun(bench: Bench, before: Sequence[Row], rows: Sequence[Row]) -> None:
    """Compare with a second run over the same files, with the state of the first."""
    same = sum(a == b for a, b in zip(before, rows, strict=True)) / len(rows)
    plain, _ = _score("plain_rows", _asked(bench, "first"), rows)
    said = "Both runs gave the same rows." if same == 1 else "The second run over the same files gave other rows."
    if plain < 1:
        said += " It counts as far as plain rows are right."
    evidence = {"same_rows": same, "plain_rows": plain}
    bench.observe("rerun", ramp(same, 0.5, 1.0) * plain, said, evidence)


def _odd_files(bench: Bench, nightly: Nightly) -> None:
    """A file that breaks off; then the same file whole, a day exported again, and a day that was already there."""
    broken, named = _broken_night(bench, nightly)
    rows = nightly.answers("fourth")
    _observe(bench, "repeated_files", "fourth", rows)
    whole, _ = _score("broken_file", _asked(bench, "fourth"), rows)
    score = whole * (0.5 + 0.35 * broken + 0.15 * named)
    said = "Nothing of the broken file counted, it was reported, and it counted once it was whole."
    if score < 1:
        said = f"Not all as asked; look at {LOOK_AT['broken_file']}."
    bench.observe("broken_file", score, said, {"left_out": broken, "reported": named, "whole": whole})


def _broken_night(bench: Bench, nightly: Nightly) -> tuple[float, bool]:
    """Return the score of the run that meets the broken file, and whether it was reported as asked."""
    name = max(path for path in bench.variant.hidden if path.startswith(f"{INPUTS}third/")).split("/")[-1]
    run = nightly.start("third")
    if run.exit_code not in {0, BROKEN_FILE}:
        return 0.0, False
    named = run.exit_code == BROKEN_FILE and name.encode() in run.stderr
    try:
        rows = nightly.read("third")
    except BadAnswer:
        return 0.0, named
    broken, _ = _score("broken_file", _asked(bench, "third"), rows)
    return broken, named


def _memory(bench: Bench) -> None:
    nightly, hidden = Nightly(bench), bench.variant.hidden
    rows = hidden[f"{INPUTS}replay.rows.csv"].decode().splitlines(keepends=True)
    switch = datetime.fromisoformat(str(bench.variant.parameters["switch"])).replace(tzinfo=UTC)
    day = int((switch - timedelta(days=1)).timestamp())
    replayed = files.replay(rows, day, int(str(bench.variant.parameters["replay_mb"])))
    given = {files.day_name(day, 1): replayed}
    run = nightly.start_over("replay", given, hidden[f"{INPUTS}replay.customers.csv"], REPLAY_RUN).require()
    score, _ = _score("memory", _asked(bench, "replay"), nightly.read("replay"))
    said = "The replay fitted and its rows are right." if score == 1 else "The replay fitted, but some rows are wrong."
    used = {"peak_memory_mb": run.peak_memory_mb, "cpu_seconds": run.cpu_seconds}
    known = {name: value for name, value in used.items() if value is not None}
    bench.observe("memory", score, said, {"share": score}, known)
