"""The link from the letter, and the code that confirms a device."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from shipworthy.access.throttling import allow
from shipworthy.delivery.arriving import SHUT
from shipworthy.delivery.errors import CodeRefusedError, TooOftenError
from shipworthy.delivery.operations import confirm, follow_link, send_code
from shipworthy.delivery.rules import CODE_HOLDS
from shipworthy.delivery.wording import NOT_RECORDED, RECORDED
from shipworthy.web.candidate.visits import show, words_of
from shipworthy.web.notices import go
from shipworthy.web.security import DEVICE, remember
from shipworthy.web.who import HouseHere

router = APIRouter()
DEVICE_SECONDS = 30 * 24 * 3600
TRIES_A_MINUTE = 20


@router.get("/c/{token}")
def landing(request: Request, token: str, house: HouseHere) -> Response:
    """Say what will happen; nothing begins by looking."""
    visit = follow_link(house.database, token)
    template = "shut.html" if visit.invitation.state in SHUT else "landing.html"
    words = words_of(house, visit.assessment, visit.time_factor)
    return show(request, visit, template, token=token, tasks=words, recorded=RECORDED, not_recorded=NOT_RECORDED)


@router.post("/c/{token}/code")
def ask_for_code(request: Request, token: str, house: HouseHere) -> Response:
    """Send a code by letter."""
    visit = follow_link(house.database, token)
    send_code(house.database, visit)
    return go(request, f"/c/{token}/code", "The letter with your code is on its way.")


@router.get("/c/{token}/code")
def code_page(request: Request, token: str, house: HouseHere) -> Response:
    """Ask for the code."""
    return _code_page(request, token, house)


@router.post("/c/{token}/confirm")
def confirm_device(request: Request, token: str, house: HouseHere, code: Annotated[str, Form()] = "") -> Response:
    """Take the code, and know the device from then on."""
    if not allow(house.database, f"candidate-confirm:{_peer(request)}", TRIES_A_MINUTE, 60):
        raise TooOftenError("Too many codes were tried from here.", remedy="Wait a minute and try again.")
    visit = follow_link(house.database, token)
    try:
        device = confirm(house.database, visit, code[:40])
    except CodeRefusedError as refused:
        return _code_page(request, token, house, fault=refused)
    answer = go(request, "/session")
    remember(request, answer, DEVICE, device, seconds=DEVICE_SECONDS)
    return answer


def _code_page(request: Request, token: str, house: HouseHere, fault: CodeRefusedError | None = None) -> Response:
    visit = follow_link(house.database, token)
    minutes = int(CODE_HOLDS.total_seconds() // 60)
    return show(request, visit, "code.html", status=422 if fault else 200, token=token, fault=fault, minutes=minutes)


def _peer(request: Request) -> str:
    return request.client.host if request.client else "unknown"
