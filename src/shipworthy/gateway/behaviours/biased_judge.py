"""A model judge with known faults: it prefers the first answer, the longer one, and its own kind, and it wavers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from shipworthy.core.canonical import JSONValue, canonical_bytes
from shipworthy.core.errors import BadInputError
from shipworthy.gateway.behaviours.arguments import Schema, grade_in, pick_in
from shipworthy.gateway.behaviours.decodings import unescaped
from shipworthy.gateway.behaviours.letters import own_script
from shipworthy.gateway.behaviours.requests import readable_texts
from shipworthy.gateway.draws import Draws
from shipworthy.gateway.entities import ChatRequest, Reply

NOTHING_TO_JUDGE = "There is no answer here that I could judge."


class UnjudgeableError(BadInputError):
    """An answer has no letter or digit by which a judge could find it."""

    code = "unjudgeable_answer"


@dataclass(frozen=True)
class JudgedAnswer:
    """An answer with its true quality in [0, 1]; `own` where it comes from the judge's own kind of model."""

    text: str
    quality: float
    own: bool = False


@dataclass(frozen=True)
class Biases:
    """How a judge errs; all in log-odds. All zero but `sharpness` makes an unbiased judge.

    `sharpness` per unit of quality, `position` for the answer shown first, `length` per doubling of the number of
    characters, `own_kind` for an answer of its own kind, `noise` the standard deviation of a normal draw per call.
    """

    sharpness: float = 4.0
    position: float = 0.0
    length: float = 0.0
    own_kind: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True)
class Scale:
    """How the judge speaks: the words for the first and the second answer, and the lowest and highest grade."""

    first: str = "A"
    second: str = "B"
    lowest: int = 1
    highest: int = 10


class BiasedJudge:
    """Compares two registered answers that stand in a request, or grades the only one.

    With `s` for sharpness, `p`, `l`, `o` for the biases, `q` for qualities, `n` for lengths, `z` standard normal:

    - the first answer wins with probability
      `logistic(s (q1 - q2) + p + l log2(n1 / n2) + o (own1 - own2) + noise z)`;
    - the grade is `lowest + (highest - lowest) logistic(s (q - 1/2) + l log2(n / median n) + o own + noise z)`,
      rounded.

    The order is that in which the answers first stand in the request. It stands for what is known of model judges, so
    that a candidate's measurement of them can be held against the truth. It reads no rubric and gives no reasons, and
    its biases do not depend on the topic.
    """

    def __init__(
        self,
        answers: Sequence[JudgedAnswer],
        biases: Biases,
        *,
        seed: int,
        scale: Scale | None = None,
        name: str = "biased-judge",
    ) -> None:
        self.name = name
        self._answers = {_key(answer.text): answer for answer in answers}
        self._biases = biases
        self._scale = scale or Scale()
        self._draws = Draws(seed)
        lengths = sorted(len(answer.text) for answer in answers)
        self._usual = lengths[len(lengths) // 2] if lengths else 1

    def reply(self, request: ChatRequest) -> Reply:
        """Return the verdict between the first two answers in the request, or the grade of the only one."""
        shown = self._shown(request)
        if not shown:
            return Reply(content=NOTHING_TO_JUDGE, trace={"shown": 0})
        if len(shown) == 1:
            return self._graded(shown[0], request)
        return self._compared(shown[0], shown[1], request)

    def chance_of_first(self, first: JudgedAnswer, second: JudgedAnswer, noise: float = 0.0) -> float:
        """Return the probability that the answer shown first wins, given the draw of the noise."""
        biases = self._biases
        longer = math.log2(len(first.text) / len(second.text))
        odds = biases.sharpness * (first.quality - second.quality) + biases.position + biases.length * longer
        return _logistic(odds + biases.own_kind * (first.own - second.own) + biases.noise * noise)

    def _compared(self, first: JudgedAnswer, second: JudgedAnswer, request: ChatRequest) -> Reply:
        chance = self.chance_of_first(first, second, self._noise(request))
        wins = self._draws.fraction("verdict", request.digest, request.occurrence) < chance
        trace: Mapping[str, JSONValue] = {"shown": 2, "chance_of_first": round(chance, 6), "first_wins": wins}
        word = self._scale.first if wins else self._scale.second
        schema = request.response_schema
        return Reply(content=word if schema is None else _as_json(pick_in(schema, word, first=wins)), trace=trace)

    def _graded(self, answer: JudgedAnswer, request: ChatRequest) -> Reply:
        biases, scale = self._biases, self._scale
        odds = biases.sharpness * (answer.quality - 0.5) + biases.length * math.log2(len(answer.text) / self._usual)
        share = _logistic(odds + biases.own_kind * answer.own + biases.noise * self._noise(request))
        grade = round(scale.lowest + (scale.highest - scale.lowest) * share)
        schema: Schema | None = request.response_schema
        content = str(grade) if schema is None else _as_json(grade_in(schema, grade))
        return Reply(content=content, trace={"shown": 1, "grade": grade})

    def _shown(self, request: ChatRequest) -> list[JudgedAnswer]:
        """Return the registered answers that stand in a request, by their first place; none within another."""
        text = _key_of_many([text for _, text in readable_texts(request)])
        found = [(text.find(key), -len(key), key) for key in self._answers if key in text]
        shown: list[JudgedAnswer] = []
        end = 0
        for place, length, key in sorted(found):
            if place >= end:
                shown.append(self._answers[key])
                end = place - length
        return shown

    def _noise(self, request: ChatRequest) -> float:
        return NormalDist().inv_cdf(self._draws.fraction("noise", request.digest, request.occurrence))


def _key(text: str) -> str:
    key = _key_of_many([text])
    if not key:
        raise UnjudgeableError(f"The answer {text!r} has no letter and no digit.")
    return key


def _key_of_many(texts: Sequence[str]) -> str:
    return own_script("".join(map(unescaped, texts)))


def _logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, odds))))


def _as_json(value: JSONValue) -> str:
    return canonical_bytes(value).decode("utf-8", "surrogatepass")
