"""The one base of everything that Shipworthy raises on purpose."""

from typing import ClassVar


class ShipworthyError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str | None = None, *, remedy: str | None = None) -> None:
        self.what = what or (type(self).__doc__ or "").strip().splitlines()[0]
        self.remedy = remedy or ""
        super().__init__(self.what)


class BadInputError(ShipworthyError):
    """The input cannot be used."""

    code = "bad_input"
    exit_code = 2
