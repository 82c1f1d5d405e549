"""What can go wrong on the way to the database."""

from shipworthy.core.errors import ShipworthyError


class StoreError(ShipworthyError):
    """The database cannot be used."""

    code = "store"
    exit_code = 5


class UnreachableDatabaseError(StoreError):
    """The database does not answer."""

    code = "store_unreachable"


class UnsuitableDatabaseError(StoreError):
    """The database does not have what is needed."""

    code = "store_unsuitable"


class NewerSchemaError(StoreError):
    """The database was made by a newer version of Shipworthy."""

    code = "store_newer"
