"""A profile as plain values, for machines."""

from shipworthy.core.canonical import JSONValue
from shipworthy.roles.entities import Caution, CompetencyLine, Quote, RoleProfile


def scope_to_json(profile: RoleProfile) -> dict[str, JSONValue]:
    """Return what was read of a job description.

    `contexts` are shares that sum to 1 (all 0 where nothing pulls); `evidence` are the sentences behind a level, and
    `quotes` the same with the words that were recognised and what the stance rests on; `aside` are sentences that name
    a competency without asking for it; `need` is what will be assessed.
    """
    return {
        "title": profile.title,
        "ai_role": profile.ai_role,
        "ai_because": profile.ai_because,
        "contexts": {line.context_id: round(line.share, 4) for line in profile.contexts},
        "context_evidence": {line.context_id: _sentences(line.quotes) for line in profile.contexts},
        "primary_context": profile.primary_context,
        "blended": profile.blended,
        "blended_contexts": list(profile.blended_contexts),
        "seniority": profile.seniority.value,
        "years": profile.years,
        "minutes": profile.minutes,
        "version": profile.version,
        "competencies": {line.competency_id: _competency(line) for line in profile.competencies},
        "warnings": [_caution(each) for each in profile.warnings],
        "source": {
            "name": profile.source.name,
            "format": profile.source.format,
            "digest": profile.source.digest,
            "framework": profile.source.framework_version,
            "lexicon": profile.source.lexicon_digest,
            "reader": profile.source.reader,
            "product": profile.source.product_version,
        },
    }


def _competency(line: CompetencyLine) -> JSONValue:
    return {
        "title": line.title,
        "level": line.said.value,
        "framework": line.framework.value if line.framework else None,
        "need": line.need.value,
        "evidence": _sentences(line.quotes),
        "quotes": [_quote(quote) for quote in line.quotes],
        "aside": [_quote(quote) for quote in line.aside],
    }


def _quote(quote: Quote) -> JSONValue:
    return {
        "sentence": quote.sentence,
        "words": list(quote.words),
        "stance": quote.stance.value,
        "because": quote.because,
    }


def _sentences(quotes: tuple[Quote, ...]) -> list[JSONValue]:
    return list(dict.fromkeys(quote.sentence for quote in quotes))


def _caution(caution: Caution) -> JSONValue:
    return {
        "code": caution.code,
        "what": caution.what,
        "advice": caution.advice,
        "sentences": list(caution.sentences),
    }
