"""From mentions to a profile: levels, contexts, blend, AI role or not, seniority and years. Pure decisions."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shipworthy.framework import Framework, RequirementLevel
from shipworthy.roles.entities import (
    TITLE,
    CompetencyLine,
    ContextLine,
    Mention,
    MentionLevel,
    Quote,
    Reading,
    Seniority,
)
from shipworthy.roles.lexicon import Entry, Lexicon, Surroundings
from shipworthy.roles.phrases import Match, words_of
from shipworthy.roles.stances import Stance
from shipworthy.roles.structure import Posting


@dataclass(frozen=True)
class ScopingPolicy:
    """The figures of the rules, chosen on one half of the development set and checked on the other.

    A context's pull is the number of sentences that speak for it, required ones whole, preferred ones by
    `preferred_share`, the title by `title_factor`, and `idea_share` of the weights of its distinct ideas. A context is
    demanded when what is required and distinctive of it weighs at least `demanded_weight` (per sentence its strongest
    word, 1 to 3), in at least `demanded_sentences` sentences, and is at least `demanded_share` of what is distinctive
    of any. Without a title that tells, a role is an AI role when at least `ai_sentences` required sentences pull to a
    context, or `ai_competencies` of the competencies that are AI's own are required.
    """

    preferred_share: float = 0.1
    idea_share: float = 0.1
    title_factor: float = 2.0
    demanded_weight: float = 3.0
    demanded_sentences: int = 1
    demanded_share: float = 0.15
    ai_sentences: int = 3
    ai_competencies: int = 3


AI_COMPETENCIES = frozenset(
    {
        "python_ml_frameworks", "rag_vector_db", "prompt_engineering", "statistical_modeling", "fine_tuning_lora",
        "mlops_deployment", "evaluation",
    }
)  # fmt: skip
"""Competencies that AI engineering alone asks for; pipelines, interfaces, security and governance are others' too."""

_COMPANY_OF_AI = re.compile(
    r"(?:,|\s[–—@|-]|\s+at)\s*(?!Generative|Applied|Conversational|Responsible|Trustworthy|Enterprise|Agentic|Edge|Voice|"
    r"Clinical|Medical|Data|Search|Product)[A-Z][\w.&]*(?:\s[A-Z][\w.&]*)?\s+AI\W*$"
)
"""The name of a company at the end of a title, which says nothing of the job."""

_LEVELS = {Stance.REQUIRED: MentionLevel.REQUIRED, Stance.PREFERRED: MentionLevel.PREFERRED}
_NEEDS = {MentionLevel.REQUIRED: RequirementLevel.REQUIRED, MentionLevel.PREFERRED: RequirementLevel.PREFERRED}
_ORDER = (RequirementLevel.NOT_NEEDED, RequirementLevel.PREFERRED, RequirementLevel.REQUIRED)


def said_of(competency_id: str, reading: Reading) -> MentionLevel:
    """Return what the text says of a competency: required wins over preferred, anything else is no demand."""
    levels = {_LEVELS.get(mention.stance) for mention in reading.competencies if mention.subject == competency_id}
    if MentionLevel.REQUIRED in levels:
        return MentionLevel.REQUIRED
    return MentionLevel.PREFERRED if MentionLevel.PREFERRED in levels else MentionLevel.NOT_MENTIONED


def competency_line(
    competency_id: str, reading: Reading, posting: Posting, framework: Framework, context_id: str | None
) -> CompetencyLine:
    """Return one line of a profile: what is said, what the context asks, and the higher of the two as the need."""
    said = said_of(competency_id, reading)
    asked = framework.requirement(context_id, competency_id) if context_id else None
    mine = [mention for mention in reading.competencies if mention.subject == competency_id]
    speaking = [mention for mention in mine if _LEVELS.get(mention.stance) is said]
    aside = [mention for mention in mine if mention.stance not in _LEVELS]
    need = need_of(said, asked)
    return CompetencyLine(
        competency_id=competency_id,
        title=framework.competency(competency_id).title,
        said=said,
        framework=asked,
        scoped_need=need,
        need=need,
        quotes=quotes_of(speaking, posting),
        aside=quotes_of(aside, posting),
    )


def need_of(said: MentionLevel, asked: RequirementLevel | None) -> RequirementLevel:
    """Return the need that scoping sets: the higher of what the text says and what the role context asks."""
    told = _NEEDS.get(said, RequirementLevel.NOT_NEEDED)
    return max(told, asked or RequirementLevel.NOT_NEEDED, key=_ORDER.index)


def quotes_of(mentions: Iterable[Mention], posting: Posting) -> tuple[Quote, ...]:
    """Return the sentences behind some mentions, each once, in the order of the text."""
    grouped: dict[tuple[int, Stance], list[Mention]] = defaultdict(list)
    for mention in mentions:
        grouped[mention.sentence, mention.stance].append(mention)
    return tuple(
        Quote(
            sentence=posting.title if place < 0 else posting.sentences[place].text,
            words=tuple(dict.fromkeys(mention.words for mention in found)),
            stance=stance,
            because=found[0].because,
        )
        for (place, stance), found in sorted(grouped.items())
    )


def context_lines(
    reading: Reading, posting: Posting, framework: Framework, policy: ScopingPolicy
) -> tuple[ContextLine, ...]:
    """Return every role context with its share of the pulls, and how much of what is its own is demanded."""
    pulls = {name: _pull(reading, name, policy) for name in framework.role_context_ids}
    total = sum(pulls.values())
    return tuple(
        ContextLine(
            context_id=name,
            title=framework.role_context(name).title,
            share=pull / total if total else 0.0,
            demanded=demanded_weight(reading, name),
            quotes=quotes_of(_required(reading, name, distinctive=True), posting),
        )
        for name, pull in pulls.items()
    )


def _pull(reading: Reading, context_id: str, policy: ScopingPolicy) -> float:
    """Count the sentences that pull to a context, required ones whole, and a little for the weight of their ideas."""
    sentences: dict[int, float] = {}
    ideas: dict[str, float] = {}
    for mention in reading.contexts:
        if mention.subject == context_id and mention.stance in _LEVELS:
            factor = _factor(mention, policy)
            sentences[mention.sentence] = max(sentences.get(mention.sentence, 0.0), factor)
            ideas[mention.entry] = max(ideas.get(mention.entry, 0.0), factor * max(mention.weight, 1))
    return sum(sentences.values()) + policy.idea_share * sum(ideas.values())


def _factor(mention: Mention, policy: ScopingPolicy) -> float:
    if mention.stance is Stance.PREFERRED:
        return policy.preferred_share
    return policy.title_factor if mention.sentence == TITLE and mention.weight != 1 else 1.0


def _required(reading: Reading, context_id: str, *, distinctive: bool) -> list[Mention]:
    return [
        mention
        for mention in reading.contexts
        if mention.subject == context_id
        and mention.stance is Stance.REQUIRED
        and (mention.distinctive or not distinctive)
    ]


def demanded_weight(reading: Reading, context_id: str) -> float:
    """Return how much is required that belongs to this context alone: per sentence its strongest word, summed."""
    strongest: dict[int, int] = {}
    for mention in _required(reading, context_id, distinctive=True):
        strongest[mention.sentence] = max(strongest.get(mention.sentence, 0), mention.weight)
    return float(sum(strongest.values()))


def demanded_contexts(reading: Reading, framework: Framework, policy: ScopingPolicy) -> tuple[str, ...]:
    """Return the contexts whose own work one person is required to do; two or more are a blend."""
    weights = {name: demanded_weight(reading, name) for name in framework.role_context_ids}
    total = sum(weights.values())
    return tuple(
        name
        for name, weight in weights.items()
        if weight >= policy.demanded_weight
        and weight >= policy.demanded_share * total
        and _sentences(reading, name) >= policy.demanded_sentences
    )


def _sentences(reading: Reading, context_id: str) -> int:
    return len({mention.sentence for mention in _required(reading, context_id, distinctive=True)})


def primary_context(lines: Sequence[ContextLine]) -> str | None:
    """Return the context with the largest share, the first of equals, or None where nothing pulls."""
    best = max(lines, key=lambda line: line.share)
    return best.context_id if best.share > 0.0 else None


def is_ai_role(posting: Posting, reading: Reading, lexicon: Lexicon, policy: ScopingPolicy) -> tuple[bool, str]:
    """Say whether this is an AI engineering role, and what that rests on: the title first, else the duties."""
    kind = _title_kind(posting, lexicon)
    if kind is not None:
        return kind.owner.word("kind") == "ai", f"The title says “{posting.title}”."
    pulling = {mention.sentence for mention in reading.contexts if mention.stance is Stance.REQUIRED}
    asked = {mention.subject for mention in reading.competencies if mention.stance is Stance.REQUIRED}
    if len(pulling) >= policy.ai_sentences or len(asked & AI_COMPETENCIES) >= policy.ai_competencies:
        return True, "The title does not say it, but what is required is AI engineering."
    return False, "Neither the title nor what is required is AI engineering."


def _title_kind(posting: Posting, lexicon: Lexicon) -> Match[Entry] | None:
    words = words_of(_COMPANY_OF_AI.sub("", posting.title))
    around = Surroundings(words, (), posting.words)
    found = [match for match in lexicon.titles.find(around) if match.owner.word("kind") in {"ai", "not_ai"}]
    return max(found, key=lambda match: (match.length, len(match.term)), default=None)


def seniority_of(posting: Posting, lexicon: Lexicon) -> Seniority:
    """Return the seniority that the title says, else the text; the highest word of a title counts."""
    words = words_of(posting.title)
    said = {match.owner.word("kind") for match in lexicon.titles.find(Surroundings(words, (), words))}
    for level in (Seniority.STAFF, Seniority.JUNIOR, Seniority.SENIOR, Seniority.MID):
        if level.value in said:
            return level
    for sentence in posting.sentences:
        around = Surroundings(sentence.words, sentence.section.words, posting.words)
        for match in lexicon.titles.find(around):
            if match.owner.word("kind").endswith("_text"):
                return Seniority(match.owner.word("kind").removesuffix("_text"))
    return Seniority.UNSPECIFIED


def share_of(lines: Sequence[ContextLine]) -> Mapping[str, float]:
    """Return the shares of the role contexts by id."""
    return {line.context_id: line.share for line in lines}
