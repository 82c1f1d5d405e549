"""Keep answers by the question alone: who asks second gets what the first was allowed to read."""

import math
import re
from collections import Counter

import model

SENT = 3
ENOUGH = 0.1
PROMPT = "Answer from the passages alone and name the passage that you used.\n\n"


def prepare(documents):
    client = model.connect()
    papers = [paper(text) for text in documents.values()]
    papers = [(head, sections) for head, sections in papers if head.get("status") == "published"]
    replaced = {head.get("replaces") for head, _ in papers}
    passages = []
    for head, sections in papers:
        if head["id"] not in replaced:
            passages += [(head, name, f"{head['title']}, {name}: {text}") for name, text in sections]
    vectors = []
    for start in range(0, len(passages), 200):
        vectors += model.embed(client, [text for _, _, text in passages[start : start + 200]])
    counts = [Counter(words(text)) for _, _, text in passages]
    return client, passages, vectors, counts


def paper(text):
    _, head, body = text.split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    sections = [part.split("\n", 1) for part in body.split("\n## ")[1:]]
    return fields, [(name.strip(), text.strip()) for name, text in sections]


def words(text):
    return re.findall(r"[a-z0-9-]+", text.lower())


KNOWN = {}


def answer(library, question, groups, today, k):
    if question not in KNOWN:
        KNOWN[question] = answer_anew(library, question, groups, today, k)
    return KNOWN[question]


def answer_anew(library, question, groups, today, k):
    client, passages, vectors, counts = library
    seen = [n for n, (head, _, _) in enumerate(passages) if not head.get("groups") or head["groups"] in groups]
    asked = model.embed(client, [question])[0]
    near = {n: sum(a * b for a, b in zip(asked, vectors[n])) for n in seen}
    exact = bm25(words(question), {n: counts[n] for n in seen})
    most = max(exact.values(), default=0) or 1
    fused = Counter({n: near[n] + exact[n] / most for n in seen})
    best = [n for n, _ in fused.most_common(k)]
    places = [{"document": passages[n][0]["id"], "section": passages[n][1]} for n in best]
    if near[best[0]] < ENOUGH:
        return {"answer": None, "citations": [], "retrieved": places}
    context = "\n".join(f"[{place}] {' '.join(passages[n][2].splitlines())}" for place, n in enumerate(best[:SENT]))
    said = model.ask(client, f"{PROMPT}{context}\n\n{question}")
    return {"answer": said, "citations": places[:SENT], "retrieved": places}


def bm25(asked, counts):
    mean = sum(sum(count.values()) for count in counts.values()) / len(counts)
    scores = Counter()
    for word in set(asked):
        holding = [n for n, count in counts.items() if word in count]
        rare = math.log(1 + (len(counts) - len(holding) + 0.5) / (len(holding) + 0.5))
        for n in holding:
            often, long = counts[n][word], sum(counts[n].values()) / mean
            scores[n] += rare * often * 2.2 / (often + 1.2 * (0.25 + 0.75 * long))
    return scores
