"""Nothing is used beyond a budget, and the call that does not fit ends it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.gateway.budgets import Account, Price, Spent
from shipworthy.gateway.entities import Budget
from shipworthy.gateway.errors import CallRefusedError


def test_a_price_is_rounded_up_to_micro_dollars() -> None:
    price = Price(prompt=150, completion=600)
    assert price.cost(1_000_000, 0) == 150_000
    assert price.cost(1, 1) == 1
    assert price.cost(0, 0) == 0


CHARGES = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=40)


@given(CHARGES, st.integers(0, 20), st.integers(0, 300), st.integers(0, 300))
def test_no_order_of_calls_goes_beyond(charges: list[tuple[int, int]], calls: int, tokens: int, cost: int) -> None:
    account = Account(Budget(calls, tokens, cost))
    counted, open_still = Spent(), True
    for used, paid in charges:
        after = Spent(counted.calls + 1, counted.tokens + used, counted.cost + paid)
        open_still = open_still and after.calls <= calls and after.tokens <= tokens and after.cost <= cost
        if open_still:
            account.charge(used, paid)
            counted = after
        else:
            with pytest.raises(CallRefusedError) as raised:
                account.charge(used, paid)
            assert (raised.value.status, raised.value.reason) == (429, "insufficient_quota")
    assert account.spent == counted


def test_the_refusal_says_which_budget_is_used_up() -> None:
    account = Account(Budget(calls=1))
    account.charge(1, 1)
    with pytest.raises(CallRefusedError, match="budget of 1 calls"):
        account.check_open()
    with pytest.raises(CallRefusedError, match="budget of 5 tokens"):
        Account(Budget(tokens=5)).charge(6, 0)
    with pytest.raises(CallRefusedError, match="budget of 5 micro-dollars"):
        Account(Budget(cost=5)).charge(1, 6)
