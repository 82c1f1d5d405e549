"""Keeps count of what a submission has used, and refuses what would go beyond its budget."""

from dataclasses import dataclass

from shipworthy.gateway.entities import Budget
from shipworthy.gateway.errors import over_budget


@dataclass(frozen=True)
class Price:
    """What a model's tokens cost, in nano-dollars per token: 150 is 0.15 dollars per million tokens."""

    prompt: int = 150
    completion: int = 600

    def cost(self, prompt_tokens: int, completion_tokens: int) -> int:
        """Return the cost of one call in micro-dollars, rounded up."""
        return -(-(self.prompt * prompt_tokens + self.completion * completion_tokens) // 1000)


@dataclass(frozen=True)
class Spent:
    """What has been used so far; cost in micro-dollars."""

    calls: int = 0
    tokens: int = 0
    cost: int = 0


class Account:
    """One submission's use of its budget. Callers take turns: see `Desk`.

    The first call that does not fit closes the account, so nothing is ever used beyond the budget.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget, self.spent, self.closed = budget, Spent(), ""
        self._under_way = 0

    def check_open(self) -> None:
        """Refuse a call after the account was closed, or when no call is left. Raises `CallRefusedError`."""
        if not self.closed and self.spent.calls + self._under_way >= self.budget.calls:
            self.close(f"The budget of {self.budget.calls} calls is used up.")
        if self.closed:
            raise over_budget(self.closed)

    def reserve(self) -> None:
        """Keep room for a call whose answer is waited for. Raises `CallRefusedError` where there is none."""
        self.check_open()
        self._under_way += 1

    def release(self) -> None:
        """Give the room back, to charge the call or to forget it."""
        self._under_way -= 1

    def close(self, why: str) -> None:
        """Refuse every further call, with this reason."""
        self.closed = f"{why} Every further call will be refused."

    def charge(self, tokens: int, cost: int, *, reserved: bool = False) -> None:
        """Count one call. Raises `CallRefusedError`, and counts nothing, when it would go beyond the budget.

        A call that room was kept for may end after the account was closed.
        """
        spent = Spent(self.spent.calls + 1, self.spent.tokens + tokens, self.spent.cost + cost)
        beyond = spent.tokens > self.budget.tokens or spent.cost > self.budget.cost
        if spent.tokens > self.budget.tokens:
            self.close(f"This call would go beyond the budget of {self.budget.tokens} tokens.")
        elif spent.cost > self.budget.cost:
            self.close(f"This call would go beyond the budget of {self.budget.cost} micro-dollars.")
        if beyond or not reserved:
            self.check_open()
        self.spent = spent
