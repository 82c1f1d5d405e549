"""Choose the sentence by patterns, and have the reader repeat it behind the question."""

import re

import library
import model
import questions
import ranking

CANDIDATES = 24
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,-]\d+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")


class Assistant:
    def __init__(self, documents):
        self.client = model.connect()
        self.ranking = ranking.Ranking(self.client, library.passages(documents))

    def answer(self, question, groups, today, k):
        plain, day = questions.dated(questions.alone(question), today)
        found = [self._part(part, frozenset(groups), day) for part in questions.parts(plain)]
        retrieved = interleaved([places for _, _, places in found])[:k]
        if any(said is None for said, _, _ in found):
            return {"answer": None, "citations": [], "retrieved": retrieved}
        cited = list({str(passage.place): passage.place for _, passage, _ in found}.values())
        return {"answer": "\n".join(said for said, _, _ in found), "citations": cited, "retrieved": retrieved}

    def _part(self, question, groups, day):
        """Return what is said, the passage that says it, and the places in their order."""
        passages = self.ranking.passages
        allowed = [n for n, passage in enumerate(passages) if passage.open_to(groups) and passage.in_force(day)]
        order = self.ranking.ranked(question, allowed)[:CANDIDATES]
        fitting = [n for n in order if not self.ranking.unaccounted(question, passages[n])]
        order = fitting + [n for n in order if n not in fitting]
        for n in fitting[:2]:
            said = self._read(question, passages[n])
            if said is not None:
                return said, passages[n], [passages[n].place for n in order]
        return None, None, [passages[n].place for n in order]

    def _read(self, question, passage):
        """Let the reader answer from one passage; nothing where it says what the passage does not."""
        where = f"{passage.title}, {passage.section}:"
        lines = _SENTENCE_END.split(passage.text)
        said = max(lines, key=lambda line: len(set(ranking.content(line)) & set(ranking.content(question))))
        model.ask(self.client, f"[1] {where} {question.strip('?')}: {said}\n\n{question}")
        return said if grounded(said, f"{passage.text} {question}") else None


def grounded(said, passage):
    values = _NUMBER.findall(said) + _NAME.findall(said)
    return all(re.search(rf"(?<![\w.,-]){re.escape(value)}(?!\w)", passage) for value in values) and bool(values)


def interleaved(lists):
    """Return the places of several rankings in turn, each once."""
    longest = max(map(len, lists))
    turns = [each[n] for n in range(longest) for each in lists if n < len(each)]
    return list({str(place): place for place in turns}.values())


def prepare(documents):
    return Assistant(documents)


def answer(assistant, question, groups, today, k):
    return assistant.answer(question, groups, today, k)
