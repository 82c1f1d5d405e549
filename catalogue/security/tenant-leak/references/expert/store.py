"""The documents of all tenants, in memory. Everybody sees them through a `View`, and through nothing else."""

import hashlib
import json
import math
import re
import threading
import uuid

from refusals import Refused

SHARED = "shared"
WORD = re.compile(r"[a-z]+")


class Store:
    """Documents by id: `{"id", "tenant", "title", "text", "groups", "people", "version"}`. One is replaced, never changed."""

    def __init__(self, path):
        with open(path) as file:
            self._documents = {each["id"]: {**each, "version": 0} for each in json.load(file)}
        self._lock = threading.Lock()

    def view(self, person):
        """Return what a person may read at this moment."""
        with self._lock:
            return View(person, [each for each in self._documents.values() if _may_read(person, each)])

    def refused(self, document_id):
        """Return the refusal of a document that a view lacks: the log alone tells hidden from absent."""
        there = document_id in self._documents
        return Refused(404, "denied" if there else "absent", [document_id] if there else [])

    def add(self, person, title, text, groups):
        """Add a document and return its id."""
        made = uuid.uuid4().hex[:10]
        self._put({"id": made, "tenant": person.tenant, "title": title, "text": text, "groups": groups, "people": [], "version": 0})
        return made

    def replace(self, person, document_id, title, text, groups):
        """Replace what a document says and, where groups are given, who may read it. Groups alone make no new version."""
        old = self._own(person, document_id)
        same = (title, text) == (old["title"], old["text"])
        groups = old["groups"] if groups is None else groups
        self._put({**old, "title": title, "text": text, "groups": groups, "version": old["version"] + (not same)})

    def delete(self, person, document_id):
        """Take a document out."""
        self._own(person, document_id)
        with self._lock:
            self._documents.pop(document_id, None)

    def _own(self, person, document_id):
        document = self.view(person).get(document_id)
        if document is None:
            raise self.refused(document_id)
        if document["tenant"] != person.tenant:
            raise Refused(403, "denied", [document_id])
        return document

    def _put(self, document):
        with self._lock:
            self._documents[document["id"]] = document


class View:
    """What one person may read at one moment. `key` is the same for the same rights on the same texts."""

    def __init__(self, person, documents):
        self.documents = {each["id"]: each for each in documents}
        versions = sorted((each["id"], each["version"]) for each in documents)
        self.key = (person.tenant, hashlib.sha256(json.dumps(versions).encode()).hexdigest())

    def get(self, document_id):
        """Return a document, or nothing."""
        return self.documents.get(document_id)

    def holds(self, sources):
        """Tell whether all of these versions, `(id, version)`, are still there to be read."""
        return all(id_ in self.documents and self.documents[id_]["version"] == version for id_, version in sources)

    def same_text(self, text):
        """Return the document with this text, or nothing."""
        return next((each for each in self.documents.values() if _plain(each["text"]) == _plain(text)), None)

    def ranked(self, question):
        """Return all documents that share a word with the question, best first: rare words count more."""
        words = {id_: set(WORD.findall(f"{each['title']} {each['text']}".lower())) for id_, each in self.documents.items()}
        asked = set(WORD.findall(question.lower()))
        counts = {word: sum(word in held for held in words.values()) for word in asked}
        weights = {word: math.log(1 + len(words) / (1 + count)) for word, count in counts.items() if 2 * count < len(words)}
        scores = {id_: sum(weights[word] for word in sorted(weights.keys() & held)) for id_, held in words.items()}
        best = sorted((id_ for id_ in scores if scores[id_] > 0), key=lambda id_: (-scores[id_], id_))
        return [self.documents[id_] for id_ in best]


def _may_read(person, document):
    """The one rule on rights."""
    if document["tenant"] not in (person.tenant, SHARED):
        return False
    return not document["groups"] or bool(set(document["groups"]) & set(person.groups))


def _plain(text):
    return " ".join(text.lower().split())
