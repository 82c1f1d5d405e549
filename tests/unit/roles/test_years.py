"""Years of experience that a job asks for, and years that are something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.roles.years import MOST_YEARS_ASKED, years_asked


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("5+ years of Python", 5),
        ("At least three years of experience", 3),
        ("3-5 years in machine learning", 3),
        ("3 to 5 yrs of Go", 3),
        ("You bring three to five years of practice", 3),
        ("five (5) years of experience", 5),
        ("Minimum of 4 years' experience", 4),
        ("You have 7 years of experience", 7),
        ("Experience: 6 years", 6),
        ("Python (4 years)", 4),
        ("A couple of years of PyTorch", 2),
        ("Ten or more years of Python", 10),
    ],
)
def test_years_of_experience_are_read_in_many_spellings(text: str, years: int) -> None:
    assert years_asked([text]) == years


@pytest.mark.parametrize(
    "text",
    [
        "The contract lasts 2 years",
        "A fixed-term contract of 2 years",
        "A 3 year contract",
        "We have grown for the last 10 years",
        "In the last 10 years we opened four shops",
        "Founded 12 years ago",
        "Our house is 10 years old",
        "Our data goes back 8 years",
        "Stock that vests over 4 years",
        "After 2 years you may lead",
        "2,000 years of bread",
        "You have 100 years of experience",
        "Years of experience",
        "",
    ],
)
def test_other_years_are_none_of_experience(text: str) -> None:
    assert years_asked([text]) == 0


def test_of_several_the_smallest_is_what_is_asked_at_least() -> None:
    assert years_asked(["5 years of Python", "2 years of SQL", "A contract of 1 year"]) == 2


@given(st.lists(st.integers(1, 40), max_size=6))
def test_the_smallest_sensible_number_counts_in_any_order(numbers: list[int]) -> None:
    texts = [f"At least {number} years of experience" for number in numbers]
    sensible = [number for number in numbers if number <= MOST_YEARS_ASKED]
    assert years_asked(texts) == years_asked(reversed(texts)) == min(sensible, default=0)
