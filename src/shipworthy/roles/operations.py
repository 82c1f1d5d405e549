"""What people do with job descriptions: scope a role."""

from shipworthy.framework import Framework, load_framework
from shipworthy.roles.blocks import blocks_of
from shipworthy.roles.entities import Reading, RoleProfile
from shipworthy.roles.lexicon import Lexicon, load_lexicon
from shipworthy.roles.reading import LexiconReader
from shipworthy.roles.rules import (
    ScopingPolicy,
    competency_line,
    context_lines,
    demanded_contexts,
    is_ai_role,
    primary_context,
    seniority_of,
    years_asked,
)
from shipworthy.roles.structure import Posting, read_structure


def scope_text(text: str, policy: ScopingPolicy | None = None) -> RoleProfile:
    """Scope a role from the text of a job description, with the built-in framework and lexicon."""
    lexicon = load_lexicon()
    posting = read_structure(blocks_of(text), lexicon)
    return profile_of(
        posting, LexiconReader(lexicon).read(posting), lexicon, load_framework(), policy or ScopingPolicy()
    )


def profile_of(
    posting: Posting, reading: Reading, lexicon: Lexicon, framework: Framework, policy: ScopingPolicy
) -> RoleProfile:
    """Draw the profile that a reading of a posting supports."""
    ai_role, because = is_ai_role(posting, reading, lexicon, policy)
    contexts = context_lines(reading, posting, framework, policy)
    primary = primary_context(contexts) if ai_role else None
    demanded = demanded_contexts(reading, framework, policy) if ai_role else ()
    return RoleProfile(
        title=posting.title,
        ai_role=ai_role,
        ai_because=because,
        contexts=contexts,
        primary_context=primary,
        blended_contexts=demanded if len(demanded) > 1 else (),
        seniority=seniority_of(posting, lexicon),
        years=years_asked(sentence.text for sentence in posting.sentences),
        competencies=tuple(
            competency_line(each, reading, posting, framework, primary) for each in framework.competency_ids
        ),
        warnings=(),
        source={},
    )
