"""Documents as passages: what is in force from when to when, who may read it, and each cell of a table on its own."""

import datetime
from dataclasses import dataclass

NEVER_ENDS = "9999-12-31"


@dataclass(frozen=True)
class Passage:
    """Something that can be cited. `start` to `end` is when it is in force, the last day excluded."""

    document: str
    section: str
    title: str
    text: str
    groups: frozenset
    start: str
    end: str

    @property
    def place(self):
        return {"document": self.document, "section": self.section}

    @property
    def full(self):
        return f"{self.title}, {self.section}: {self.text}"

    def open_to(self, groups):
        return not self.groups or bool(self.groups & groups)

    def in_force(self, day):
        return self.start <= day < self.end


def passages(documents):
    """Return all passages that somebody may be shown on some day. Copies add nothing, drafts are never in force."""
    papers = [_paper(text) for text in documents.values()]
    papers = [(head, body) for head, body in papers if head["status"] == "published"]
    ends = {}
    for head, _ in papers:
        old = head.get("replaces", "")
        ends[old] = min(ends.get(old, NEVER_ENDS), head["effective"])
    found = []
    for head, body in papers:
        if head.get("copy_of"):
            continue
        until = head.get("until")
        last = (datetime.date.fromisoformat(until) + datetime.timedelta(days=1)).isoformat() if until else NEVER_ENDS
        end = min(ends.get(head["id"], NEVER_ENDS), last)
        groups = frozenset(name.strip() for name in head.get("groups", "").split(",") if name.strip())
        for section, text in body:
            for piece in _pieces(text):
                found.append(Passage(head["id"], section, head["title"], piece, groups, head["effective"], end))
    return found


def _paper(text):
    _, head, body = text.split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    parts = [part.split("\n", 1) for part in body.split("\n## ")[1:]]
    return fields, [(name.strip(), said.strip()) for name, said in parts]


def _pieces(text):
    """Return a text as it is, or a sentence for every cell of its table."""
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines() if line.startswith("|")]
    if not rows:
        return [" ".join(text.split())]
    columns, *cells = [row for row in rows if set("".join(row)) != {"-"}]
    return [f"{columns[0]} {row[0]}, {column}: {cell}" for row in cells for column, cell in zip(columns[1:], row[1:])]
