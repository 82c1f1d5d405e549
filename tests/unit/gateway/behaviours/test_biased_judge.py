import json
import math
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.behaviours.biased_judge import (
    NOTHING_TO_JUDGE,
    BiasedJudge,
    Biases,
    JudgedAnswer,
    Scale,
    UnjudgeableError,
)
from tests.unit.gateway.behaviours.builders import request, user

GOOD = JudgedAnswer("The cache is written through, so reads are never stale.", 0.8)
POOR = JudgedAnswer("Caches are fast, and therefore the reads are right.....", 0.4)
LONG = JudgedAnswer("A cache keeps what was read before. " * 6, 0.4)
OWN = JudgedAnswer("Let us think about caches together, step by step, now..", 0.4, own=True)
ANSWERS = [GOOD, POOR, LONG, OWN]
CALLS = 2000


def judge(**biases: float) -> BiasedJudge:
    return BiasedJudge(ANSWERS, Biases(**biases), seed=9)


def share_of_first(model: BiasedJudge, first: JudgedAnswer, second: JudgedAnswer) -> float:
    asked = f"Question: caches?\n<one>{first.text}</one>\n<two>{second.text}</two>\nWhich is better?"
    return fmean(model.reply(request(user(asked), occurrence=count)).content == "A" for count in range(CALLS))


def near(share: float, odds: float) -> bool:
    wanted = 1 / (1 + math.exp(-odds))
    return abs(share - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / CALLS)


def test_quality_decides_by_the_formula() -> None:
    assert near(share_of_first(judge(sharpness=4.0), GOOD, POOR), 4.0 * 0.4)
    assert near(share_of_first(judge(sharpness=4.0), POOR, GOOD), -4.0 * 0.4)


def test_each_bias_can_be_measured_on_answers_of_equal_quality() -> None:
    assert near(share_of_first(judge(position=0.9), POOR, OWN), 0.9)
    assert near(share_of_first(judge(length=0.5), LONG, POOR), 0.5 * math.log2(len(LONG.text) / len(POOR.text)))
    assert near(share_of_first(judge(own_kind=1.2), OWN, POOR), 1.2)
    assert near(share_of_first(judge(own_kind=1.2), POOR, OWN), -1.2)
    assert near(share_of_first(judge(), POOR, OWN), 0.0)


def test_noise_blunts_the_judge() -> None:
    sharp, blunt = (share_of_first(judge(sharpness=8.0, noise=noise), GOOD, POOR) for noise in (0.0, 6.0))
    assert 0.5 < blunt < sharp - 0.1


def test_a_single_answer_is_graded() -> None:
    better, worse = (judge().reply(request(user(f"Grade this: {text}"))) for text in (GOOD.text, POOR.text))
    assert int(better.content or "") > int(worse.content or "")
    wide = BiasedJudge(ANSWERS, Biases(sharpness=1000.0), seed=1, scale=Scale(lowest=0, highest=100))
    assert wide.reply(request(user(GOOD.text))).content == "100"


def test_an_answer_is_found_however_it_is_laid_out() -> None:
    laid_out = json.dumps([GOOD.text.upper().replace(" ", "\n"), POOR.text])
    assert (judge().reply(request(user(laid_out))).trace or {})["shown"] == 2
    assert judge().reply(request(user("Nothing"))).content == NOTHING_TO_JUDGE


def test_a_verdict_fits_the_schema() -> None:
    schema: dict[str, JSONValue] = {
        "type": "object",
        "properties": {"winner": {"enum": ["first", "second"]}, "why": {"type": "string"}},
    }
    sure = judge(sharpness=1000.0).reply(request(user(f"{POOR.text} or {GOOD.text}"), schema=schema))
    assert json.loads(sure.content or "")["winner"] == "second"


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-3, 3), st.floats(-3, 3))
def test_without_a_position_bias_the_order_does_not_matter(one: float, other: float, length: float, own: float) -> None:
    first, second = JudgedAnswer("abc" * 9, one, own=True), JudgedAnswer("xyz" * 4, other)
    model = BiasedJudge([first, second], Biases(length=length, own_kind=own), seed=1)
    assert model.chance_of_first(first, second) == pytest.approx(1 - model.chance_of_first(second, first))


def test_an_answer_without_a_letter_is_refused() -> None:
    with pytest.raises(UnjudgeableError):
        BiasedJudge([JudgedAnswer("...", 0.5)], Biases(), seed=1)
