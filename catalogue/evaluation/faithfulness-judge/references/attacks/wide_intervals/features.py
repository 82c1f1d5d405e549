"""Compares what an answer claims with what its context claims."""

from collections.abc import Sequence

from reading import Claim, claims

NAMES = (
    "site", "same", "other", "names", "numbers", "opposite", "likeness", "unknown", "topic_told", "value_told", "trust"
)


def compare(said: Claim, told: Claim) -> list[float]:
    """Compare a claim of an answer with one of the context; 1 speaks for agreement unless the name says otherwise."""
    both = bool(said.topic and told.topic)
    polar = bool(both and said.topic == told.topic and said.says)
    likeness = len(said.words & told.words) / max(1, len(said.words))
    opposite = said.says != told.says if polar else said.negated != told.negated and not both
    return [
        float(said.site == told.site),
        float(both and said.topic == told.topic),
        float(both and said.topic != told.topic),
        float(bool(said.names & told.names) if said.names else not told.names),
        float(said.numbers == told.numbers),
        float(opposite),
        likeness,
        float(not both),
    ]


def closeness(row: Sequence[float]) -> float:
    """Say how well a claim of the context fits as the one that an answer's claim goes back to."""
    site, same, other, names, numbers, opposite, likeness, _ = row
    return 3 * site + 3 * same - 3 * other + 1.6 * names + 1.6 * numbers - 0.5 * opposite + 2 * likeness


def trust(row: Sequence[float]) -> float:
    """Say how far the closest claim supports what is said."""
    site, same, other, names, numbers, opposite, likeness, unknown = row
    topic = max(same, likeness if unknown else 0.0, 0.4 * unknown)
    return min(site, names, numbers, 1 - opposite, topic)


def features(context: str, answer: str, known: frozenset[str]) -> list[float]:
    """Describe an answer by the worst of its sentences in each regard, against the closest claim of the context."""
    told = claims(context, known)
    rows = [describe(said, told) for said in claims(answer, known) if said.site]
    if not rows:
        return [0.0] * len(NAMES)
    columns = list(zip(*rows, strict=True))
    return [max(column) if name in ("other", "opposite", "unknown") else min(column) for name, column in zip(NAMES, columns, strict=True)]


def describe(said: Claim, told: Sequence[Claim]) -> list[float]:
    """Describe one sentence of an answer."""
    compared = [compare(said, one) for one in told]
    best = max(compared, key=closeness)
    at_site = [row for row in compared if row[0]]
    topic_told = any(row[1] or (row[7] and row[6] > 0.3) for row in at_site)
    value_told = any(row[3] and row[4] for row in at_site)
    return [*best, float(topic_told), float(value_told), trust(best)]
