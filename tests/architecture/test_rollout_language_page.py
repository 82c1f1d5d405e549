"""The page of the rollout language names every key, metric and word that there is, and its example is sound."""

import re

from shipworthy.simulator.rollout.entities import Channel, Happening, Inconclusive, Reaction
from shipworthy.simulator.rollout.figures import METRICS
from shipworthy.simulator.rollout.reading import keys_asked, read_rollout
from tests.architecture.pages import DOCS, ROOT, first_cells, sections, ticked

PAGE = DOCS / "reference" / "rollout-language.md"
EVERYTHING = b"""
format: 1
steps: [{weight: 5%}]
analyses:
  - {name: a, window: 1h, failure_condition: error_rate > 1%}
  - {name: b, sequential_test: {metric: error_rate}}
error_budget: {objective: 99%, burn_rates: [{rate: 2, long_window: 1h, short_window: 5m, action: hold}]}
restart: {every: 12h}
deadline: {after: 1d, action: page}
notifications: [{on: [step], send: page}]
"""


def test_every_key_is_described_and_no_other() -> None:
    assert set(ticked(first_cells(sections(PAGE)["Keys"]))) == keys_asked(EVERYTHING)


def test_every_metric_is_described_and_no_other() -> None:
    assert ticked(first_cells(sections(PAGE)["Metrics"])) == list(METRICS)


def test_every_word_that_can_be_chosen_is_named() -> None:
    keys = sections(PAGE)["Keys"]
    for kind in (Reaction, Inconclusive, Happening, Channel):
        for word in kind:
            assert f"`{word.value}`" in keys


def test_the_example_is_sound() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    rollout = read_rollout(example.encode())
    assert rollout.steps
    assert rollout.analyses


def test_the_candidates_copy_is_the_page() -> None:
    copy = ROOT / "catalogue" / "system_design" / "safe-rollout" / "starter" / "LANGUAGE.md"
    assert copy.read_bytes() == PAGE.read_bytes()
