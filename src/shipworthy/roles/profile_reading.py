"""Reads the file of a profile strictly: every fault at once, and what stands there must follow from the changes."""

import tomllib
from collections.abc import Mapping

from shipworthy.framework import Framework, RequirementLevel, load_framework
from shipworthy.roles.changes import (
    CONTEXT,
    MOST_MINUTES,
    MOST_YEARS,
    NEEDS,
    NONE,
    SCALARS,
    context_of,
    moment_of,
    read_value,
)
from shipworthy.roles.entities import (
    Caution,
    Change,
    CompetencyLine,
    ContextLine,
    MentionLevel,
    ProfileSource,
    Quote,
    RoleProfile,
    Seniority,
)
from shipworthy.roles.errors import ProfileError, ProfileFileError
from shipworthy.roles.following import require_followed
from shipworthy.roles.profile_spelling import NO, YES
from shipworthy.roles.stances import Stance
from shipworthy.tasks.fields import Inspection, Table

MOST_WEIGHT = 1e9
LEVELS = tuple(each.value for each in RequirementLevel)


def parse_profile(content: bytes, name: str, framework: Framework | None = None) -> RoleProfile:
    """Read a profile from the content of its file; `name` is used in words only.

    Raises `ProfileError` with every fault, each with its key and a remedy; also where the values that stand in the file
    are not those that its changes lead to.
    """
    framework = framework or load_framework()
    inspection = Inspection()
    reading = _Reading(Table(_document(content, name), name, "", inspection), framework)
    profile, scoped = reading.profile()
    if inspection.findings:
        remedy = "Mend the lines named; docs/reference/role-profile.md has every key."
        raise ProfileFileError(name, inspection.findings, remedy=remedy)
    require_followed(profile, scoped, framework, name)
    return profile


def _document(content: bytes, name: str) -> dict[str, object]:
    text = ""
    try:
        text = content.decode("utf-8-sig")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProfileError(f"{name} is not UTF-8 text (at line {line}).", remedy="Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(
            f"{name} is not TOML: {_placed(str(error), text)}.",
            remedy="Mend that place: one value a line, and texts in double quotes.",
        ) from error
    except (RecursionError, ValueError) as error:
        raise ProfileError(f"{name} is no role profile.", remedy="Give a file as Shipworthy writes it.") from error


def _placed(fault: str, text: str) -> str:
    """Return what is wrong with line and column, also where the end of the text is meant."""
    lines = text.split("\n")
    return fault.replace("at end of document", f"at line {len(lines)}, column {len(lines[-1]) + 1}")


class _Reading:
    """Reads the tables of a file into a profile; faults are noted, and what is wrong reads as something harmless."""

    def __init__(self, top: Table, framework: Framework) -> None:
        self._top = top
        self._framework = framework

    def profile(self) -> tuple[RoleProfile, dict[str, str]]:
        """Return the profile and the values of `SCALARS` as scoped."""
        top = self._top
        values, scoped = _scalars(top), self._scoped()
        self._context_id(top, CONTEXT, values[CONTEXT])
        role = top.table("role")
        profile = RoleProfile(
            title=values["title"],
            ai_role=_choice(role, "ai_role", (YES, NO), "answer") == YES,
            ai_because=role.text("ai_because", empty=True),
            contexts=tuple(self._context(each) for each in _tables(top, "contexts")),
            primary_context=context_of(values[CONTEXT]),
            blended_contexts=self._blended(role),
            seniority=Seniority(values["seniority"]),
            years=int(values["years"]),
            competencies=self._competencies(),
            warnings=tuple(_caution(each) for each in _tables(top, "warnings")),
            source=self._source(),
            minutes=int(values["minutes"]),
            changes=tuple(self._change(each) for each in _tables(top, "changes")),
        )
        role.close()
        self._expect_all("contexts", [each.context_id for each in profile.contexts], self._framework.role_context_ids)
        top.close()
        return profile, scoped

    def _scoped(self) -> dict[str, str]:
        table = self._top.table("scoped")
        values = _scalars(table)
        self._context_id(table, CONTEXT, values[CONTEXT])
        table.close()
        return values

    def _context_id(self, table: Table, key: str, value: str) -> None:
        if value:
            table.expect_known(key, value, (*self._framework.role_context_ids, NONE), what="role context")

    def _blended(self, role: Table) -> tuple[str, ...]:
        found = role.texts("blended_contexts")
        for each in found:
            role.expect_known("blended_contexts", each, self._framework.role_context_ids, what="role context")
        return found

    def _context(self, table: Table) -> ContextLine:
        line = ContextLine(
            context_id=table.choice("context_id", self._framework.role_context_ids, what="role context"),
            title=table.text("title"),
            share=table.number("share", low=0.0, high=1.0),
            demanded=table.number("demanded", low=0.0, high=MOST_WEIGHT),
            quotes=_quotes(table, "quotes"),
        )
        table.close()
        return line

    def _competencies(self) -> tuple[CompetencyLine, ...]:
        needs = self._top.table("needs")
        known = self._framework.competency_ids
        levels = {name: RequirementLevel(_choice(needs, name, LEVELS, "need")) for name in known}
        needs.close()
        lines = tuple(self._line(each, levels) for each in _tables(self._top, "competencies"))
        self._expect_all("competencies", [line.competency_id for line in lines], known)
        return lines

    def _line(self, table: Table, needs: Mapping[str, RequirementLevel]) -> CompetencyLine:
        identity = table.choice("competency_id", self._framework.competency_ids, what="competency")
        asked = _choice(table, "framework", (*LEVELS, NONE), "requirement level")
        line = CompetencyLine(
            competency_id=identity,
            title=table.text("title"),
            said=MentionLevel(_choice(table, "said", [each.value for each in MentionLevel], "level")),
            framework=None if asked == NONE else RequirementLevel(asked),
            scoped_need=RequirementLevel(_choice(table, "scoped_need", LEVELS, "need")),
            need=needs.get(identity, RequirementLevel.NOT_NEEDED),
            quotes=_quotes(table, "quotes"),
            aside=_quotes(table, "aside"),
        )
        table.close()
        return line

    def _source(self) -> ProfileSource:
        table = self._top.table("source")
        version = table.text("framework_version")
        if version and version != self._framework.version:
            table.fault(
                "framework_version",
                f"The profile was scoped with {version!r}, and the framework in use is {self._framework.version!r}.",
                "Scope the role again from its job description.",
            )
        source = ProfileSource(
            name=table.text("name", empty=True),
            format=table.text("format", empty=True),
            digest=table.text("digest"),
            framework_version=version,
            framework_digest=table.text("framework_digest"),
            lexicon_digest=table.text("lexicon_digest"),
            reader=table.text("reader"),
            product_version=table.text("product_version"),
        )
        table.close()
        return source

    def _change(self, table: Table) -> Change:
        known = (*SCALARS, *(f"{NEEDS}{name}" for name in self._framework.competency_ids))
        what = table.choice("what", known, what="value to change")
        made = Change(
            what=what,
            before=self._changed_value(table, "before", what if what in known else ""),
            after=self._changed_value(table, "after", what if what in known else ""),
            by=table.text("by"),
            when=table.text("when"),
            reason=table.text("reason"),
        )
        if made.when and moment_of(made.when) is None:
            table.fault("when", f"{made.when!r} is not a time in UTC.", 'Write it as "2026-05-03T09:30:00+00:00".')
        if what and made.before == made.after:
            table.fault("after", "The change changes nothing.", "Remove the table, or correct it.")
        table.close()
        return made

    def _changed_value(self, table: Table, key: str, what: str) -> str:
        written = table.text(key, empty=what == "title")
        if written and what and what != "title":
            try:
                if read_value(what, written, self._framework) == written:
                    return written
                table.fault(key, f"{written!r} is not written as values are.", "Write it as the value itself is.")
            except ProfileError as error:
                table.fault(key, error.what, error.remedy)
        return written

    def _expect_all(self, key: str, found: list[str], known: tuple[str, ...]) -> None:
        """Note ids that are missing or stand there twice; unknown ones have been noted where they stand."""
        missing = [name for name in known if name not in found]
        repeated = [name for name in known if found.count(name) > 1]
        if missing:
            self._top.fault(key, f"There is none for {', '.join(missing)}.", "Put back what was removed.")
        if repeated:
            self._top.fault(key, f"There is more than one for {', '.join(repeated)}.", "Remove what was added.")


def _scalars(table: Table) -> dict[str, str]:
    """Read what `SCALARS` names, as texts."""
    return {
        "title": table.text("title", empty=True),
        CONTEXT: table.text(CONTEXT),
        "seniority": _choice(table, "seniority", [each.value for each in Seniority], "seniority"),
        "years": str(table.whole("years", low=0, high=MOST_YEARS)),
        "minutes": str(table.whole("minutes", low=1, high=MOST_MINUTES)),
    }


def _choice(table: Table, key: str, known: tuple[str, ...] | list[str], what: str) -> str:
    """Read one of the known values; a wrong one is noted and reads as the first."""
    value = table.choice(key, known, what=what)
    return value if value in known else known[0]


def _tables(table: Table, key: str) -> list[Table]:
    """Read a list of tables that may be left out."""
    return table.tables(key, least=0) if key in table.keys else []


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return table.texts(key) if key in table.keys else ()


def _quotes(table: Table, key: str) -> tuple[Quote, ...]:
    return tuple(_quote(each) for each in _tables(table, key))


def _quote(table: Table) -> Quote:
    quote = Quote(
        sentence=table.text("sentence", empty=True),
        words=_texts(table, "words"),
        stance=Stance(_choice(table, "stance", [each.value for each in Stance], "stance")),
        because=table.text("because", empty=True),
    )
    table.close()
    return quote


def _caution(table: Table) -> Caution:
    caution = Caution(table.text("code"), table.text("what"), table.text("advice"), _texts(table, "sentences"))
    table.close()
    return caution
