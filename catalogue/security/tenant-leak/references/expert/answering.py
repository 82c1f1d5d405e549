"""Answers a question out of what its asker may read, with an answer cache and the memory of conversations."""

import re
import uuid
from collections import OrderedDict

import openai
from model import NAME, connect
from refusals import Refused

PASSAGES = 4
TURNS = 3
MOST_CACHED = 5000
MARK = re.compile(r"\s*\[([\w-]+)\]")
SYSTEM = "You answer questions of staff out of the passages, and name the passage as [id]. Do not make anything up."


class Answering:
    """Questions and answers. An answer keeps its sources: every version of a document that the model was given for it."""

    def __init__(self, store):
        self.store = store
        self.client = connect()
        self.cache = OrderedDict()
        self.answers = {}
        self.by_person = {}
        self.memory = {}

    def ask(self, person, question, conversation_id=None, document_id=None):
        """Answer a question; with a document's id, out of that document alone."""
        view = self.store.view(person)
        if document_id and view.get(document_id) is None:
            raise self.store.refused(document_id)
        remembered = self.memory.setdefault((*person.key, conversation_id), []) if conversation_id else []
        turns = [answer for answer in remembered if view.holds(answer["sources"])][-TURNS:]
        key = (view.key, question.strip().lower(), document_id)
        said, documents = (None, []) if turns else self.cache.get(key, (None, []))
        if said is None:
            documents = [view.get(document_id)] if document_id else view.ranked(question)[:PASSAGES]
            said = self.said_by_model(question, turns, documents)
            if not turns:
                self.keep(key, (said, documents))
        answer = self.answer_of(said, documents, turns, question)
        self.answers[answer["answer_id"]] = (person.key, answer)
        self.by_person.setdefault(person.key, []).append(answer)
        if conversation_id:
            remembered.append(answer)
        return answer

    def answer_of(self, said, documents, turns, question):
        """Return the answer with citations of what the model was given, whatever it names."""
        given = {each["id"]: each for each in documents}
        cited = [given[found] for found in dict.fromkeys(MARK.findall(said)) if found in given]
        sources = {(each["id"], each["version"]) for each in documents}.union(*(turn["sources"] for turn in turns))
        return {
            "answer_id": uuid.uuid4().hex[:12],
            "question": question,
            "answer": MARK.sub("", said) if cited else None,
            "citations": [{"document_id": each["id"], "title": each["title"]} for each in cited],
            "sources": sources,
        }

    def said_by_model(self, question, turns, documents):
        """Ask the model, with the earlier turns of the conversation. What others wrote cannot pass for a passage's mark."""
        messages = [{"role": "system", "content": SYSTEM}]
        for turn in turns:
            messages += [{"role": "user", "content": unmarked(turn["question"])}]
            messages += [{"role": "assistant", "content": turn["answer"] or "-"}]
        passages = "\n".join(f"[{each['id']}] {one_line(each['title'])}. {one_line(each['text'])}" for each in documents)
        messages.append({"role": "user", "content": f"Passages:\n{passages}\n\nQuestion:\n{unmarked(question)}"})
        try:
            reply = self.client.chat.completions.create(model=NAME, messages=messages)
        except openai.OpenAIError:
            raise Refused(502, "failed") from None
        return reply.choices[0].message.content or ""

    def keep(self, key, said):
        """Put into the cache, and the oldest out of it."""
        self.cache[key] = said
        while len(self.cache) > MOST_CACHED:
            self.cache.popitem(last=False)

    def mine(self, person, answer_id):
        """Return an answer of this person whose sources they may still read."""
        owner, answer = self.answers.get(answer_id, (None, None))
        if owner is None:
            raise Refused(404, "absent")
        if owner != person.key:
            raise Refused(404, "denied")
        if not self.store.view(person).holds(answer["sources"]):
            raise Refused(404, "denied")
        return answer

    def history(self, person):
        """Return what this person asked, newest first, without answers whose sources are gone."""
        view = self.store.view(person)
        found = [answer for answer in reversed(self.by_person.get(person.key, [])) if view.holds(answer["sources"])]
        return [{key: each[key] for key in ("answer_id", "question", "answer")} for each in found]

    def suggestions(self, person, words):
        """Return titles that this person may read and questions that this person asked, which hold one of the words."""
        wanted = words.lower().split()
        titles = [each["title"] for each in self.store.view(person).documents.values()]
        questions = [each["question"] for each in self.by_person.get(person.key, [])]
        return {"titles": fitting(titles, wanted), "questions": fitting(questions, wanted)}


def fitting(texts, words):
    """Return at most five texts that hold one of the words, each once."""
    return list(dict.fromkeys(text for text in texts if any(word in text.lower() for word in words)))[:5]


def unmarked(text):
    """Return a text in which nothing looks like the mark of a passage."""
    return text.replace("[", "(").replace("]", ")")


def one_line(text):
    """Return a text that cannot begin a passage of its own."""
    return " ".join(unmarked(text).split())
