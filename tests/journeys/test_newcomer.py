"""A newcomer runs the demo and opens what it wrote."""

import re
from pathlib import Path

import pytest

from shipworthy.cli.main import run

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
GRADED_PER_TASK = 4


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_demo_lands_every_submission_in_its_band(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    graded = GRADED_PER_TASK * len(list(CATALOGUE.glob("*/*/task.toml")))
    rows = re.findall(r"│\s*([\d.]+)\s*│\s*([\d.]+) to ([\d.]+)\s*│", told)
    assert len(rows) == graded
    assert all(float(low) <= float(score) <= float(high) for score, low, high in rows)
    pages = [(tmp_path / name).read_text("utf-8") for name in ("comparison.html", "scorecard.html")]
    assert all(page.startswith("<!doctype html>") and "<script" not in page and "<link" not in page for page in pages)
    assert len(list(tmp_path.glob("*.evidence.zip"))) == graded
