"""Readers: which competencies and role contexts the sentences of a posting speak of, and what they say of them."""

from collections.abc import Sequence
from typing import Protocol

from shipworthy.roles.cues import Cue, cues_in
from shipworthy.roles.entities import TITLE, Mention, Reading
from shipworthy.roles.lexicon import Entry, Lexicon, Surroundings
from shipworthy.roles.phrases import Match, Word, longest, widest, words_of
from shipworthy.roles.stances import Judged, Stance, StanceReader, afterword_of, spoken_of
from shipworthy.roles.structure import Posting, Sentence


class Reader(Protocol):
    """Finds mentions in a posting. What it claims is checked against the text before it counts."""

    def read(self, posting: Posting) -> Reading:
        """Return every mention of a competency or a role context."""
        ...


class LexiconReader:
    """Reads with the lexicon alone: offline, the same every time, and each finding rests on words that can be shown."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, posting: Posting) -> Reading:
        """Return every mention of a competency or a role context."""
        competencies, contexts = self._of_title(posting)
        carried: Stance | None = None
        cues = [cues_in(sentence.words, sentence.section.words, self._lexicon) for sentence in posting.sentences]
        senses: tuple[dict[str, bool], dict[str, bool]] = ({}, {})
        for sentence in posting.sentences:
            own = cues[sentence.index]
            carried = None if sentence.first else carried
            skills, pulls = (
                widest(book.find(Surroundings(sentence.words, sentence.section.words, posting.words, known)))
                for book, known in zip((self._lexicon.competencies, self._lexicon.contexts), senses, strict=True)
            )
            if skills or pulls:
                judge = StanceReader(sentence, own, carried, _afterword(posting, sentence, cues))
                places = [match.start for match in (*skills, *pulls)]
                competencies.extend(_mention(match, sentence, judge, places, "competency") for match in skills)
                contexts.extend(_mention(match, sentence, judge, places, "context") for match in pulls)
            carried = spoken_of(own, carried)
        return Reading("lexicon", tuple(competencies), tuple(contexts))

    def _of_title(self, posting: Posting) -> tuple[list[Mention], list[Mention]]:
        """A title names what the whole role is about."""
        words = words_of(posting.title)
        around = Surroundings(words, (), posting.words)
        skills = [
            _titled(match, posting, words, "competency") for match in widest(self._lexicon.competencies.find(around))
        ]
        pulls = [_titled(match, posting, words, "context") for match in widest(self._lexicon.contexts.find(around))]
        titles = [match for match in self._lexicon.titles.find(around) if "context" in match.owner.fields]
        leaning = longest(titles)
        if leaning is not None:
            pulls.append(_titled(leaning, posting, words, "context"))
        return skills, pulls


def _afterword(posting: Posting, sentence: Sentence, cues: Sequence[Sequence[Cue]]) -> Judged | None:
    following = sentence.index + 1
    if following >= len(posting.sentences) or posting.sentences[following].block != sentence.block:
        return None
    return afterword_of(posting.sentences[following], cues[following])


def _titled(match: Match[Entry], posting: Posting, words: Sequence[Word], field: str) -> Mention:
    written = posting.title[words[match.start].start : words[match.end - 1].end]
    return _made(match, TITLE, written, Judged(Stance.REQUIRED, "the title"), field)


def _mention(
    match: Match[Entry], sentence: Sentence, judge: StanceReader, places: Sequence[int], field: str
) -> Mention:
    judged = judge.judge(match.start, match.end, places)
    words = sentence.text[sentence.words[match.start].start : sentence.words[match.end - 1].end]
    return _made(match, sentence.index, words, judged, field)


def _made(match: Match[Entry], sentence: int, words: str, judged: Judged, field: str) -> Mention:
    fields = match.owner.fields
    return Mention(
        sentence=sentence,
        entry=match.owner.id,
        subject=str(fields[field]),
        stance=judged.stance,
        words=words,
        because=judged.because,
        weight=int(fields.get("weight", 0)),
        distinctive=bool(fields.get("distinctive", False)),
    )
