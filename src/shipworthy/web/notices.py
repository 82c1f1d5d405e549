"""What is said on the next page about what was just done, with a way to take it back."""

import base64
import json
from dataclasses import asdict, dataclass

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from shipworthy.web.security import cookie_of, forget, remember

COOKIE = "notice"
LONGEST = 600
A_MINUTE = 60


@dataclass(frozen=True)
class Notice:
    """A sentence for the next page; `undo` is the path that a press on the button `undo_label` is sent to."""

    words: str
    undo: str = ""
    undo_label: str = "Undo"
    tone: str = "done"


def go(request: Request, path: str, words: str = "", *, undo: str = "", undo_label: str = "Undo") -> Response:
    """Send the browser to a page of ours after something was done, to be told there in `words`."""
    response = RedirectResponse(path if is_own_path(path) else "/", 303)
    if words:
        leave(request, response, Notice(words, undo, undo_label))
    return response


def leave(request: Request, response: Response, notice: Notice) -> None:
    """Leave a notice for the next page."""
    kept = asdict(notice) | {"words": notice.words[:LONGEST]}
    spelled = base64.urlsafe_b64encode(json.dumps(kept).encode()).decode()
    remember(request, response, COOKIE, spelled, seconds=A_MINUTE)


def take(request: Request) -> Notice | None:
    """Return the notice that was left for this page, if there is one that makes sense."""
    try:
        kept = json.loads(base64.urlsafe_b64decode(cookie_of(request, COOKIE)))
        notice = Notice(**{name: str(value)[:LONGEST] for name, value in kept.items()})
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return notice if not notice.undo or is_own_path(notice.undo) else None


def taken(request: Request, response: Response) -> None:
    """Forget the notice after it was shown."""
    if cookie_of(request, COOKIE):
        forget(request, response, COOKIE)


def is_own_path(path: str) -> bool:
    """Say whether an address stays on this site, whatever a browser makes of slashes, backslashes and blanks."""
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
