"""What is asked: without remarks around it, the day that it is about, and its parts where it asks about two machines."""

import datetime
import re

_MONTHS = "January February March April May June July August September October November December".split()
_DAY = r"(\d{4}-\d{2}-\d{2})"
_WRITTEN = rf"(\d{{1,2}} (?:{'|'.join(_MONTHS)}) \d{{4}})"
_LEADING = re.compile(rf"^\s*(?:as of|on|from|at|in)\s+(?:{_DAY}|{_WRITTEN})\s*[:,]\s*", re.IGNORECASE)
_ANYWHERE = re.compile(rf"\s*(?:as of|on|by)?\s*(?:{_DAY}|{_WRITTEN})", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_CODE = re.compile(r"\b[A-Z]{2}-\d{3}\b")


def alone(question):
    """Return a question without the sentences around it that ask nothing."""
    asking = [part for part in _SENTENCE_END.split(question.strip()) if part.endswith("?")]
    return " ".join(asking) or question


def dated(question, today):
    """Return the question without the day that it names, and that day; today where it names none."""
    found = _LEADING.search(question) or _ANYWHERE.search(question)
    if not found:
        return question, today
    day = found[1] or _iso(found[2])
    return (question[: found.start()] + question[found.end() :]).strip(), day


def _iso(written):
    day, month, year = written.split()
    return datetime.date(int(year), _MONTHS.index(month.capitalize()) + 1, int(day)).isoformat()


def parts(question):
    """Return the question once for each machine that it names."""
    codes = list(dict.fromkeys(_CODE.findall(question)))
    if len(codes) < 2:
        return [question]
    joined = re.compile(rf"{codes[0]}(?:,| and| or| of| the)*\s+{codes[1]}")
    return [joined.sub(code, question) if joined.search(question) else question for code in codes[:2]]
