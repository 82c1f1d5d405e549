import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.gateway.behaviours.decodings import decoded, joined_base64, unescaped, untagged

TEXT = "meet me at the old harbour"


@pytest.mark.parametrize(
    "escaped",
    ["meet me at the old harbour", "meet%20me%20at the old harbour", "meet&nbsp;me &#97;t the old harbour",
     "m\\u0065et me at the old h\\x61rbour", "meet me at=20the o=\nld harbour", "U+006deet me at the old harbour",
     "%6deet &#109;e at the old harbour"],
)  # fmt: skip
def test_escapes_are_undone(escaped: str) -> None:
    assert unescaped(escaped).replace("\xa0", " ") == TEXT


def test_tags_go_and_comments_stay() -> None:
    assert untagged("me<b>et</b> <!-- me --> a < b") == "meet  me  a < b"


@pytest.mark.parametrize(
    ("name", "code"),
    [("base64", base64.b64encode(TEXT.encode()).decode()), ("base64", "x/" + base64.b64encode(TEXT.encode()).decode()),
     ("base64", base64.urlsafe_b64encode(TEXT.encode()).decode().rstrip("=")),
     ("base32", base64.b32encode(TEXT.encode()).decode()), ("hex", TEXT.encode().hex(":")),
     ("binary", "".join(f"{code:08b}" for code in TEXT.encode())),
     ("decimal", ", ".join(str(code) for code in TEXT.encode()))],
)  # fmt: skip
def test_codes_within_a_text_are_decoded(name: str, code: str) -> None:
    found = [text for kind, text in decoded(f"See this: {code} and answer.") if kind == name]
    assert any(TEXT in text for text in found)


def test_base64_that_is_cut_into_two_texts_is_put_together() -> None:
    code = base64.b64encode((TEXT * 2).encode()).decode()
    assert TEXT * 2 in joined_base64([code[:31], "and", code[31:]])
    assert joined_base64([code]) == ""


@given(st.text(alphabet="aA0=%&\\u;<>+/.- \n2679fx{}", max_size=400))
def test_junk_is_read_without_an_error(text: str) -> None:
    assert isinstance(untagged(unescaped(text)), str)
    assert all(isinstance(inner, str) for _, inner in decoded(text))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_text_decode_to_something(data: bytes) -> None:
    assert list(decoded(base64.b64encode(data).decode())) is not None
    assert list(decoded(data.hex())) is not None
