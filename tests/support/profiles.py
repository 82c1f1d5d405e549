"""Profiles for tests: one scoped from a short posting, and any that scoping and people's changes could lead to."""

from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from shipworthy.framework import load_framework
from shipworthy.roles.changes import change, editable_values, take_back
from shipworthy.roles.entities import (
    Caution,
    CompetencyLine,
    ContextLine,
    MentionLevel,
    ProfileSource,
    Quote,
    RoleProfile,
    Seniority,
)
from shipworthy.roles.errors import ProfileError
from shipworthy.roles.operations import scope_text
from shipworthy.roles.rules import need_of
from shipworthy.roles.stances import Stance

WHEN = "2026-05-03T09:30:00+00:00"
POSTING = """Senior LLM Engineer

About the role
We build assistants on large language models for our support team.

Requirements
- 5+ years of software engineering
- Strong Python and PyTorch
- You design and run retrieval-augmented generation with a vector database
- Prompt engineering with evaluation of hallucinations
- You build REST APIs with FastAPI and deploy them with Docker on Kubernetes

Nice to have
- Fine-tuning with LoRA
- SQL
"""
FRAMEWORK = load_framework()

ANY_TEXT = st.text(max_size=40)
SOME_TEXT = ANY_TEXT.filter(lambda text: bool(text.strip()))
WORDS = st.lists(SOME_TEXT, max_size=3, unique=True).map(tuple)
QUOTES = st.lists(st.builds(Quote, ANY_TEXT, WORDS, st.sampled_from(Stance), ANY_TEXT), max_size=2).map(tuple)


@cache
def llm_profile() -> RoleProfile:
    """Return the profile of an LLM role, as scoped."""
    return scope_text(POSTING, "posting.txt").profile


def changed(profile: RoleProfile, what: str, after: str, reason: str = "The work asks for it.") -> RoleProfile:
    """Return the next version of a profile, changed by Ada."""
    return change(profile, what, after, by="Ada Byron", reason=reason, when=WHEN)


def undone(profile: RoleProfile) -> RoleProfile:
    """Return the next version of a profile, with the last change taken back by Ada."""
    return take_back(profile, by="Ada Byron", reason="It was right before.", when=WHEN)


@st.composite
def scoped_profiles(draw: st.DrawFn) -> RoleProfile:
    """Draw a profile as scoping could leave it, with any texts in it."""
    context = draw(st.sampled_from((*FRAMEWORK.role_context_ids, None)))
    return RoleProfile(
        title=draw(ANY_TEXT),
        ai_role=draw(st.booleans()),
        ai_because=draw(ANY_TEXT),
        contexts=tuple(
            ContextLine(each, draw(SOME_TEXT), draw(st.floats(0, 1)), draw(st.floats(0, 1e6)), draw(QUOTES))
            for each in FRAMEWORK.role_context_ids
        ),
        primary_context=context,
        blended_contexts=draw(st.lists(st.sampled_from(FRAMEWORK.role_context_ids), unique=True).map(tuple)),
        seniority=draw(st.sampled_from(Seniority)),
        years=draw(st.integers(0, 50)),
        competencies=tuple(draw(_lines(each, context)) for each in FRAMEWORK.competency_ids),
        warnings=draw(st.lists(st.builds(Caution, SOME_TEXT, SOME_TEXT, SOME_TEXT, WORDS), max_size=3).map(tuple)),
        source=draw(st.builds(ProfileSource, **dict.fromkeys(SOURCE_TEXTS, SOME_TEXT), framework_version=VERSION)),
        minutes=draw(st.integers(1, 1440)),
    )


SOURCE_TEXTS = ("name", "format", "digest", "framework_digest", "lexicon_digest", "reader", "product_version")
VERSION = st.just(FRAMEWORK.version)


@st.composite
def _lines(draw: st.DrawFn, competency_id: str, context: str | None) -> CompetencyLine:
    said = draw(st.sampled_from(MentionLevel))
    asked = FRAMEWORK.requirement(context, competency_id) if context else None
    need = need_of(said, asked)
    return CompetencyLine(competency_id, draw(SOME_TEXT), said, asked, need, need, draw(QUOTES), draw(QUOTES))


VALUES = (
    "required", "preferred", "not_needed", *FRAMEWORK.role_context_ids, "none", "senior", "3", "90", "A title",
)  # fmt: skip


@st.composite
def profiles(draw: st.DrawFn) -> RoleProfile:
    """Draw a profile that people have changed, and taken back, a few times."""
    profile = draw(scoped_profiles())
    for _ in range(draw(st.integers(0, 6))):
        profile = draw(next_versions(profile))
    return profile


@st.composite
def next_versions(draw: st.DrawFn, profile: RoleProfile) -> RoleProfile:
    """Draw the next version of a profile; the same one where the change drawn is refused."""
    try:
        if draw(st.integers(0, 3)) == 0:
            return undone(profile)
        return changed(profile, draw(st.sampled_from(list(editable_values(profile)))), draw(st.sampled_from(VALUES)))
    except ProfileError:
        return profile


def retitled(profile: RoleProfile, title: str) -> RoleProfile:
    """Return a profile as if its posting had another title."""
    return replace(profile, title=title)
