"""What people do with job descriptions: scope a role."""

from dataclasses import dataclass, replace

from shipworthy import __version__
from shipworthy.framework import Framework, load_framework
from shipworthy.roles.blocks import blocks_of
from shipworthy.roles.cautions import cautions_of
from shipworthy.roles.changes import MOST_MINUTES
from shipworthy.roles.documents import Document, read_text
from shipworthy.roles.entities import DEFAULT_MINUTES, ProfileSource, Reading, RoleProfile
from shipworthy.roles.errors import ProfileError
from shipworthy.roles.languages import require_english
from shipworthy.roles.lexicon import Lexicon, load_lexicon
from shipworthy.roles.reading import LexiconReader, Reader
from shipworthy.roles.rules import (
    ScopingPolicy,
    competency_line,
    context_lines,
    demanded_contexts,
    is_ai_role,
    primary_context,
    seniority_of,
)
from shipworthy.roles.structure import Posting, read_structure, texts_of
from shipworthy.roles.years import years_asked


@dataclass(frozen=True)
class ScopedRole:
    """A profile beside the job description that it was drawn from, and everything that was found there."""

    profile: RoleProfile
    posting: Posting
    reading: Reading


def scope_role(
    document: Document, framework: Framework | None = None, reader: Reader | None = None, minutes: int = DEFAULT_MINUTES
) -> ScopedRole:
    """Scope a role from a job description, with the built-in framework and lexicon unless others are given.

    `minutes` is the most time that the employer asks of a candidate.

    Raises `PostingError` where the text is in no language that is read, and `ProfileError` for an absurd limit.
    """
    _require_minutes(minutes)
    framework, lexicon = framework or load_framework(), load_lexicon()
    reader = reader or LexiconReader(lexicon)
    posting = read_structure(blocks_of(document.text), lexicon)
    require_english(texts_of(posting), document.name)
    reading = reader.read(posting)
    source = ProfileSource(
        name=document.name,
        format=document.format,
        digest=document.digest,
        framework_version=framework.version,
        framework_digest=framework.digest,
        lexicon_digest=lexicon.digest,
        reader=reading.reader,
        product_version=__version__,
    )
    profile = draw_profile(posting, reading, lexicon, framework, source=source)
    return ScopedRole(replace(profile, minutes=minutes), posting, reading)


def _require_minutes(minutes: int) -> None:
    if not 1 <= minutes <= MOST_MINUTES:
        raise ProfileError(
            f"A candidate cannot be asked for {minutes} minutes.",
            remedy=f"Give a limit from 1 to {MOST_MINUTES} minutes; most roles do with {DEFAULT_MINUTES}.",
        )


def scope_text(text: str, name: str = "pasted text") -> ScopedRole:
    """Scope a role from pasted text. Raises `PostingError`, as for a file."""
    return scope_role(read_text(text, name))


def draw_profile(
    posting: Posting,
    reading: Reading,
    lexicon: Lexicon,
    framework: Framework,
    *,
    source: ProfileSource,
    policy: ScopingPolicy | None = None,
) -> RoleProfile:
    """Draw the profile that a reading of a posting supports."""
    policy = policy or ScopingPolicy()
    ai_role, because = is_ai_role(posting, reading, lexicon, policy)
    contexts = context_lines(reading, posting, framework, policy)
    primary = primary_context(contexts) if ai_role else None
    demanded = demanded_contexts(reading, framework, policy) if ai_role else ()
    profile = RoleProfile(
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
        source=source,
    )
    return cautions_of(profile, posting, reading, lexicon, framework)
