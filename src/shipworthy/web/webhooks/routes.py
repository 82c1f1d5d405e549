"""Add webhooks, switch them on and off, and look at what they were told."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from shipworthy.access.entities import Access, Person
from shipworthy.core.errors import ShipworthyError
from shipworthy.integrations.errors import BadWebhookError
from shipworthy.integrations.webhooks import operations as webhooks
from shipworthy.integrations.webhooks.entities import OFFERED
from shipworthy.web import pages
from shipworthy.web.notices import go
from shipworthy.web.who import HouseHere, needs

router = APIRouter()
Owner = Annotated[Person, needs(Access.OWNER)]
Url = Annotated[str, Form(max_length=4000)]
Chosen = Annotated[list[str], Form(max_length=50, default_factory=list)]


@router.get("/webhooks")
def webhooks_page(request: Request, someone: Owner, house: HouseHere) -> Response:
    """Show all webhooks."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = webhooks.webhooks(work)
    return pages.render(request, "webhooks/webhooks.html", webhooks=found)


@router.get("/webhooks/new")
def new_webhook_page(request: Request, someone: Owner) -> Response:  # noqa: ARG001 - asked for its access
    """Show the fields for a new webhook."""
    return _new(request, url="", chosen=[tag.value for tag in OFFERED])


@router.post("/webhooks/new")
def add_webhook(request: Request, someone: Owner, house: HouseHere, *, events: Chosen, url: Url = "") -> Response:
    """Add a webhook."""
    try:
        with house.database.unit_of_work(someone.organisation) as work:
            made = webhooks.add_webhook(work, someone, url=url, events=events)
    except BadWebhookError as fault:
        return _new(request, url=url, chosen=events, fault=fault)
    return go(request, f"/webhooks/{made.id}", "The webhook is told what happens from now on.")


@router.get("/webhooks/{wanted}")
def webhook_page(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Show a webhook with its secret and what it was told."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = webhooks.webhook(work, wanted)
        told = webhooks.deliveries(work, wanted)
    return pages.render(request, "webhooks/webhook.html", webhook=found, deliveries=told, meanings=_meanings())


@router.post("/webhooks/{wanted}/off")
def switch_off(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Tell a webhook nothing for now."""
    with house.database.unit_of_work(someone.organisation) as work:
        webhooks.switch(work, wanted, on=False, by=someone)
    here = f"/webhooks/{wanted}"
    return go(request, here, "The webhook is off. What happens now is told once it is on.", undo=f"{here}/on")


@router.post("/webhooks/{wanted}/on")
def switch_on(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Tell a webhook what happens, and what happened while it was off."""
    with house.database.unit_of_work(someone.organisation) as work:
        webhooks.switch(work, wanted, on=True, by=someone)
    return go(request, f"/webhooks/{wanted}", "The webhook is on.")


@router.post("/webhooks/deliveries/{wanted}/again")
def deliver_again(request: Request, someone: Owner, house: HouseHere, wanted: UUID) -> Response:
    """Try a delivery again at once."""
    with house.database.unit_of_work(someone.organisation) as work:
        found = webhooks.deliver_again(work, wanted)
    return go(request, f"/webhooks/{found.webhook}", "It is sent again in a moment.")


def _new(request: Request, *, url: str, chosen: list[str], fault: ShipworthyError | None = None) -> Response:
    return pages.render(
        request,
        "webhooks/webhook_new.html",
        status=422 if fault else 200,
        url=url,
        chosen=frozenset(chosen),
        offered=OFFERED,
        fault=fault,
    )


def _meanings() -> dict[str, str]:
    return {tag.value: tag.meaning for tag in OFFERED}
