"""Small job descriptions for tests, and what is read in them."""

from shipworthy.roles.entities import MentionLevel, RoleProfile
from shipworthy.roles.operations import scope_text

LLM = """Senior LLM Engineer

About us
We bake bread for the offices of four towns, and bring it by bicycle before eight in the morning, whatever the weather.

Requirements
- You build retrieval-augmented generation on a vector database
- You design the prompts of our assistant and test every new version of them
- Python and PyTorch
- You evaluate its answers on a test set before every release
"""
FORECASTS = """- You own demand forecasting with time series
- You predict churn with gradient boosting
"""
BLENDED = LLM + FORECASTS
"""One person for assistants and for forecasts."""
OFFICE = """Office Manager

Your tasks
- Order paper, coffee and chairs
- Greet the visitors of our office
"""


def stances_in(body: str, title: str = "LLM Engineer") -> dict[str, str]:
    """Return the words of competencies that are recognised below a title, and what the text says of each."""
    read = scope_text(f"{title}\n\n{body}").reading
    return {mention.words: mention.stance.value for mention in read.competencies if mention.sentence >= 0}


def scoped(text: str) -> RoleProfile:
    """Return the profile of a job description."""
    return scope_text(text).profile


def levels(text: str) -> dict[str, MentionLevel]:
    """Return what a job description says of every competency."""
    return {line.competency_id: line.said for line in scoped(text).competencies}


def codes(text: str) -> list[str]:
    """Return the codes of the warnings of a job description."""
    return [caution.code for caution in scoped(text).warnings]
