"""A model that answers out of passages, and makes an answer up where they hold none."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.behaviours.arguments import written_in
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import ChatRequest, Reply, Role
from shipworthy.gateway.senses import Senses, stem

_MARK = r"[ \t>*-]*\[[\w.:/#-]{1,80}\]"
_MARKED = re.compile(rf"^({_MARK})[ \t]*:?[ \t]*(.*(?:\n(?!{_MARK})\S.*)*)", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])|\n+")
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ID_KEYS = ("id", "doc_id", "document_id", "passage_id", "chunk_id", "source")
_TEXT_KEYS = ("text", "content", "passage", "chunk", "body")
_COMMON_WORDS = """
    a an and any are as at be by can did do does for from give had has have how i if in is it its may me much must my of
    on or our should so tell than that the their them then there these they this to use was we were what when where
    which who whom whose why will with would you your please answer question context passage passages according
    long many often soon tell
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_ENOUGH = 0.6
_MOST_WORDS = 200
_INVENTED = (
    "{topic} is set to {number} by default, as the current edition states.",
    "{topic} takes up to {number} working days, unless a manager approves an exception in writing.",
    "Since the last revision, {topic} has been limited to {number} per customer.",
    "{topic} was changed in {year}; before that it was {number}.",
)


@dataclass(frozen=True)
class Passage:
    """A piece of text that can be cited by its id."""

    id: str
    text: str


@dataclass(frozen=True)
class _Pick:
    """The best sentence for a question, and the share of the question's words that it and its passage hold."""

    passage: Passage
    sentence: str
    share: float


class Extractive:
    """Answers with the sentence that shares most with the question, and cites its passage as `[id]`.

    Passages are the registered ones and those that stand in the request: lines that begin with `[id]`, or JSON objects
    with an id and a text. A word counts by how rare it is among the passages. Where the best sentence with its passage
    holds less than six tenths of the question's weight, the model makes up a fluent wrong answer and cites a passage
    for it, whatever the prompt says about admitting ignorance.

    It stands for a reader that adds nothing to good passages and is sure of itself without any, so that finding the
    right passages and abstaining are up to the system around it. It does not reason, join passages, or understand a
    negation. Words of one group of `alike` are the same word to it.
    """

    def __init__(
        self,
        *,
        seed: int,
        passages: Sequence[Passage] = (),
        alike: Sequence[Sequence[str]] = (),
        name: str = "extractive",
    ) -> None:
        self.name = name
        self._passages = tuple(passages)
        self._senses = Senses(alike)
        self._draws = Draws(seed)

    def reply(self, request: ChatRequest) -> Reply:
        """Return the best sentence with its citation, or one that is made up."""
        passages = [*self._passages, *passages_in(request)]
        asked = _words(question_in(request))[:_MOST_WORDS]
        pick = _best(passages, asked, self._senses)
        if pick is None or pick.share < _ENOUGH:
            return self._made_up(request, passages, asked, pick)
        trace: dict[str, JSONValue] = {"passage": pick.passage.id, "share": round(pick.share, 4), "made_up": False}
        return _answer(f"{pick.sentence} [{pick.passage.id}]", pick.passage.id, request, trace)

    def _made_up(
        self, request: ChatRequest, passages: Sequence[Passage], words: Sequence[str], pick: _Pick | None
    ) -> Reply:
        """Return a sentence that sounds right, with a number that no passage gives."""
        known = set(_NUMBER.findall(" ".join(passage.text for passage in passages)))
        drawn = 2 + self._below(97, "number", request)
        number = next(n for n in range(drawn, drawn + len(known) + 1) if str(n) not in known)
        template = _INVENTED[self._below(len(_INVENTED), "sentence", request)]
        topic = " ".join(words[:4]).capitalize() or "This"
        text = template.format(topic=topic, number=number, year=2015 + self._below(10, "year", request))
        cited = passages[self._below(len(passages), "passage", request)].id if passages else ""
        trace: dict[str, JSONValue] = {"passage": cited, "share": round(pick.share if pick else 0, 4), "made_up": True}
        return _answer(f"{text} [{cited}]" if cited else text, cited, request, trace)

    def _below(self, most: int, purpose: str, request: ChatRequest) -> int:
        return self._draws.below(most, f"extractive {purpose}", request.digest, request.occurrence)


def passages_in(request: ChatRequest) -> list[Passage]:
    """Return the passages that stand in the messages of a request, each id once, in their order."""
    found: dict[str, Passage] = {}
    for message in request.messages:
        if message.role is not Role.ASSISTANT:
            for passage in (*_in_json(message.content), *_marked(message.content)):
                found.setdefault(passage.id, passage)
    return list(found.values())


def question_in(request: ChatRequest) -> str:
    """Return the last question of the last user message: its last line with a question mark, or its last line."""
    asked = [message.content for message in request.messages if message.role is Role.USER]
    lines = [line.strip() for line in (asked[-1].splitlines() if asked else [])]
    lines = [line for line in lines if line and not _MARKED.match(line)]
    questions = [line for line in lines if "?" in line]
    return ([*lines[-1:], *questions] or [""])[-1]


def _marked(text: str) -> Iterator[Passage]:
    for found in _MARKED.finditer(text):
        mark, said = found.groups()
        if said.strip():
            yield Passage(mark.strip(" \t>*-[]"), said.strip())


def _in_json(text: str) -> Iterator[Passage]:
    """Yield the passages among the JSON values that a text holds."""
    decoder = json.JSONDecoder()
    place = _next_bracket(text, 0)
    for _ in range(100):
        if place < 0:
            return
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            yield from _objects(value)
        place = _next_bracket(text, end)


def _next_bracket(text: str, start: int) -> int:
    places = [place for place in (text.find("{", start), text.find("[", start)) if place >= 0]
    return min(places, default=-1)


def _objects(value: JSONValue, depth: int = 0) -> Iterator[Passage]:
    if isinstance(value, Mapping):
        name = next((value[key] for key in _ID_KEYS if isinstance(value.get(key), str | int)), None)
        text = next((value[key] for key in _TEXT_KEYS if isinstance(value.get(key), str)), None)
        if name is not None and text is not None:
            yield Passage(str(name), str(text))
        value = list(value.values())
    if isinstance(value, list) and depth < 8:
        for inner in value:
            yield from _objects(inner, depth + 1)


def _best(passages: Sequence[Passage], asked: Sequence[str], senses: Senses) -> _Pick | None:
    """Return the sentence with the largest share of the question's weight; the first of equals."""
    weights = _weights(passages, _meanings(asked, senses), senses)
    total = sum(weights.values())
    if not total:
        return None
    picks = (pick for passage in passages for pick in _picks(passage, weights, total, senses))
    return max(picks, key=lambda pick: round(pick.share, 9), default=None)


def _picks(passage: Passage, weights: Mapping[str, float], total: float, senses: Senses) -> Iterator[_Pick]:
    """Yield a passage's sentences; what only the rest of the passage holds counts half."""
    around = _meanings(_words(passage.text), senses)
    for sentence in _SENTENCE_END.split(passage.text):
        inside = _meanings(_words(sentence), senses)
        shared = sum(weight * (1.0 if word in inside else 0.5 * (word in around)) for word, weight in weights.items())
        if inside:
            yield _Pick(passage, sentence.strip(), shared / total)


def _weights(passages: Sequence[Passage], words: set[str], senses: Senses) -> dict[str, float]:
    """Return how much each word counts: log(1 + n / (1 + number of passages that hold it))."""
    held = [_meanings(_words(passage.text), senses) for passage in passages]
    counts = {word: sum(word in inside for inside in held) for word in sorted(words)}
    return {word: math.log(1 + (len(held) + 1) / (1 + count)) for word, count in counts.items()}


def _words(text: str) -> list[str]:
    """Return the words of a text that carry meaning, without endings."""
    return [stem(word) for word in _WORD.findall(text.lower()) if word not in _COMMON]


def _meanings(words: Sequence[str], senses: Senses) -> set[str]:
    return {senses.of(word) or word for word in words}


def _answer(text: str, cited: str, request: ChatRequest, trace: Mapping[str, JSONValue]) -> Reply:
    if request.response_schema is None:
        return Reply(content=text, trace=trace)
    return Reply(content=written_in(text, request.response_schema, cited), trace=trace)
