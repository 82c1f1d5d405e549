"""The page on running the web names every metric, and no other."""

import re
from pathlib import Path

from shipworthy.web.app import make_app
from shipworthy.web.operation.watching import Figures
from tests.architecture.pages import DOCS, first_cells, sections, ticked
from tests.support.houses import fresh_house

PAGE = DOCS / "how-to" / "run-the-web.md"


def test_every_metric_is_described_and_no_other(tmp_path: Path) -> None:
    with fresh_house(tmp_path) as house:
        figures: Figures = make_app(house).state.figures
        figures.faults.labels("ValueError").inc()
        names = {sample.name for family in figures.registry.collect() for sample in family.samples}
        families = {family.name for family in figures.registry.collect()}
    told = {name for name in ticked(first_cells(sections(PAGE)["See whether it is well"])) if not name.startswith("/")}
    assert {re.sub("_total$", "", name) for name in told} == families
    assert "shipworthy_web_faults_total" in names
