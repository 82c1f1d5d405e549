"""The words of letters to candidates, and of the notice that they agree to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from shipworthy.delivery.entities import AssessmentFacts, Candidate

RECORDED = (
    "the files that you save and hand in",
    "when you start, save, run checks and hand in each task",
    "whether you reload a page or work in a second tab, so that a lost connection is not held against you",
    "your name, your address and your time zone",
)
"""What a session records, one line each."""
NOT_RECORDED = (
    "your screen, your camera, your microphone, your keystrokes",
    "anything outside these pages",
)


@dataclass(frozen=True)
class LetterText:
    """A letter's title and body, in plain text."""

    title: str
    body: str


def known_zone(name: str) -> str:
    """Return the zone if there is one of that name, else UTC."""
    return name if name in zones() else "UTC"


@cache
def zones() -> frozenset[str]:
    """Return the names of all zones; looking them up takes a while, and they do not change while a process runs."""
    return frozenset(available_timezones())


def in_zone(moment: datetime, zone: str) -> str:
    """Spell a moment for a person, such as `Friday 4 December 2026, 17:30 (Europe/Berlin)`."""
    name = known_zone(zone)
    there = moment.astimezone(ZoneInfo(name))
    return f"{there:%A} {there.day} {there:%B %Y, %H:%M} ({name.replace('_', ' ')})"


def duration(minutes: float) -> str:
    """Spell a number of minutes, such as `45 minutes` or `2 h 20 min`."""
    whole = round(minutes)
    if whole < 90:
        return f"{whole} minute" if whole == 1 else f"{whole} minutes"
    hours, rest = divmod(whole, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def invitation(facts: AssessmentFacts, candidate: Candidate, *, expires_at: datetime, link: str) -> LetterText:
    """Write the letter that invites."""
    body = f"""Hello {candidate.name},

{facts.organisation_name} invites you to a work sample for the role: {facts.title}.

You solve {_tasks(facts)} of the kind that this role brings. You choose when, and may take a break between tasks.

How long:        about {duration(facts.minutes)} in all, each task with a clock of its own
Until when:      {in_zone(expires_at, candidate.time_zone)}
Who decides:     {facts.decider_name}, a person; the assessment gives evidence, not a decision
What is kept:    what you save and hand in, and when; no camera, no screen, no keystrokes
Questions, other conditions such as more time:
                 {facts.contact}

This is your own link. Please do not pass it on:

{link}

Nothing starts when you open it. You first read what will happen, and get a code by mail that confirms it is you. If you
do not want to take part, you can say so there.
"""
    return LetterText(f"{facts.organisation_name} invites you: {facts.title}", body)


def reminder(facts: AssessmentFacts, candidate: Candidate, *, expires_at: datetime, link: str) -> LetterText:
    """Write the letter that reminds."""
    body = f"""Hello {candidate.name},

this is a reminder of the work sample for the role {facts.title} at {facts.organisation_name}. You can start or go on
until {in_zone(expires_at, candidate.time_zone)}.

It takes about {duration(facts.minutes)} in all. If you need other conditions, or more days, write to {facts.contact}.

{link}

If you do not want to take part, you can say so there; then no more reminders come.
"""
    return LetterText(f"Reminder: {facts.title} at {facts.organisation_name}", body)


def extension(facts: AssessmentFacts, candidate: Candidate, *, expires_at: datetime, link: str) -> LetterText:
    """Write the letter that tells of a later end."""
    body = f"""Hello {candidate.name},

you have more time for the work sample for the role {facts.title} at {facts.organisation_name}: your invitation now
holds until {in_zone(expires_at, candidate.time_zone)}.

{link}

Questions: {facts.contact}
"""
    return LetterText(f"More time: {facts.title} at {facts.organisation_name}", body)


def cancellation(facts: AssessmentFacts, candidate: Candidate) -> LetterText:
    """Write the letter that takes an invitation back."""
    body = f"""Hello {candidate.name},

{facts.organisation_name} took back the invitation to the work sample for the role {facts.title}. There is nothing that
you need to do, and your link does not open the tasks any more.

If you were working on it, or think that this is a mistake, write to {facts.contact}.
"""
    return LetterText(f"Cancelled: {facts.title} at {facts.organisation_name}", body)


def restoration(facts: AssessmentFacts, candidate: Candidate, *, expires_at: datetime, link: str) -> LetterText:
    """Write the letter that tells that a cancellation was undone."""
    body = f"""Hello {candidate.name},

the invitation to the work sample for the role {facts.title} at {facts.organisation_name} holds again, until
{in_zone(expires_at, candidate.time_zone)}. Please excuse the confusion.

{link}

Questions: {facts.contact}
"""
    return LetterText(f"Your invitation holds again: {facts.title}", body)


def confirmation_code(facts: AssessmentFacts, candidate: Candidate, *, code: str, minutes: int) -> LetterText:
    """Write the letter with a code."""
    body = f"""Hello {candidate.name},

your code for the work sample at {facts.organisation_name}:

{code}

Enter it on the page where you asked for it. It holds for {minutes} minutes and can be used once. If you did not ask for
a code, somebody else has your link: then write to {facts.contact}.
"""
    return LetterText(f"Your code for {facts.organisation_name}", body)


def withdrawal(facts: AssessmentFacts, candidate: Candidate) -> LetterText:
    """Write the letter that confirms a withdrawal."""
    body = f"""Hello {candidate.name},

you withdrew from the work sample for the role {facts.title} at {facts.organisation_name}. No more letters about it
come.

If this was a mistake, or you want to know what is kept about you, write to {facts.contact}.
"""
    return LetterText(f"You withdrew: {facts.title}", body)


def notice(facts: AssessmentFacts, ai_rules: Sequence[str], *, time_factor: float) -> str:
    """Write what a candidate agrees to before a session; it is kept word for word.

    `ai_rules` has a line for each task, such as `Churn model: allowed`.
    """
    tasks = "\n".join(f"- {rule}" for rule in ai_rules)
    recorded = "\n".join(f"- {line}" for line in RECORDED)
    left_out = "\n".join(f"- {line}" for line in NOT_RECORDED)
    return f"""This work sample is for the role {facts.title} at {facts.organisation_name}.

It has {_tasks(facts)} and takes about {duration(facts.minutes * time_factor)}. Each task has its own clock, which
starts when you start the task and does not stop. When time runs out, what you saved last is handed in.

AI tools, per task:
{tasks}

Recorded:
{recorded}

Not recorded:
{left_out}

What you hand in is run and judged by programs that are the same for everybody; their result, with its uncertainty, goes
to {facts.organisation_name}. {facts.decider_name} decides about the role, not a program. You see your own report.

You can stop and withdraw at any time. For other conditions, questions or complaints write to {facts.contact}.
"""


def _tasks(facts: AssessmentFacts) -> str:
    return "one task" if len(facts.tasks) == 1 else f"{len(facts.tasks)} tasks"
