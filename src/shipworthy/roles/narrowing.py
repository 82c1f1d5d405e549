"""Makes the profile of one of the roles that a blended one is split into."""

from dataclasses import replace

from shipworthy.framework import Framework
from shipworthy.roles.blends import PlannedRole
from shipworthy.roles.cautions import context_cautions
from shipworthy.roles.changes import CONTEXT, LONGEST_TITLE, NEEDS, change, editable_values
from shipworthy.roles.entities import RoleProfile

BLENDED = "blended_role"
ABOUT_CONTEXTS = frozenset({BLENDED, "forgotten", "beyond_the_context"})


def narrowed(
    profile: RoleProfile, planned: PlannedRole, framework: Framework, *, by: str, reason: str, when: str
) -> RoleProfile:
    """Return the profile of a planned role: title, primary context and needs as planned, each a change with the reason.

    The role is no blend any more. Raises `ProfileError` for a blank name or reason.
    """
    narrow = replace(profile, blended_contexts=planned.context_ids if len(planned.context_ids) > 1 else ())
    kept = [each for each in profile.warnings if each.code not in ABOUT_CONTEXTS]
    for what, after in _edits(planned):
        if editable_values(narrow)[what] != after:
            narrow = change(narrow, what, after, by=by, reason=reason, when=when, framework=framework)
    return replace(narrow, warnings=(*context_cautions(narrow, framework), *kept))


def _edits(planned: PlannedRole) -> list[tuple[str, str]]:
    needs = [(f"{NEEDS}{name}", need.value) for name, need in planned.needs.items()]
    return [("title", planned.title[:LONGEST_TITLE].strip()), (CONTEXT, planned.context_ids[0]), *needs]
