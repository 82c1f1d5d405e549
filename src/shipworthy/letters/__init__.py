"""Letters: mail that is written in the transaction of what it tells, and sent afterwards."""
