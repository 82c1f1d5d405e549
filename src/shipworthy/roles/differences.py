"""What differs between two profiles, the weightiest first, with the reasons of the changes between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from shipworthy.roles.changes import CONTEXT, NEEDS, NONE
from shipworthy.roles.entities import Change, CompetencyLine, ContextLine, Quote, RoleProfile


@dataclass(frozen=True)
class Difference:
    """One value that two profiles do not share.

    `what` is its name, such as `needs.rag_vector_db`; `title` says it for people; `before` and `after` are the values
    of the old and the new profile in words, empty where there is none. `because` are the changes that led from one to
    the other, where the new profile is a later version of the old one.
    """

    what: str
    title: str
    before: str
    after: str
    because: tuple[Change, ...] = ()


@dataclass(frozen=True)
class _Fact:
    """One value of a profile: what is compared, and how it is shown."""

    what: str
    title: str
    value: object
    shown: str


def differences(old: RoleProfile, new: RoleProfile) -> tuple[Difference, ...]:
    """Return everything that differs, in the order of its weight: needs, context, blend, limits, text, source, changes.

    Empty exactly when the profiles are equal.
    """
    since = changes_since(old, new)
    found = [
        *_compared(_demands(old), _demands(new)),
        *_compared(_findings(old), _findings(new)),
        *_warnings(old, new),
        *_compared(_grounds(old), _grounds(new)),
    ]
    if not found and old != new:
        found.append(Difference("rest", "The rest", "written so", "written otherwise"))
    moved = old.primary_context != new.primary_context
    return tuple(_reasoned(each, since, moved=moved) for each in found)


def changes_since(old: RoleProfile, new: RoleProfile) -> tuple[Change, ...]:
    """Return the changes that made the new profile of the old one; none where it is no later version of it."""
    same_origin = old.source == new.source and new.changes[: len(old.changes)] == old.changes
    return new.changes[len(old.changes) :] if same_origin else ()


def _reasoned(found: Difference, since: Sequence[Change], *, moved: bool) -> Difference:
    follows = found.what.startswith((NEEDS, "framework.", "warnings."))
    names = {found.what} | ({CONTEXT} if moved and follows else set())
    because = tuple(each for each in since if each.what in names)
    own = tuple(each for each in because if each.what == found.what)
    return Difference(found.what, found.title, found.before, found.after, own or because)


def _compared(old: Sequence[_Fact], new: Sequence[_Fact]) -> Iterator[Difference]:
    before, after = {each.what: each for each in old}, {each.what: each for each in new}
    for what in dict.fromkeys([*before, *after]):
        one, other = before.get(what), after.get(what)
        if one is None or other is None or one.value != other.value:
            fact = other or one
            title = fact.title if fact else ""
            yield Difference(what, title, one.shown if one else "", other.shown if other else "")


def _demands(profile: RoleProfile) -> list[_Fact]:
    """Return what a person may change, and the blend, which nobody can."""
    needs = [
        _Fact(f"{NEEDS}{line.competency_id}", f"Need: {line.title}", line.need, in_words(line.need))
        for line in profile.competencies
    ]
    titles = {line.context_id: line.title for line in profile.contexts}
    primary = profile.primary_context
    blend = " and ".join(titles.get(each, each) for each in profile.blended_contexts)
    return [
        *needs,
        _Fact(CONTEXT, "Role context", primary, titles.get(primary, primary) if primary else NONE),
        _Fact("blended_contexts", "Blend", profile.blended_contexts, blend or NONE),
        _Fact("ai_role", "AI role", profile.ai_role, "yes" if profile.ai_role else "no"),
        _Fact("minutes", "Limit of minutes", profile.minutes, str(profile.minutes)),
        _Fact("seniority", "Seniority", profile.seniority, profile.seniority.value),
        _Fact("years", "Years", profile.years, str(profile.years)),
        _Fact("title", "Title", profile.title, profile.title),
    ]


def _findings(profile: RoleProfile) -> list[_Fact]:
    """Return what was found in the text."""
    said = [
        _Fact(f"said.{line.competency_id}", f"Said: {line.title}", line.said, in_words(line.said))
        for line in profile.competencies
    ]
    asked = [
        _Fact(
            f"framework.{line.competency_id}",
            f"Framework: {line.title}",
            (line.framework, line.scoped_need),
            in_words(line.framework or NONE),
        )
        for line in profile.competencies
    ]
    return [*said, *asked, *(_share(line) for line in profile.contexts)]


def _share(line: ContextLine) -> _Fact:
    shown = f"{line.share:.1%}, {line.demanded:g} demanded"
    return _Fact(f"contexts.{line.context_id}", f"Pull: {line.title}", (line.share, line.demanded), shown)


def _warnings(old: RoleProfile, new: RoleProfile) -> Iterator[Difference]:
    """Pair the warnings of a code that only one of the profiles has."""
    for code in dict.fromkeys(each.code for each in (*old.warnings, *new.warnings)):
        gone = [each for each in old.warnings if each.code == code and each not in new.warnings]
        come = [each for each in new.warnings if each.code == code and each not in old.warnings]
        for one, other in zip_longest(gone, come):
            yield Difference(f"warnings.{code}", "Warning", one.what if one else "", other.what if other else "")


def _grounds(profile: RoleProfile) -> list[_Fact]:
    """Return what the profile rests on: sentences, reasons, source and the changes themselves."""
    source = profile.source
    return [
        *(_quoted(line) for line in profile.competencies),
        *(_pulled(line) for line in profile.contexts),
        _Fact("ai_because", "Why an AI role", profile.ai_because, profile.ai_because),
        _Fact("source.text", "Text", (source.digest, source.name, source.format), f"{source.name} {source.digest[:8]}"),
        _Fact(
            "source.framework",
            "Framework",
            (source.framework_version, source.framework_digest),
            f"{source.framework_version} {source.framework_digest[:8]}",
        ),
        _Fact(
            "source.reader",
            "Reader",
            (source.reader, source.lexicon_digest, source.product_version),
            f"{source.reader} {source.lexicon_digest[:8]}, Shipworthy {source.product_version}",
        ),
        _Fact("changes", "Version", profile.changes, str(profile.version)),
    ]


def _quoted(line: CompetencyLine) -> _Fact:
    value = (line.title, line.quotes, line.aside)
    return _Fact(f"quotes.{line.competency_id}", f"Sentences: {line.title}", value, _sentences(line.quotes))


def _pulled(line: ContextLine) -> _Fact:
    value = (line.title, line.quotes)
    return _Fact(f"quotes.{line.context_id}", f"Sentences: {line.title}", value, _sentences(line.quotes))


def _sentences(quotes: Sequence[Quote]) -> str:
    return " / ".join(quote.sentence for quote in quotes)


def in_words(value: str) -> str:
    """Return a value as people read it: `not_needed` as `not needed`."""
    return str(value).replace("_", " ")
