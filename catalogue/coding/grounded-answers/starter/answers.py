"""Answers questions from the company's documents. It works, and that is all that can be said for it."""

import model

SIZE = 200


def prepare(documents):
    """Cut the documents into pieces and embed each."""
    client = model.connect()
    chunks = []
    for name, text in sorted(documents.items()):
        for start in range(0, len(text), SIZE):
            chunk = text[start : start + SIZE]
            place = {"document": name.removesuffix(".md"), "section": section_at(text, start)}
            chunks.append((place, chunk, model.embed(client, [chunk])[0]))
    return client, chunks


def section_at(text, start):
    """Return the heading that a piece begins under."""
    before = [line for line in text[: start + SIZE].splitlines() if line.startswith("## ")]
    return before[-1].removeprefix("## ") if before else ""


def answer(library, question, groups, today, k):
    client, chunks = library
    asked = model.embed(client, [question])[0]
    ranked = sorted(chunks, key=lambda chunk: -sum(a * b for a, b in zip(asked, chunk[2])))[:k]
    context = "\n".join(f"[{number}] {' '.join(chunk.split())}" for number, (_, chunk, _) in enumerate(ranked[:3]))
    said = model.ask(client, f"{context}\n\n{question}")
    return {
        "answer": said,
        "citations": [place for place, _, _ in ranked[:3]],
        "retrieved": [place for place, _, _ in ranked],
    }
