import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.delivery.guest_list import MOST_LINES, is_address, read_list


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("Ann Lee <ann@example.org>", "Ann Lee", "ann@example.org"),
        ('"Lee, Ann" <ann@example.org>', "Lee, Ann", "ann@example.org"),
        ("ann@example.org", "ann", "ann@example.org"),
        ("  <ann@example.org>, ", "ann", "ann@example.org"),
        ("Ann Lee, ann@example.org", "Ann Lee", "ann@example.org"),
        ("Ann Lee\tann@example.org", "Ann Lee", "ann@example.org"),
        ("Ann Lee ann@example.org", "Ann Lee", "ann@example.org"),
        ("ann@example.org;Ann", "Ann", "ann@example.org"),
        ("Zoë Ångström <Zoe@Example.ORG>", "Zoë Ångström", "zoe@example.org"),
        ("Jörg <joerg@exämple.example>", "Jörg", "joerg@exämple.example"),
    ],
)
def test_a_line_may_be_written_as_people_write_it(line: str, name: str, email: str) -> None:
    read = read_list(line)
    assert not read.faults
    assert [(guest.name, guest.email) for guest in read.guests] == [(name, email)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_with_a_header_may_have_its_columns_in_any_order(separator: str) -> None:
    rows = [["E-Mail", "Team", "First name", "Last name"], ["bo@example.org", "x", "Bo", "Ek"]]
    read = read_list("\n".join(separator.join(row) for row in rows))
    assert [(guest.line, guest.name, guest.email) for guest in read.guests] == [(2, "Bo Ek", "bo@example.org")]


def test_several_people_on_one_line_of_a_mail_program_are_all_taken() -> None:
    read = read_list("Ann <ann@example.org>; Bo <bo@example.org>, \nc@example.org, d@example.org")
    assert [guest.email for guest in read.guests] == [
        "ann@example.org",
        "bo@example.org",
        "c@example.org",
        "d@example.org",
    ]


def test_faulty_lines_are_told_by_their_number_and_the_others_are_taken() -> None:
    read = read_list("ann@example.org\n\nnobody\nANN@example.org\nbo@nowhere\nBo <bo@example.org>")
    assert [guest.line for guest in read.guests] == [1, 6]
    assert {fault.line: fault.fault for fault in read.faults} == {
        3: "“nobody” is no address that mail can be sent to.",
        4: "The address is on line 1 already.",
        5: "“bo@nowhere” is no address that mail can be sent to.",
    }


def test_names_that_would_paint_over_others_are_refused() -> None:
    assert not read_list("An\u202en <ann@example.org>").guests
    assert not read_list("A" * 300 + " <ann@example.org>").guests


def test_a_list_that_is_too_long_loses_no_line_silently() -> None:
    read = read_list("\n".join(f"p{number}@example.org" for number in range(MOST_LINES + 3)))
    assert len(read.guests) == MOST_LINES
    assert [fault.line for fault in read.faults] == [MOST_LINES + 1, MOST_LINES + 2, MOST_LINES + 3]


@pytest.mark.parametrize(
    "text",
    ["a@b", "a b@example.org", "a@-x.org", "a@x..org", "a@x.o1\n", "@x.org", "a@", "x" * 250 + "@y.org", "a@b.1"],
)
def test_what_is_no_address(text: str) -> None:
    assert not is_address(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_every_line_with_words_is_somebody_or_a_fault(text: str) -> None:
    read = read_list(text)
    told = {guest.line for guest in read.guests} | {fault.line for fault in read.faults}
    filled = {number for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    assert filled - told <= {min(filled, default=0)}, "only a header may name nobody"
    assert len({guest.email for guest in read.guests}) == len(read.guests)
