"""Words that were registered as meaning the same, in their forms."""

import pytest

from shipworthy.gateway.senses import Senses, stem

GROUPS = (("refund", "reimbursement"), ("employee", "worker", "staff"))


@pytest.mark.parametrize(("one", "other"), [("refund", "Reimbursements"), ("refunded", "refund"), ("workers", "STAFF")])
def test_words_of_one_group_have_one_sense(one: str, other: str) -> None:
    senses = Senses(GROUPS)
    assert senses.of(one) is not None
    assert senses.of(one) == senses.of(other)


def test_words_of_two_groups_and_unknown_words_have_none_in_common() -> None:
    senses = Senses(GROUPS)
    assert senses.of("refund") != senses.of("staff")
    assert senses.of("invoice") is None
    assert Senses().of("refund") is None


def test_a_word_in_two_groups_is_refused() -> None:
    with pytest.raises(ValueError, match="bills"):
        Senses([("invoice", "bill"), ("duck", "bills")])


def test_a_stem_keeps_three_letters() -> None:
    assert [stem(word) for word in ("deliveries", "refunded", "bed", "cars")] == ["deliver", "refund", "bed", "car"]
