import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.measurement.agreement import AgreementBand, Scale, agreement_band, krippendorff_alpha
from shipworthy.measurement.errors import NotEnoughFiguresError

# Krippendorff (2011), example C: four observers, twelve units, missing values.
KRIPPENDORFF_2011: list[list[float | None]] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


@pytest.mark.parametrize(
    ("scale", "expected"),
    [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815), (Scale.INTERVAL, 0.849), (Scale.RATIO, 0.797)],
)
def test_published_example(scale: Scale, expected: float) -> None:
    assert round(krippendorff_alpha(KRIPPENDORFF_2011, scale), 3) == expected


@pytest.mark.parametrize("scale", list(Scale))
def test_full_agreement_is_one(scale: Scale) -> None:
    assert krippendorff_alpha([[1, 2, 3, 4], [1, 2, 3, 4]], scale) == pytest.approx(1.0)


def test_systematic_disagreement_is_below_chance() -> None:
    assert krippendorff_alpha([[1, 2, 1, 2], [2, 1, 2, 1]], Scale.NOMINAL) < 0.0


@given(st.lists(st.lists(st.integers(1, 5), min_size=6, max_size=6), min_size=2, max_size=4), st.sampled_from(Scale))
def test_neither_the_order_of_raters_nor_of_units_matters(table: list[list[int]], scale: Scale) -> None:
    ratings = [[float(value) for value in row] for row in table]
    ratings[0][:2] = [1.0, 2.0]
    shuffled = [row[::-1] for row in reversed(ratings)]
    assert krippendorff_alpha(ratings, scale) == pytest.approx(krippendorff_alpha(shuffled, scale))
    assert krippendorff_alpha(ratings, scale) <= 1.0 + 1e-12


def test_units_with_one_rating_change_nothing() -> None:
    ratings: list[list[float | None]] = [[1, 2, 3, 5], [1, 2, 2, None]]
    without: list[list[float | None]] = [[1, 2, 3], [1, 2, 2]]
    assert krippendorff_alpha(ratings) == pytest.approx(krippendorff_alpha(without))


@pytest.mark.parametrize("ratings", [[], [[1, 2]], [[3, 3], [3, 3]], [[1, None], [None, 2]]])
def test_agreement_is_not_invented(ratings: list[list[float | None]]) -> None:
    with pytest.raises(NotEnoughFiguresError, match="cannot be computed"):
        krippendorff_alpha(ratings)


def test_ragged_tables_are_refused() -> None:
    with pytest.raises(NotEnoughFiguresError, match="different lengths"):
        krippendorff_alpha([[1, 2], [1]])


def test_bands() -> None:
    assert agreement_band(0.80) is AgreementBand.FIRM
    assert agreement_band(0.799) is AgreementBand.TENTATIVE
    assert agreement_band(0.667) is AgreementBand.TENTATIVE
    assert agreement_band(0.66) is AgreementBand.NOT_USABLE
