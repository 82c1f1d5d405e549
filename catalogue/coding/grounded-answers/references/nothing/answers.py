"""Not begun."""


def prepare(documents):
    return None


def answer(question, groups, today, k):
    return {"answer": None, "citations": [], "retrieved": []}
