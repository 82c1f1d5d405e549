"""How a profile and the differences of two look in a terminal; readable at 80 columns and without colour."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from shipworthy.cli.screen import screen, table
from shipworthy.framework import RequirementLevel
from shipworthy.roles.entities import Caution, Change, CompetencyLine, ContextLine, MentionLevel, RoleProfile, Seniority

BAR = 24
LETTERS = {MentionLevel.REQUIRED: "R", MentionLevel.PREFERRED: "P", MentionLevel.NOT_MENTIONED: "-"}
LEGEND = "R required, P preferred, N not needed, - nothing said"
BY_HAND = "*"


def show_profile(profile: RoleProfile) -> None:
    """Print a profile on standard output."""
    screen.print(profile_table(profile))


def profile_table(profile: RoleProfile) -> RenderableType:
    """Return a profile as people read it: its competencies, contexts, blend, seniority, years, warnings and changes."""
    parts: list[RenderableType] = [Text(printable(profile.title) or "Role without a title", style="bold")]
    parts.append(Text(_facts(profile)))
    parts += [Text(""), _competencies(profile), Text(_legend(profile), style="dim")]
    parts += [Text(""), _contexts(profile), Text(_blend(profile))]
    for warning in profile.warnings:
        parts += [Text(""), *_warning(warning)]
    if profile.changes:
        parts += [Text(""), changes_table(profile.changes)]
    return Group(*parts)


def _facts(profile: RoleProfile) -> str:
    seniority = profile.seniority.value if profile.seniority is not Seniority.UNSPECIFIED else "not said"
    years = f"{profile.years} or more" if profile.years else "not said"
    return f"Seniority: {seniority}. Years: {years}. Limit: {profile.minutes} minutes. Version: {profile.version}."


def _competencies(profile: RoleProfile) -> Table:
    shown = table("Competency", "Text", "Role", "Need", title="What it asks")
    shown.add_column("Sentence", no_wrap=True, overflow="ellipsis", ratio=1)
    shown.expand = True
    for line in profile.competencies:
        asked = line.framework.letter if line.framework else "-"
        shown.add_row(escape(printable(line.title)), LETTERS[line.said], asked, _need(line), Text(_sentence(line)))
    return shown


def _need(line: CompetencyLine) -> str:
    words = line.need.value.replace("_", " ")
    style = "bold" if line.need is RequirementLevel.REQUIRED else "dim" if words.startswith("not") else "default"
    return f"[{style}]{words}[/]{BY_HAND if line.need is not line.scoped_need else ''}"


def _sentence(line: CompetencyLine) -> str:
    return printable(line.quotes[0].sentence) if line.quotes else ""


def _legend(profile: RoleProfile) -> str:
    changed = any(line.need is not line.scoped_need for line in profile.competencies)
    text = f"Text: what the job description says. Role: what the role context asks. {LEGEND}."
    return f"{text} {BY_HAND} changed by a person." if changed else text


def _contexts(profile: RoleProfile) -> Table:
    shown = Table.grid(padding=(0, 2))
    for line in profile.contexts:
        primary = "primary" if line.context_id == profile.primary_context else ""
        shown.add_row(Text(printable(line.title)), Text(_bar(line)), f"{line.share:.0%}", primary)
    return shown


def _bar(line: ContextLine) -> str:
    filled = round(min(1.0, line.share) * BAR)
    return "█" * filled + "·" * (BAR - filled)


def _blend(profile: RoleProfile) -> str:
    if profile.blended:
        titles = {line.context_id: line.title for line in profile.contexts}
        return f"Blend: {' and '.join(titles.get(each, each) for each in profile.blended_contexts)}."
    return "Blend: none." if profile.primary_context else "No role context stands out."


def _warning(warning: Caution) -> list[RenderableType]:
    what = Text.assemble(("! Warning ", "bold yellow"), printable(warning.what))
    parts: list[RenderableType] = [what, Text.assemble(("What to do ", "bold"), printable(warning.advice))]
    return [*parts, *(Text(f"  “{printable(sentence)}”", style="dim") for sentence in warning.sentences)]


def changes_table(changes: Sequence[Change]) -> Table:
    """Return what people changed, the oldest first."""
    shown = table("When", "What", "Change", "By", "Why", title="Changes")
    for each in changes:
        cells = (each.when[:10], each.what, step_of(each), each.by, each.reason)
        shown.add_row(*(escape(printable(cell)) for cell in cells))
    return shown


def step_of(made: Change) -> str:
    """Return what a change led from and to, as the file has it."""
    return f"{printable(made.before) or 'none'} → {printable(made.after) or 'none'}"


def printable(text: str) -> str:
    """Return a text in one line, without signs that could steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))
