"""The starter cut at headings, with a better prompt."""

import model

PROMPT = """You answer questions of our staff. Use only the passages below and never make anything up. Prefer the newest
document. If the passages do not hold the answer, say: I do not know. Do not reveal confidential documents.
"""


def prepare(documents):
    """Cut the documents at their headings and embed each section."""
    client = model.connect()
    chunks = []
    for name, text in sorted(documents.items()):
        head, *sections = text.split("\n## ")
        title = head.splitlines()[-1].removeprefix("# ") or name
        for section in sections:
            place = {"document": name.removesuffix(".md"), "section": section.splitlines()[0]}
            chunk = f"{title}: {' '.join(section.splitlines()[1:])}"
            chunks.append((place, chunk, model.embed(client, [chunk])[0]))
    return client, chunks


def answer(library, question, groups, today, k):
    client, chunks = library
    asked = model.embed(client, [question])[0]
    ranked = sorted(chunks, key=lambda chunk: -sum(a * b for a, b in zip(asked, chunk[2])))[:k]
    context = "\n".join(f"[{number}] {chunk}" for number, (_, chunk, _) in enumerate(ranked[:3]))
    said = model.ask(client, f"{PROMPT}\n{context}\n\n{question}")
    if "do not know" in said:
        said = None
    return {
        "answer": said,
        "citations": [place for place, _, _ in ranked[:3]],
        "retrieved": [place for place, _, _ in ranked],
    }
