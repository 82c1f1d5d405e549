from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.simulator.rollout.document import Fields, Listing, Scalar, read_document
from shipworthy.simulator.rollout.errors import UnsoundRolloutError


def test_values_are_texts_with_their_lines() -> None:
    root = read_document(b"a: yes\nb:\n  - 010\n  - {c: '1e3', d: }\n")
    assert root.lines == {"a": 1, "b": 2}
    assert root.values["a"] == Scalar("yes", 1)
    listing = root.values["b"]
    assert isinstance(listing, Listing)
    first, second = listing.items
    assert first == Scalar("010", 3)
    assert isinstance(second, Fields)
    assert second.values == {"c": Scalar("1e3", 4), "d": Scalar("", 4)}


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "empty"),
        (b"# nothing\n", 1, "empty"),
        (b"\xff\xfea", 1, "UTF-8"),
        (b"ok: 1\nb: \xc3\x28", 2, "UTF-8"),
        (b"- 1", 1, "no mapping"),
        (b"a: 1\nb: c: d", 2, "no YAML"),
        (b"a: 1\nb:\n\t- 2", 3, "no YAML"),
        (b"a: \x00", 1, "characters"),
        (b"a: 1\na: 2\n", 2, "in line 1 already"),
        (b"a: &big [1]\n", 1, "anchor"),
        (b"a: *big\n", 1, "alias"),
        (b"a: !!python/object/apply:os.system [x]\n", 1, "tag"),
        (b"a: !!int 3\n", 1, "tag"),
        (b"a: 1\n---\nb: 2\n", 2, "second document"),
        (b"? [1, 2]\n: 3\n", 1, "list or a mapping"),
        (b"[" * 9000, 1, "deeper"),
        (b"{" * 9000, 1, "list or a mapping"),
        (b"- " * 9000, 1, "deeper"),
        (b"a: [" + b"1," * 9000 + b"]", 1, "more than"),
        (b"a" * 40_000, 1, "bytes"),
    ],
)
def test_everything_else_that_yaml_can_do_is_refused_with_its_line(content: bytes, line: int, words: str) -> None:
    with pytest.raises(UnsoundRolloutError) as caught:
        read_document(content)
    (fault,) = caught.value.faults
    assert fault.line == line
    assert words in fault.fault
    assert fault.remedy


def test_a_billion_laughs_are_not_laughed() -> None:
    bomb = b"a: &a [x,x,x]\n" + b"".join(
        b"%c: &%c [*%c,*%c,*%c]\n" % (98 + n, 98 + n, 97 + n, 97 + n, 97 + n) for n in range(20)
    )
    with pytest.raises(UnsoundRolloutError, match="anchor"):
        read_document(bomb)


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}#&*!|>'\"%@` \n\t,?", max_size=60).map(str.encode))
def test_any_bytes_are_a_mapping_or_a_fault(content: bytes) -> None:
    with suppress(UnsoundRolloutError):
        assert isinstance(read_document(content), Fields)
