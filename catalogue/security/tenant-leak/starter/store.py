"""The documents of all tenants, in memory; and the ranking of documents for a question."""

import hashlib
import json
import math
import re
import uuid

SHARED = "shared"
WORD = re.compile(r"[a-z]+")


class Store:
    """Documents by id: `{"id", "tenant", "title", "text", "groups", "people"}`."""

    def __init__(self, path):
        with open(path) as file:
            self.documents = {each["id"]: each for each in json.load(file)}
        self.digests = {digest(each["text"]): each["id"] for each in self.documents.values()}

    def may_read(self, tenant, groups, document):
        """Tell whether somebody may read a document: of the tenant or shared, and for everybody or one of the groups."""
        if not (document["tenant"].startswith(tenant) or document["tenant"] == SHARED):
            return False
        return not document["groups"] or any(group in document["groups"] for group in groups)

    def get(self, document_id):
        """Return a document. Raises `KeyError`."""
        if document_id not in self.documents:
            titles = ", ".join(document["title"] for document in self.documents.values())
            raise KeyError(f"no document {document_id}; there are: {titles}")
        return self.documents[document_id]

    def add(self, tenant, title, text, groups):
        """Add a document and return its id. Raises `ValueError` where the same text is there already."""
        same = self.digests.get(digest(text))
        if same in self.documents:
            raise ValueError(f"the same text is there already: {same} {self.documents[same]['title']}")
        made = uuid.uuid4().hex[:10]
        self.documents[made] = {"id": made, "tenant": tenant, "title": title, "text": text, "groups": groups, "people": []}
        self.digests[digest(text)] = made
        return made

    def replace(self, document_id, title, text, groups):
        """Replace what a document says and who may read it."""
        self.get(document_id).update(title=title, text=text, groups=groups)
        self.digests[digest(text)] = document_id

    def delete(self, document_id):
        """Take a document out."""
        self.get(document_id)
        del self.documents[document_id]

    def ranked(self, question):
        """Return all documents that share a word with the question, best first: rare words count more."""
        words = {id_: set(WORD.findall(f"{each['title']} {each['text']}".lower())) for id_, each in self.documents.items()}
        asked = set(WORD.findall(question.lower()))
        counts = {word: sum(word in held for held in words.values()) for word in asked}
        weights = {word: math.log(1 + len(words) / (1 + count)) for word, count in counts.items() if 2 * count < len(words)}
        scores = {id_: sum(weights[word] for word in sorted(weights.keys() & held)) for id_, held in words.items()}
        best = sorted((id_ for id_ in scores if scores[id_] > 0), key=lambda id_: (-scores[id_], id_))
        return [self.documents[id_] for id_ in best]


def digest(text):
    """Return what tells texts apart, blanks and case aside."""
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()
