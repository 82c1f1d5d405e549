"""What a compliance officer asks the log for, as the fields of a page spell it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from shipworthy.audit.repository import Search
from shipworthy.audit.tags import Tag
from shipworthy.web.pages import zone_named

FAMILIES = tuple(dict.fromkeys(f"{tag.value.partition(':')[0]}:" for tag in Tag))
"""The kinds of who in tags, such as `recruiter:`, in the order of the tags."""


@dataclass(frozen=True)
class Asked:
    """The fields as they were sent; `faults` says by field what cannot be used."""

    tag: str = ""
    actor: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    before: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return not (self.tag or self.actor or self.subject or self.since or self.until)

    @property
    def faults(self) -> dict[str, str]:
        """What cannot be used, by field, in words."""
        dates = {"since": self.since, "until": self.until}
        return {name: "Write a day as 2026-11-22." for name, text in dates.items() if text and _day(text) is None}

    def search(self, zone: str) -> Search:
        """Return what the log is searched for; days begin and end in `zone`. What cannot be used is left out."""
        return Search(
            tag=self.tag,
            actor=self.actor.strip(),
            subject=self.subject.strip(),
            since=_beginning(self.since, zone, days=0),
            until=_beginning(self.until, zone, days=1),
            before=int(self.before) if self.before.isdecimal() and len(self.before) < 19 else None,
        )

    def address(self, **changed: str) -> str:
        """Return the address of the log with these fields, some of them changed; other pages of it are left behind."""
        fields = {name: value for name, value in vars(self).items() if name != "before"} | changed
        return "/compliance/log?" + urlencode({name: value for name, value in fields.items() if value})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _beginning(text: str, zone: str, *, days: int) -> datetime | None:
    """Return when a day begins there, or one of the days after it; nothing where there is no such moment."""
    day = _day(text)
    try:
        return datetime.combine(day + timedelta(days), time(), zone_named(zone)) if day else None
    except OverflowError:
        return None
