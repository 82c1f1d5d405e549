import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.behaviours.answers import UNKNOWN, KnownAnswer, TableOfAnswers
from shipworthy.gateway.behaviours.obedient import Obedient
from shipworthy.gateway.behaviours.plans import Plan, Step
from shipworthy.gateway.behaviours.unreliable import Damage, Rates, RatesError, Unreliable
from shipworthy.gateway.entities import Fault, FaultKind, Reply
from tests.unit.gateway.behaviours.builders import SEND_MAIL, request, user

RIGHT: dict[str, JSONValue] = {"city": "Oslo", "people": 700_000, "capital": True}
TABLE = TableOfAnswers([KnownAnswer("oslo", RIGHT), KnownAnswer("hello", "Hello to you, dear reader of this answer.")])


def always(damage: Damage, seed: int = 1) -> Unreliable:
    return Unreliable(TABLE, Rates({damage: 1.0}), seed=seed)


def said(damage: Damage, occurrence: int, text: str = "Tell me about Oslo") -> str:
    return always(damage).reply(request(user(text), occurrence=occurrence)).content or ""


def test_without_damage_the_right_answer_passes() -> None:
    reply = Unreliable(TABLE, Rates(), seed=1).reply(request(user("Oslo?")))
    assert json.loads(reply.content or "") == RIGHT
    assert reply.fault is None
    assert TABLE.reply(request(user("Rome?"))).content == UNKNOWN


@pytest.mark.parametrize("damage", [Damage.BROKEN_JSON, Damage.CUT_OFF, Damage.PROSE_AROUND, Damage.CODE_FENCE])
@pytest.mark.parametrize("occurrence", range(6))
def test_damaged_text_is_no_json(damage: Damage, occurrence: int) -> None:
    with pytest.raises(ValueError, match=r".*"):
        json.loads(said(damage, occurrence))


@pytest.mark.parametrize("occurrence", range(6))
def test_damaged_objects_are_json_that_does_not_fit(occurrence: int) -> None:
    wrong, fewer, more = (
        json.loads(said(damage, occurrence)) for damage in (Damage.WRONG_TYPES, Damage.MISSING_KEYS, Damage.EXTRA_KEYS)
    )
    assert wrong.keys() == RIGHT.keys()
    assert [key for key in RIGHT if type(wrong[key]) is not type(RIGHT[key])]
    assert fewer.keys() < RIGHT.keys()
    assert more.keys() > RIGHT.keys()


@pytest.mark.parametrize("damage", Damage)
def test_plain_text_is_damaged_too(damage: Damage) -> None:
    plain = TABLE.reply(request(user("hello"))).content
    assert said(damage, 0, "hello") != plain


def test_a_refusal_makes_no_call_and_damage_reaches_arguments() -> None:
    caller = Obedient(seed=1, plans=[Plan("p", "send", (Step("send_mail", {"to": "a@x.example", "body": "b"}),))])
    asked = request(user("send it"), tools=(SEND_MAIL,))
    refused = Unreliable(caller, Rates({Damage.REFUSAL: 1.0}), seed=1).reply(asked)
    assert (refused.tool_calls, refused.finish_reason) == ((), "stop")
    assert refused.content
    cut = Unreliable(caller, Rates({Damage.CUT_OFF: 1.0}), seed=1).reply(asked)
    assert cut.finish_reason == "length"
    with pytest.raises(ValueError, match=r".*"):
        json.loads(cut.tool_calls[0].arguments)


@pytest.mark.parametrize("kind", FaultKind)
def test_faults_of_the_transport_are_handed_to_the_server(kind: FaultKind) -> None:
    reply = Unreliable(TABLE, Rates(faults={kind: 1.0}, retry_after=3.0), seed=1).reply(request(user("oslo")))
    assert reply.fault == Fault(kind, 3.0 if kind is FaultKind.RATE_LIMITED else 0.0)


def kind_of(reply: Reply) -> str:
    return str((reply.trace or {})["damage"])


def test_rates_are_met_and_asking_again_draws_anew() -> None:
    rates = Rates({Damage.CODE_FENCE: 0.2, Damage.REFUSAL: 0.05}, {FaultKind.RATE_LIMITED: 0.3, FaultKind.TIMEOUT: 0.1})
    model = Unreliable(TABLE, rates, seed=11)
    calls = 4000
    seen = Counter(kind_of(model.reply(request(user("oslo"), occurrence=count))) for count in range(calls))
    wanted = {"code_fence": 0.2, "refusal": 0.05, "rate_limited": 0.3, "timeout": 0.1, "None": 0.35}
    for kind, share in wanted.items():
        assert abs(seen[kind] / calls - share) < 4 * (share * (1 - share) / calls) ** 0.5
    assert set(seen) == set(wanted)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 50), st.text(max_size=20))
def test_a_damage_depends_on_seed_and_request_alone(occurrence: int, text: str) -> None:
    rates = Rates(dict.fromkeys(Damage, 0.1), {FaultKind.SERVER_ERROR: 0.1})
    asked = request(user("oslo " + text), occurrence=occurrence)
    assert Unreliable(TABLE, rates, seed=2).reply(asked) == Unreliable(TABLE, rates, seed=2).reply(asked)


@pytest.mark.parametrize("rates", [{Damage.REFUSAL: 1.2}, {Damage.REFUSAL: -0.1}, dict.fromkeys(Damage, 0.2)])
def test_rates_that_are_no_shares_are_refused(rates: dict[Damage, float]) -> None:
    with pytest.raises(RatesError):
        Rates(rates)
