"""Numbers and names drawn from (seed, digest, occurrence): the same in whatever order concurrent calls arrive."""

import hashlib

_ROUNDS = 20_000
"""Stretches the seed, because a candidate's program sees draws and must not find a short seed by trying them all."""


class Draws:
    """Everything of a reply that looks random and is not.

    Each draw has a `purpose`, so that two draws for one call are independent of each other.
    """

    def __init__(self, seed: int) -> None:
        self._key = hashlib.pbkdf2_hmac("sha256", str(seed).encode(), b"shipworthy gateway", _ROUNDS)

    def hexadecimal(self, purpose: str, digest: str, occurrence: int, *, digits: int) -> str:
        """Return a name of at most 64 hexadecimal digits."""
        drawn = hashlib.blake2b(f"{purpose}\0{digest}\0{occurrence}".encode(), key=self._key, digest_size=32)
        return drawn.hexdigest()[:digits]

    def below(self, most: int, purpose: str, digest: str, occurrence: int) -> int:
        """Return a whole number from 0 to `most` - 1."""
        return int(self.hexadecimal(purpose, digest, occurrence, digits=15), 16) % most

    def fraction(self, purpose: str, digest: str, occurrence: int) -> float:
        """Return a number strictly between 0 and 1."""
        return (self.below(2**52, purpose, digest, occurrence) + 0.5) / 2**52
