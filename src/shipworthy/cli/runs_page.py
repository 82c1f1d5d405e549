"""Writes the page with the simulated runs that checks hold."""

from pathlib import Path

from shipworthy.framework import load_framework
from shipworthy.grading.entities import Grading
from shipworthy.reports.gradings import check_report
from shipworthy.reports.pages import runs_html


def write_runs(page: Path, checked: Grading, *, title: str) -> bool:
    """Draw every simulated run of a grading, and say whether there was one."""
    outcomes = {outcome.check_id: outcome for outcome in checked.outcomes}
    reports = [check_report(rule, outcomes[rule.id]) for rule in checked.rules]
    if not any(report.timelines for report in reports):
        return False
    page.write_text(runs_html(reports, load_framework(), title=title), encoding="utf-8")
    return True
