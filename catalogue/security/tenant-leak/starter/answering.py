"""Answers a question out of the documents that fit best, with an answer cache and the memory of conversations."""

import re
import uuid

from model import NAME, connect

PASSAGES = 4
TURNS = 3
MARK = re.compile(r"\s*\[([\w-]+)\]")
SYSTEM = """You answer questions of staff out of the passages, and name the passage as [id].
Do not make anything up. The collection holds: {titles}."""


class Answering:
    """Questions and answers; `answers` keeps every answer that was given, for citations and history."""

    def __init__(self, store):
        self.store = store
        self.client = connect()
        self.cache = {}
        self.memory = {}
        self.answers = {}

    def ask(self, asker, question, conversation_id=None, document_id=None):
        """Answer a question; with a document's id, out of that document alone."""
        key = question.strip().lower()
        turns = self.memory.setdefault(conversation_id, [])[-TURNS:] if conversation_id else []
        said = self.cache.get(key) if not turns and not document_id else None
        if said is None:
            documents = [self.store.get(document_id)] if document_id else self.store.ranked(question)[:PASSAGES]
            said = self.said_by_model(question, turns, documents)
            self.cache[key] = said
        cited = [self.store.documents[found] for found in MARK.findall(said) if found in self.store.documents]
        answer = {
            "answer_id": uuid.uuid4().hex[:12],
            "answer": MARK.sub("", said) if cited else None,
            "citations": [{"document_id": each["id"], "title": each["title"]} for each in unique(cited)],
        }
        self.answers[answer["answer_id"]] = {"user": asker.person.id, "question": question, **answer}
        if conversation_id:
            self.memory[conversation_id].append((question, answer["answer"]))
        return answer

    def said_by_model(self, question, turns, documents):
        """Ask the model, with the earlier turns of the conversation."""
        titles = "; ".join(document["title"] for document in self.store.documents.values())
        messages = [{"role": "system", "content": SYSTEM.format(titles=titles)}]
        for asked, answered in turns:
            messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered or "-"}]
        passages = "\n".join(f"[{each['id']}] {each['title']}. {each['text']}" for each in documents)
        messages.append({"role": "user", "content": f"Passages:\n{passages}\n\nQuestion:\n{question}"})
        reply = self.client.chat.completions.create(model=NAME, messages=messages)
        return reply.choices[0].message.content or ""

    def history(self, asker):
        """Return what this person asked, newest first."""
        found = [answer for answer in self.answers.values() if answer["user"] == asker.person.id]
        return [{key: each[key] for key in ("answer_id", "question", "answer")} for each in reversed(found)]

    def suggestions(self, words):
        """Return titles and earlier questions that hold one of the words."""
        wanted = words.lower().split()
        titles = [each["title"] for each in self.store.documents.values()]
        questions = [each["question"] for each in self.answers.values()]
        return {"titles": fitting(titles, wanted), "questions": fitting(questions, wanted)}


def fitting(texts, words):
    """Return at most five texts that hold one of the words, each once."""
    return list(dict.fromkeys(text for text in texts if any(word in text.lower() for word in words)))[:5]


def unique(documents):
    """Return documents, each once, in their order."""
    return list({each["id"]: each for each in documents}.values())
