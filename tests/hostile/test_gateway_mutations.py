"""Requests damaged at random: whatever comes, the gateway answers with HTTP or hangs up, and the next one is served."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.gateway.connection import Bounds
from shipworthy.gateway.entities import Budget
from tests.support.gateways import CHAT, asked, chat_body, said_to, serving

BODY = chat_body(
    "damaged", tools=[{"type": "function", "function": {"name": "send", "parameters": {"type": "object"}}}]
)
WHOLE = f"POST {CHAT} HTTP/1.1\r\nHost: gateway\r\nContent-Length: {len(BODY)}\r\n\r\n".encode() + BODY
DAMAGE = st.lists(
    st.tuples(
        st.integers(0, len(WHOLE)),
        st.integers(0, 8),
        st.binary(max_size=6) | st.sampled_from([b"\r\n", b'"', b"[" * 99]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def path() -> Iterator[Path]:
    unlimited = Budget(calls=10**9, tokens=10**9, cost=10**9)
    with serving(budget=unlimited, bounds=Bounds(request=1.0, idle=1.0, linger=0.2)) as (_, path):
        yield path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(damage=DAMAGE)
def test_a_damaged_request_is_answered_or_hung_up_on(path: Path, damage: list[tuple[int, int, bytes]]) -> None:
    spelled = WHOLE
    for at, taken, put in damage:
        spelled = spelled[:at] + put + spelled[at + taken :]
    told = said_to(path, spelled)
    assert not told or told.startswith(b"HTTP/1.1 ")
    assert b"Traceback" not in told
    assert b" 500 " not in told.split(b"\r\n")[0]
    assert asked(path, chat_body("next"))[0] == 200
