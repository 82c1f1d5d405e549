"""The fixed tokenizer: the same text has the same tokens on every machine and in every year.

A token is at most six letters, at most three digits or at most three other signs, each with one blank before it if
there is one, a run of at most three underscores, or at most eight blanks. Tokens put together are the text again.
"""

import re

_TOKEN = re.compile(r" ?[^\W\d_]{1,6}| ?\d{1,3}| ?[^\w\s]{1,3}|_{1,3}|\s{1,8}")


def tokens(text: str) -> list[str]:
    """Return the tokens of a text, in order; joined they are the text."""
    return _TOKEN.findall(text)


def count_tokens(text: str) -> int:
    """Return how many tokens a text has."""
    return len(_TOKEN.findall(text))


def first_tokens(text: str, most: int) -> str:
    """Return the longest beginning of a text that is made of its first tokens, at most `most` of them."""
    return "".join(tokens(text)[: max(most, 0)])
