"""How answers are compared: values in normal forms, citations, ranks, abstention. The grader uses this file too."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

ANSWERABLE = ("plain", "paraphrase", "near_duplicate", "current", "as_of", "table", "two", "member", "public")
K = 5
MOST_CITATIONS = 3
MOST_CHARS = 2000
UNQUOTED = "not quoted by the reader"
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_BRACKETS = re.compile(r"\[[^\]\n]{0,100}\]")
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_WRITTEN_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b", re.IGNORECASE)
_CODES = re.compile(r"\b[A-Z]{1,2}-?\d{3,4}\b")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,12}(?:,\d{3})*(?:\.\d{1,6})?(?!\w)")
Question = Mapping[str, Any]
Place = tuple[str, str]


@dataclass(frozen=True)
class Response:
    """What came back for one question; `fault` says what is wrong with its form."""

    answer: str | None = None
    citations: tuple[Place, ...] = ()
    retrieved: tuple[Place, ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class Verdict:
    """One question, judged."""

    kind: str
    answered: bool
    right: bool
    recall: float = 0.0
    reciprocal: float = 0.0
    citation: float = 0.0
    why: str = ""
    fault: str = ""


@dataclass
class Tally:
    """All questions, judged."""

    verdicts: list[Verdict] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Verdict]:
        """Return the verdicts of some kinds."""
        return [verdict for verdict in self.verdicts if verdict.kind in kinds]

    def right(self, *kinds: str) -> float:
        """Return the share that is right."""
        return mean(verdict.right for verdict in self.of(*kinds))

    def abstention(self) -> tuple[float, float]:
        """Return how often was abstained from what cannot be answered, and from what can."""
        hopeless, others = self.of("unanswerable", "stranger"), self.of(*ANSWERABLE)
        return mean(not each.answered for each in hopeless), mean(not each.answered for each in others)


def mean(numbers: Iterable[float]) -> float:
    """Return the mean, 0 of nothing."""
    found = list(numbers)
    return sum(found) / len(found) if found else 0.0


def read(value: Any) -> Response:
    """Return a response as it came from `answer`; one without the asked form has a fault and nothing else."""
    if not isinstance(value, Mapping) or set(value) != {"answer", "citations", "retrieved"}:
        return Response(fault="An answer is an object with exactly `answer`, `citations` and `retrieved`.")
    said = value["answer"]
    if said is not None and (not isinstance(said, str) or not said.strip() or len(said) > MOST_CHARS):
        return Response(fault=f"`answer` is text of at most {MOST_CHARS} characters, or null.")
    cited, retrieved = _places(value["citations"]), _places(value["retrieved"])
    if cited is None or retrieved is None:
        return Response(
            fault="`citations` and `retrieved` are lists of objects with the texts `document` and `section`."
        )
    if len(cited) > MOST_CITATIONS:
        return Response(fault=f"There are more than {MOST_CITATIONS} citations.")
    return Response(said, cited, retrieved[:K])


def _places(value: Any) -> tuple[Place, ...] | None:
    if not isinstance(value, list) or len(value) > 1000:
        return None
    pairs = [
        (each.get("document"), each.get("section")) if isinstance(each, Mapping) else (None, None) for each in value
    ]
    if not all(isinstance(part, str) for pair in pairs for part in pair):
        return None
    return tuple(dict.fromkeys((str(document), str(section)) for document, section in pairs))


def values_in(text: str, names: Iterable[str]) -> set[str]:
    """Return the dates, numbers and people that a text names; codes and what stands in square brackets left out."""
    text = _BRACKETS.sub(" ", text)
    found = {f"d:{year}-{month}-{day}" for year, month, day in _DAY.findall(text)}
    for day, month, year in _WRITTEN_DAY.findall(text):
        try:
            found.add(f"d:{date(int(year), MONTHS.index(month.lower()) + 1, int(day)).isoformat()}")
        except ValueError:
            continue
    text = _CODES.sub(" ", _WRITTEN_DAY.sub(" ", _DAY.sub(" ", text)))
    found |= {f"n:{float(each.replace(',', '')):g}" for each in _NUMBER.findall(text)}
    return found | {f"p:{name.casefold()}" for name in names if name.casefold() in text.casefold()}


def verdict(question: Question, response: Response, said: Set[str], names: Sequence[str]) -> Verdict:
    """Judge one response. `said` are the values that the reader is known to have quoted for this question."""
    kind, answered = str(question["kind"]), response.answer is not None
    if kind not in ANSWERABLE:
        right = not answered and not response.fault
        return Verdict(kind, answered, right, why="" if right else "there is no answer", fault=response.fault)
    gold = [{tuple(place) for place in group} for group in question["gold"]]
    cited = [place for place in response.citations if any(place in group for group in gold)]
    why = _why(question, response, said, names) or ("" if cited else "no citation answers")
    ranks = [rank for rank, place in enumerate(response.retrieved, start=1) if any(place in group for group in gold)]
    return Verdict(
        kind,
        answered,
        not why,
        recall=mean(any(place in group for place in response.retrieved) for group in gold),
        reciprocal=1 / ranks[0] if ranks else 0.0,
        citation=_f1(response.citations, cited, gold) if answered else 0.0,
        why=why,
        fault=response.fault,
    )


def _why(question: Question, response: Response, said: Set[str], names: Sequence[str]) -> str:
    """Say what is wrong with the values of an answer; nothing where they are right."""
    expected, given = set(question["expected"]), values_in(response.answer or "", names)
    if response.answer is None:
        return "there is an answer"
    if not expected <= given:
        return "another value"
    if not given - expected <= values_in(str(question["question"]), names):
        return "more than the value"
    return "" if expected <= said else UNQUOTED


def _f1(citations: Sequence[Place], cited: Sequence[Place], gold: Sequence[set[Any]]) -> float:
    """Return the harmonic mean of precision and recall; for each needed passage one of its copies will do."""
    met = sum(any(place in group for place in cited) for group in gold)
    precision, recall = met / max(len(citations), 1), met / len(gold)
    return 2 * precision * recall / (precision + recall) if met else 0.0


def leaks(question: Question, response: Response, closed: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a response names a document that this user may not read, or a value of it."""
    text = " ".join(
        [response.answer or "", *(name for place in (*response.citations, *response.retrieved) for name in place)]
    )
    return shows(text, hidden_from(question["groups"], closed), response.answer or "")


def hidden_from(groups: Sequence[str], closed: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the closed documents that a user with these groups may not read."""
    return [each for each in closed if not set(each["groups"]) & set(groups)]


def shows(text: str, closed: Iterable[Mapping[str, Any]], values: str | None = None) -> bool:
    """Say whether a text holds the id of a closed document, or one of its values (looked for in `values`)."""
    found = values_in(text if values is None else values, ())
    return any(each["document"] in text or found & set(each["values"]) for each in closed)
