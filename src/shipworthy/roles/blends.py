"""What can be done about a blended role, and what each choice does to the requirements. Pure decisions.

Lengths of assessments come from `drawing`, which draws a blueprint for every role of a choice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shipworthy.framework import Framework, RequirementLevel
from shipworthy.roles.entities import CompetencyLine, MentionLevel, RoleProfile

Needs = Mapping[str, RequirementLevel]

_ORDER = (RequirementLevel.NOT_NEEDED, RequirementLevel.PREFERRED, RequirementLevel.REQUIRED)


@dataclass(frozen=True)
class PlannedRole:
    """One role that a choice leads to: its contexts and what would be assessed."""

    title: str
    context_ids: tuple[str, ...]
    needs: Needs

    def required(self) -> tuple[str, ...]:
        """The competencies that this role requires."""
        return tuple(name for name, need in self.needs.items() if need is RequirementLevel.REQUIRED)


@dataclass(frozen=True)
class Choice:
    """One way to deal with a blend: the roles that it leads to, and the sentences to drop or to soften for it."""

    id: str
    title: str
    what: str
    roles: tuple[PlannedRole, ...]
    sentences: tuple[str, ...] = ()


def choices_of(profile: RoleProfile, framework: Framework) -> tuple[Choice, ...]:
    """Return what can be done about a blend, the advised way first and leaving it as it is last; () without a blend."""
    if not profile.blended or profile.primary_context is None:
        return ()
    return (
        _split(profile, framework),
        _focus(profile, framework),
        _soften(profile, framework),
        _keep(profile, framework),
    )


def _split(profile: RoleProfile, framework: Framework) -> Choice:
    contexts = _primary_first(profile)
    roles = tuple(_role(profile, framework, (each,), _own(profile, framework, each)) for each in contexts)
    what = f"Advertise {len(roles)} roles: " + " and ".join(role.title for role in roles) + "."
    return Choice("split", f"Split it into {len(roles)} roles", what, roles)


def _focus(profile: RoleProfile, framework: Framework) -> Choice:
    main = _primary(profile)
    others = [each for each in profile.blended_contexts if each != main]
    role = _role(profile, framework, (main,), _own(profile, framework, main))
    names = " and ".join(framework.role_context(each).title for each in others)
    what = f"Keep the {framework.role_context(main).title} role and drop the lines that belong to {names}."
    return Choice("drop", f"Drop what belongs to {names}", what, (role,), _sentences(profile, others))


def _soften(profile: RoleProfile, framework: Framework) -> Choice:
    main = _primary(profile)
    others = [each for each in profile.blended_contexts if each != main]
    needs = {line.competency_id: _softened(line, profile, framework, main) for line in profile.competencies}
    names = " and ".join(framework.role_context(each).title for each in others)
    what = f"Keep one role and say that what belongs to {names} is welcome, not required."
    role = _role(profile, framework, (main,), needs)
    return Choice("soften", f"Make {names} a preference", what, (role,), _sentences(profile, others))


def _keep(profile: RoleProfile, framework: Framework) -> Choice:
    contexts = _primary_first(profile)
    needs = {
        line.competency_id: _highest(line.need, *(framework.requirement(each, line.competency_id) for each in contexts))
        for line in profile.competencies
    }
    what = "One person is assessed for all of it: the longest assessment, and the fewest people who pass it."
    return Choice("keep", "Leave it as it is", what, (_role(profile, framework, contexts, needs),))


def _role(profile: RoleProfile, framework: Framework, contexts: tuple[str, ...], needs: Needs) -> PlannedRole:
    names = " + ".join(framework.role_context(each).title for each in contexts)
    allowed = {line.competency_id: _allowed(needs[line.competency_id], line) for line in profile.competencies}
    return PlannedRole(f"{profile.title} ({names})", contexts, allowed)


def _allowed(need: RequirementLevel, line: CompetencyLine) -> RequirementLevel:
    """Return a need, but never above one that a person has lowered."""
    lowered = _ORDER.index(line.need) < _ORDER.index(line.scoped_need)
    return min(need, line.need, key=_ORDER.index) if lowered else need


def _own(profile: RoleProfile, framework: Framework, context_id: str) -> Needs:
    """What one context asks, with what the text asks beyond it left out where the context does not need it."""
    return {line.competency_id: _in_context(line, profile, framework, context_id) for line in profile.competencies}


def _in_context(line: CompetencyLine, profile: RoleProfile, framework: Framework, context_id: str) -> RequirementLevel:
    asked = framework.requirement(context_id, line.competency_id)
    if asked is RequirementLevel.NOT_NEEDED or line.said is not MentionLevel.REQUIRED:
        return asked
    return RequirementLevel.REQUIRED if _asked_here(line, profile, context_id) else asked


def _asked_here(line: CompetencyLine, profile: RoleProfile, context_id: str) -> bool:
    """Say whether a sentence that requires a competency is not one that belongs to another context alone."""
    mine = set(_sentences(profile, [context_id]))
    others = set(_sentences(profile, [each for each in profile.blended_contexts if each != context_id]))
    return any(quote.sentence in mine or quote.sentence not in others for quote in line.quotes)


def _softened(line: CompetencyLine, profile: RoleProfile, framework: Framework, main: str) -> RequirementLevel:
    asked = framework.requirement(main, line.competency_id)
    if asked is RequirementLevel.NOT_NEEDED and line.said is not MentionLevel.NOT_MENTIONED:
        return RequirementLevel.PREFERRED
    return _in_context(line, profile, framework, main)


def _highest(*levels: RequirementLevel) -> RequirementLevel:
    return max(levels, key=_ORDER.index)


def _primary(profile: RoleProfile) -> str:
    """The context to keep: the primary one, or the first demanded one where the primary is not demanded."""
    if profile.primary_context in profile.blended_contexts:
        return str(profile.primary_context)
    return profile.blended_contexts[0]


def _primary_first(profile: RoleProfile) -> tuple[str, ...]:
    main = _primary(profile)
    return (main, *(each for each in profile.blended_contexts if each != main))


def _sentences(profile: RoleProfile, contexts: Iterable[str]) -> tuple[str, ...]:
    wanted = set(contexts)
    quotes = (quote for line in profile.contexts if line.context_id in wanted for quote in line.quotes)
    return tuple(dict.fromkeys(quote.sentence for quote in quotes))
