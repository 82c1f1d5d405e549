"""The command that draws a role's blueprint, and what `role scope` shows of blueprints."""

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from shipworthy import bootstrap
from shipworthy.cli.exit_codes import ExitCode
from shipworthy.cli.roles import Posting, document
from shipworthy.cli.screen import print_json, screen, table
from shipworthy.core.canonical import JSONValue
from shipworthy.core.settings import read_settings
from shipworthy.framework import Framework, RequirementLevel, load_framework
from shipworthy.reports.roles import role_html
from shipworthy.roles.blueprint.entities import Blueprint, Firmness, OffersOfCatalogue
from shipworthy.roles.blueprint.offers import offers_from
from shipworthy.roles.blueprint.plain import blueprint_to_json
from shipworthy.roles.blueprint.wording import spell_minutes
from shipworthy.roles.drawing import DrawnChoice, DrawnRole, can_be_drawn, draw_choices, draw_for
from shipworthy.roles.entities import RoleProfile
from shipworthy.roles.operations import ScopedRole, scope_role
from shipworthy.roles.profile_file import profile_digest, read_profile

FIRMNESS_MARKS = {
    Firmness.FIRM: "[green]✓ firm[/]",
    Firmness.PARTIAL: "[yellow]~ partial[/]",
    Firmness.NONE: "[red]- none[/]",
}


def blueprint(
    file: Posting,
    *,
    minutes: int | None = None,
    pin: list[str] | None = None,
    leave_out: list[str] | None = None,
    json: bool = False,
) -> int:
    """Draw the blueprint of a role: which tasks, how long, what is covered how well, and what stays unassessed.

    Takes a profile that `shipworthy role scope --save` wrote, or a job description. The choice is exact: no other one
    covers more within the time, or as much in less.

    Examples: `shipworthy role blueprint role.toml`, `shipworthy role blueprint posting.md --minutes 120`

    Parameters
    ----------
    file
        The profile (a .toml file), or a job description, or - for one on standard input.
    minutes
        The most time that a candidate may be asked for; never more than the profile's own limit.
    pin
        The id of a task that must be in; can be given several times.
    leave_out
        The id of a task that must not be in; can be given several times.
    json
        Print the blueprint as JSON.
    """
    framework, profile, offers = load_framework(), _profile(file, minutes), _offers()
    drawn = draw_for(profile, offers, framework, limit_minutes=minutes, pinned=pin or (), excluded=leave_out or ())
    choices = draw_choices(profile, offers, framework, limit_minutes=minutes)
    if json:
        print_json(_plain(drawn, profile, choices))
        return ExitCode.DONE
    screen.print(f"[bold]{escape(profile.title)}[/]  profile version {profile.version}", soft_wrap=True)
    show_blueprint(drawn, framework)
    show_choices(choices, framework)
    return ExitCode.DONE


def _profile(file: str, minutes: int | None) -> RoleProfile:
    if Path(file).suffix == ".toml":
        return read_profile(Path(file))
    return (
        scope_role(document(file)).profile if minutes is None else scope_role(document(file), minutes=minutes).profile
    )


def _offers() -> OffersOfCatalogue:
    return offers_from(bootstrap.open_catalogue(read_settings()))


def write_page(scoped: ScopedRole, path: Path) -> None:
    """Write the page of a scoped role, with its blueprint where it is an AI role."""
    framework, profile, offers = load_framework(), scoped.profile, _offers()
    drawn = draw_for(profile, offers, framework) if can_be_drawn(profile) else None
    choices = draw_choices(profile, offers, framework)
    path.write_text(role_html(scoped, blueprint=drawn, choices=choices, framework=framework), encoding="utf-8")


def show_choices_for(profile: RoleProfile) -> None:
    """Show what can be done about a blended role, with today's catalogue."""
    framework = load_framework()
    show_choices(draw_choices(profile, _offers(), framework), framework)


def show_blueprint(drawn: Blueprint, framework: Framework) -> None:
    """Show the tasks, the coverage, and what cannot be covered."""
    limit = f"{spell_minutes(drawn.minutes)} of at most {spell_minutes(drawn.limit_minutes)}"
    listed = table("Task", "Method", "Minutes", "Why", title=f"Blueprint: {limit}")
    for task in drawn.tasks:
        method = framework.method(task.method.value).title
        listed.add_row(escape(task.title), method, str(task.minutes), escape(task.why))
    if drawn.tasks:
        screen.print(listed)
    else:
        screen.print("[yellow]! No task of the catalogue can be given for this role; the notes below say why.[/]")
    _show_coverage(drawn)
    for note in drawn.notes:
        screen.print(f"- {escape(note)}")
    if drawn.without_limit.lacking:
        screen.print("\n[bold]What the catalogue cannot cover, however long the time[/]")
    for lack in drawn.without_limit.lacking:
        screen.print(f"- {escape(lack.title)}: {escape(lack.words)}")
    for gone in drawn.left_out:
        screen.print(f"[dim]- Left out: {escape(gone.title or gone.task_id)}. {escape(gone.words)}[/]")


def _show_coverage(drawn: Blueprint) -> None:
    covered = table("Competency", "Need", "Tasks", "Evidence", "Reason", title="What it can say")
    for entry in drawn.coverage:
        if entry.need is RequirementLevel.NOT_NEEDED:
            continue
        evidence = FIRMNESS_MARKS[entry.firmness]
        covered.add_row(escape(entry.title), entry.need.value, str(entry.tasks), evidence, escape(entry.reason))
    screen.print(covered)


def show_choices(choices: Sequence[DrawnChoice], framework: Framework) -> None:
    """Show what each way to deal with a blend does to requirements and length; nothing without a blend."""
    if not choices:
        return
    everything = frozenset(name for drawn in choices for role in drawn.roles for name in role.role.required())
    listed = table("Choice", "Role", "Minutes", "Firm", "Requires", title="One posting, several roles: what you can do")
    for drawn in choices:
        for place, role in enumerate(drawn.roles):
            listed.add_row(
                escape(drawn.choice.title) if place == 0 else "",
                escape(" + ".join(framework.role_context(each).title for each in role.role.context_ids)),
                str(role.blueprint.minutes),
                f"{len(role.blueprint.firm)} of {len(role.role.required())}",
                _required(role, everything, framework),
            )
    screen.print(listed)
    screen.print("Minutes: what today's catalogue asks of one candidate. Firm: what it can then say a firm word about.")
    for drawn in choices:
        if drawn.choice.sentences:
            screen.print(f"\n[bold]{escape(drawn.choice.title)}[/]. {escape(drawn.choice.what)}")
            for sentence in drawn.choice.sentences:
                screen.print(f"  - {escape(sentence)}")


def _required(drawn: DrawnRole, everything: frozenset[str], framework: Framework) -> str:
    """Name what a role requires by what it leaves out, which is the shorter list."""
    required = drawn.role.required()
    spared = [framework.competency(each).title for each in framework.competency_ids if each in everything - {*required}]
    return escape(
        f"{len(required)} of {len(everything)}; not {', '.join(spared)}" if spared else f"all {len(required)}"
    )


def _plain(drawn: Blueprint, profile: RoleProfile, choices: Sequence[DrawnChoice]) -> JSONValue:
    return {
        **blueprint_to_json(drawn),
        "profile": {"title": profile.title, "version": profile.version, "digest": profile_digest(profile)},
        "choices": [_plain_choice(choice) for choice in choices],
    }


def _plain_choice(drawn: DrawnChoice) -> JSONValue:
    return {
        "choice": drawn.choice.id,
        "title": drawn.choice.title,
        "what": drawn.choice.what,
        "sentences": list(drawn.choice.sentences),
        "roles": [
            {
                "title": role.role.title,
                "contexts": list(role.role.context_ids),
                "required": list(role.role.required()),
                "minutes": role.blueprint.minutes,
                "tasks": list(role.blueprint.task_ids),
                "firm": list(role.blueprint.firm),
            }
            for role in drawn.roles
        ],
    }
