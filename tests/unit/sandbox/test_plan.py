from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from shipworthy.sandbox.entities import RunRequest, RuntimeFolder
from shipworthy.sandbox.plan import decode, encode
from shipworthy.sandbox.preparation import make_plan


@given(st.dictionaries(st.text("abc", min_size=1), st.binary(max_size=100)), st.text(st.characters(codec="utf-8")))
def test_a_plan_comes_back_as_it_was_with_the_contents_end_to_end(files: dict[str, bytes], word: str) -> None:
    request = RunRequest(
        RuntimeFolder(Path("/usr"), "bin/python3", "d"), ("python", word.replace("\0", "")), files=files
    )
    plan = make_plan(request, landlock=3)
    encoded = memoryview(b"".join(encode(plan, list(files.values()))))
    decoded, contents = decode(encoded)
    assert decoded == plan
    assert bytes(contents) == b"".join(files.values())
