"""All pages of sign-in."""

from fastapi import APIRouter, FastAPI

from shipworthy.access.errors import (
    BadLinkError,
    LastOwnerError,
    NotSignedInError,
    ProviderError,
    TooOftenError,
    UnknownPersonError,
)
from shipworthy.web import errors
from shipworthy.web.sign_in import account, letters, passwords, people, signing_in, tokens

router = APIRouter()
for part in (signing_in, passwords, account, people, tokens, letters):
    router.include_router(part.router)


def prepare(app: FastAPI) -> None:  # noqa: ARG001 - the same for every audience
    """Say how the faults of these pages are answered."""
    errors.mean(401, NotSignedInError)
    errors.mean(403, ProviderError)
    errors.mean(404, UnknownPersonError, BadLinkError)
    errors.mean(409, LastOwnerError)
    errors.mean(429, TooOftenError)
