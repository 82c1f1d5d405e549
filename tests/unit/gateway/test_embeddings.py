"""Embeddings are deterministic, have length one, and put similar texts near each other."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.canonical import JSONValue
from shipworthy.gateway.embeddings import embedding, embedding_body, read_embedding
from shipworthy.gateway.errors import CallRefusedError
from shipworthy.gateway.senses import Senses


def near(one: str, other: str, dimensions: int = 256) -> float:
    return sum(a * b for a, b in zip(embedding(one, dimensions), embedding(other, dimensions), strict=True))


def spelled(**fields: JSONValue) -> list[JSONValue]:
    rows = embedding_body(read_embedding({"model": "e", **fields}))["data"]
    assert isinstance(rows, list)
    return [row["embedding"] for row in rows]


@given(st.text(min_size=1), st.sampled_from([1, 3, 64, 256, 1024]))
def test_every_text_has_a_vector_of_length_one(text: str, dimensions: int) -> None:
    vector = embedding(text, dimensions)
    assert len(vector) == dimensions
    assert sum(number**2 for number in vector) == pytest.approx(1, abs=1e-3)
    assert vector == embedding(text, dimensions)


QUESTION = "How do I return a damaged parcel?"
PASSAGES = {
    "right": "Damaged parcels can be returned within 30 days. Print a return label in your account.",
    "close": "Parcels are delivered from Monday to Friday between 8 and 18 o'clock.",
    "far": "Our office in Hamburg is closed on public holidays.",
}


@pytest.mark.parametrize("dimensions", [64, 256, 1024])
def test_the_passage_that_shares_most_words_is_nearest(dimensions: int) -> None:
    order = sorted(PASSAGES, key=lambda name: -near(QUESTION, PASSAGES[name], dimensions))
    assert order == ["right", "close", "far"]


def test_case_accents_and_order_of_words_do_not_matter() -> None:
    assert near("Café in Zürich", "zurich IN cafe") == pytest.approx(1, abs=1e-4)


def test_registered_synonyms_are_near_each_other_and_nothing_else_is() -> None:
    senses = Senses([("refund", "reimbursement"), ("deposit", "downpayment")])

    def nearness(one: str, other: str) -> float:
        pairs = zip(embedding(one, 256, senses), embedding(other, 256, senses), strict=True)
        return sum(a * b for a, b in pairs)

    assert nearness("refund", "reimbursements") > 0.5
    assert nearness("refund", "downpayment") < 0.2
    assert near("refund", "reimbursements") < 0.2
    asked = "When is the reimbursement of a downpayment made?"
    assert (
        nearness(asked, "Deposits are refunded after a week.")
        > 0.5
        > near(asked, "Deposits are refunded after a week.")
    )


def test_both_spellings_hold_the_same_numbers() -> None:
    plain, packed = spelled(input=["one", "two"]), spelled(input=["one", "two"], encoding_format="base64")
    for numbers, text in zip(plain, packed, strict=True):
        assert isinstance(text, str)
        assert list(struct.unpack("<256f", base64.b64decode(text))) == pytest.approx(numbers, abs=1e-6)


def test_dimensions_are_as_asked_for() -> None:
    assert [len(vector) for vector in spelled(input="one", dimensions=17)] == [17]  # type: ignore[arg-type]


WRONG: list[tuple[dict[str, JSONValue], str]] = [
    ({}, "input"),
    ({"input": ""}, "input"),
    ({"input": []}, "input"),
    ({"input": ["a", ""]}, "input"),
    ({"input": [1, 2]}, "input"),
    ({"input": ["a"] * 257}, "input"),
    ({"input": "word " * 9000}, "input"),
    ({"input": "a", "dimensions": 0}, "dimensions"),
    ({"input": "a", "dimensions": 5000}, "dimensions"),
    ({"input": "a", "encoding_format": "hex"}, "encoding_format"),
    ({"input": "a", "size": 1}, "size"),
]


@pytest.mark.parametrize(("fields", "param"), WRONG)
def test_what_is_wrong_is_told_with_its_field(fields: dict[str, JSONValue], param: str) -> None:
    with pytest.raises(CallRefusedError) as raised:
        read_embedding({"model": "e", **fields})
    assert (raised.value.status, raised.value.param) == (400, param)
