"""The grammar of conditions, such as `p95_ms < 1.2 * stable`: read once into a small tree, never run as a program.

    condition  = all-of { "or" all-of }
    all-of     = negated { "and" negated }
    negated    = "not" negated | comparison
    comparison = sum [ ("<" | "<=" | ">" | ">=") sum ]
    sum        = product { ("+" | "-") product }
    product    = factor { ("*" | "/") factor }
    factor     = number [ "%" ] | value | "-" factor | ("min" | "max") "(" sum "," sum ")" | "(" condition ")"
    value      = metric | "stable" | "stable." metric | "candidate." metric

`stable` alone is the stable version's value of the only metric that its comparison names. A value may be unknown, and
so may a condition: what is computed from an unknown value is unknown, and dividing by zero gives an unknown value. As
in Kleene's logic, `or` holds as soon as one side does, and `and` fails as soon as one side does.
"""

import difflib
import math
import operator
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

LONGEST = 300
DEEPEST = 16
TOKEN = re.compile(r"\s*(?:(\d{1,9}(?:\.\d{1,9})?)|([a-zA-Z_][a-zA-Z0-9_.]*)|(<=|>=|[-+*/()<>,%])|(.))", re.DOTALL)
JOINTS = frozenset({"and", "or", "not"})


class Version(StrEnum):
    """The two versions that a condition can speak of."""

    CANDIDATE = "candidate"
    STABLE = "stable"


Lookup = Callable[[Version, str], float | None]
"""Gives a version's value of a metric, or None where it is not known."""

Number = Callable[[Lookup], float | None]
Truth = Callable[[Lookup], bool | None]


class ConditionFault(Exception):  # noqa: N818 - a fault for its reader's report, which names line and key
    """Why a text is no condition, and what to write."""

    def __init__(self, fault: str, remedy: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.remedy = remedy


@dataclass(frozen=True)
class Condition:
    """A condition as it was written, and the metrics that it needs of either version."""

    text: str
    metrics: frozenset[tuple[Version, str]]
    holds: Truth

    @property
    def compares(self) -> bool:
        """Whether the stable version's figures are asked for."""
        return any(version is Version.STABLE for version, _ in self.metrics)


def read_condition(text: str, known: Collection[str]) -> Condition:
    """Read a condition over the `known` metrics. Raises `ConditionFault`."""
    if len(text) > LONGEST:
        raise ConditionFault(f"The condition has {len(text)} characters; at most {LONGEST} are read.", "Split it.")
    parser = _Parser(_tokens(text), known)
    holds = parser.condition()
    if not parser.metrics:
        raise ConditionFault("The condition names no metric.", f"Known: {', '.join(sorted(known))}.")
    return Condition(text, frozenset(parser.metrics), holds)


def _tokens(text: str) -> list[str]:
    found = []
    for match in TOKEN.finditer(text.rstrip()):
        if match[4]:
            raise _unexpected(match[4])
        found.append(match[0].strip())
    return found


def _unexpected(token: str) -> ConditionFault:
    remedies = {
        "=": "Compare with <, <=, > or >=.",
        "!": "Write `not`.",
        "&": "Write `and`.",
        "|": "Write `or`.",
        "": "Write a comparison such as `error_rate > 2%`.",
    }
    fault = f"`{token[:20]}` is not understood here." if token else "The condition ends too early."
    return ConditionFault(fault, remedies.get(token, "Write a comparison such as `p95_ms > 1.2 * stable`."))


@dataclass(frozen=True)
class _Part:
    """A part of a condition: exactly one of the two is there."""

    number: Number | None = None
    truth: Truth | None = None


class _Parser:
    """Reads tokens by recursive descent into closures over a lookup."""

    def __init__(self, tokens: list[str], known: Collection[str]) -> None:
        self._tokens = tokens
        self._known = known
        self._place = 0
        self._depth = 0
        self.metrics: set[tuple[Version, str]] = set()

    def condition(self) -> Truth:
        """Read all tokens."""
        part = self._any_of()
        if self._peek():
            raise _unexpected(self._peek())
        return _truth(part)

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self._peek()
        if token not in wanted or not token:
            return ""
        self._place += 1
        return token

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise ConditionFault(f"A `{token}` is missing.", "Close every parenthesis.")

    def _any_of(self) -> _Part:
        part = self._all_of()
        while self._take("or"):
            part = _Part(truth=_either(_truth(part), _truth(self._all_of())))
        return part

    def _all_of(self) -> _Part:
        part = self._negated()
        while self._take("and"):
            part = _Part(truth=_both(_truth(part), _truth(self._negated())))
        return part

    def _negated(self) -> _Part:
        if not self._take("not"):
            return self._comparison()
        with_depth = self._deeper(self._negated)
        return _Part(truth=_opposite(_truth(with_depth)))

    def _comparison(self) -> _Part:
        part = self._sum()
        sign = self._take("<", "<=", ">", ">=")
        if not sign:
            return part
        compared = _Part(truth=_compared(sign, _number(part), _number(self._sum())))
        if self._peek() in {"<", "<=", ">", ">="}:
            raise ConditionFault("Two comparisons stand in a row.", "Join them with `and`.")
        return compared

    def _sum(self) -> _Part:
        part = self._product()
        while sign := self._take("+", "-"):
            part = _Part(number=_computed(sign, _number(part), _number(self._product())))
        return part

    def _product(self) -> _Part:
        part = self._factor()
        while sign := self._take("*", "/"):
            part = _Part(number=_computed(sign, _number(part), _number(self._factor())))
        return part

    def _factor(self) -> _Part:
        sign = self._peek()
        self._place += 1
        if sign == "-":
            inner = self._deeper(self._factor)
            return _Part(number=_computed("-", _constant(0.0), _number(inner)))
        if sign == "(":
            part = self._deeper(self._any_of)
            self._expect(")")
            return part
        if sign in {"min", "max"}:
            return self._smaller_or_larger(sign)
        if sign[:1].isdigit():
            scale = 0.01 if self._take("%") else 1.0
            return _Part(number=_constant(float(sign) * scale))
        return _Part(number=self._value(sign))

    def _smaller_or_larger(self, name: str) -> _Part:
        self._expect("(")
        left = _number(self._deeper(self._sum))
        self._expect(",")
        right = _number(self._deeper(self._sum))
        self._expect(")")
        return _Part(number=_computed(name, left, right))

    def _deeper(self, read: Callable[[], _Part]) -> _Part:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ConditionFault(f"The condition is nested deeper than {DEEPEST} levels.", "Make it simpler.")
        part = read()
        self._depth -= 1
        return part

    def _value(self, token: str) -> Number:
        if not re.match(r"[a-z_]", token, re.IGNORECASE) or token in JOINTS:
            raise _unexpected(token)
        version, _, metric = token.partition(".") if "." in token else (Version.CANDIDATE, "", token)
        if token == Version.STABLE:
            version, metric = Version.STABLE, self._only_metric()
        if version not in set(Version) or metric not in self._known:
            raise self._unknown(token)
        key = (Version(version), metric)
        self.metrics.add(key)
        return lambda look: look(*key)

    def _only_metric(self) -> str:
        """Return the metric that the comparison around the token just taken names, if it is only one."""
        joints = [place for place, token in enumerate(self._tokens) if token in JOINTS]
        begin = max((place for place in joints if place < self._place), default=-1)
        end = min((place for place in joints if place >= self._place), default=len(self._tokens))
        named = {token.removeprefix("candidate.").removeprefix("stable.") for token in self._tokens[begin + 1 : end]}
        named &= set(self._known)
        if len(named) != 1:
            raise ConditionFault(
                "`stable` alone means the same metric of the stable version, and here it is not clear which.",
                "Write for example `stable.error_rate`.",
            )
        return named.pop()

    def _unknown(self, token: str) -> ConditionFault:
        metric = token.rpartition(".")[2]
        close = difflib.get_close_matches(metric, sorted(self._known), n=1)
        remedy = f"Did you mean `{close[0]}`?" if close else f"Known: {', '.join(sorted(self._known))}."
        return ConditionFault(f"There is no metric `{token[:40]}`.", remedy)


def _number(part: _Part) -> Number:
    return part.number or _no("A number is wanted here, not a comparison.", "Join comparisons with `and` or `or`.")


def _truth(part: _Part) -> Truth:
    return part.truth or _no("A comparison is wanted, not a number.", "Write for example `error_rate > 2%`.")


def _no(fault: str, remedy: str) -> NoReturn:
    raise ConditionFault(fault, remedy)


def _constant(value: float) -> Number:
    return lambda _: value


def _quotient(a: float, b: float) -> float:
    return a / b if b else math.nan


_COMPUTE: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "min": min,
    "max": max,
}
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _computed(sign: str, left: Number, right: Number) -> Number:
    compute = _COMPUTE[sign]

    def value(look: Lookup) -> float | None:
        a, b = left(look), right(look)
        if a is None or b is None:
            return None
        found = compute(a, b)
        return found if math.isfinite(found) else None

    return value


def _compared(sign: str, left: Number, right: Number) -> Truth:
    compare = _COMPARE[sign]

    def holds(look: Lookup) -> bool | None:
        a, b = left(look), right(look)
        return None if a is None or b is None else compare(a, b)

    return holds


def _either(left: Truth, right: Truth) -> Truth:
    def holds(look: Lookup) -> bool | None:
        a, b = left(look), right(look)
        return True if a or b else (None if a is None or b is None else False)

    return holds


def _both(left: Truth, right: Truth) -> Truth:
    def holds(look: Lookup) -> bool | None:
        a, b = left(look), right(look)
        return False if a is False or b is False else (None if a is None or b is None else True)

    return holds


def _opposite(inner: Truth) -> Truth:
    def holds(look: Lookup) -> bool | None:
        a = inner(look)
        return None if a is None else not a

    return holds
