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


class UnusableBlobsError(StoreError):
    """The place for submissions and evidence cannot be used."""

    code = "store_blobs_unusable"


class MissingBlobError(StoreError):
    """A blob is not there."""

    code = "store_blob_missing"


class DamagedBlobError(StoreError):
    """A blob is not what was kept."""

    code = "store_blob_damaged"


class BackupFileError(StoreError):
    """A backup's file cannot be used."""

    code = "store_backup_file"
    exit_code = 2


class NotEmptyError(StoreError):
    """Something is there already that would be lost."""

    code = "store_not_empty"
    exit_code = 2
