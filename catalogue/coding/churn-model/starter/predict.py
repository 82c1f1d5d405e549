"""Answer rows with what train.py learned."""


def load(folder: str) -> None:
    """Read what training left in `folder`; called once."""
    raise NotImplementedError


def predict(rows: list[dict]) -> list[dict]:
    """Return one {"probability": float, "contact": bool} per row, in the same order."""
    raise NotImplementedError
