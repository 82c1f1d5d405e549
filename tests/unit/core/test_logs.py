import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.logs import IDS, NUMBERS, ROUTES, WORDS, about, log, start_logs, stop_logs

SECRETS = (
    "Ada Lovelace",
    "ada@example.org",
    "import secrets\nprint('x')\n",
    "9J7xR_kZ0Qm2ZCqhs3B1vW8yN6tLr5uF4pDaEoGiHcU/",
    "../my résumé.py",
    "postgresql://user:password@host/name",
)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    start_logs(stream=stream)
    yield stream
    stop_logs()


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_entry_says_what_happened_to_whom_by_id(written: io.StringIO) -> None:
    job, request = uuid4(), uuid4()
    with about(request=request):
        log.info("grading.done", grading_job=job, seconds=3.21987, kind="grading", route="/t/{token}")
    (entry,) = entries(written)
    assert entry.pop("timestamp")
    assert entry == {
        "event": "grading.done",
        "level": "info",
        "grading_job": str(job),
        "request": str(request),
        "seconds": 3.2199,
        "kind": "grading",
        "route": "/t/{token}",
    }


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("field", ["candidate", "seconds", "kind", "route", "email", "anything"])
def test_what_is_no_id_count_or_word_is_withheld_and_its_field_named(
    written: io.StringIO, field: str, secret: str
) -> None:
    log.warning("letter.failed", **{field: secret})
    assert secret not in written.getvalue()
    assert secret.splitlines()[0] not in written.getvalue()
    assert entries(written)[0]["withheld"] == [field]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_fault_is_told_by_kind_and_place_and_never_by_its_words(written: io.StringIO, secret: str) -> None:
    try:
        int(secret)
    except ValueError:
        log.error("request.failed", exc_info=True)
    (entry,) = entries(written)
    assert secret.splitlines()[0] not in written.getvalue()
    assert entry["fault"] == "ValueError"
    assert entry["places"][-1].startswith("core/test_logs.py:")


@pytest.mark.parametrize("secret", SECRETS)
def test_libraries_speak_without_their_values(written: io.StringIO, secret: str) -> None:
    library = logging.getLogger("some.library")
    library.warning("cannot send to %s", secret)
    library.warning(f"cannot send to {secret}")  # a sentence with its value inside is not written at all
    assert secret.splitlines()[0] not in written.getvalue()
    first, second = entries(written)
    assert first["said"] == "cannot send to %s"
    assert "said" not in second
    assert second["library"] == "some.library"


def test_a_sentence_as_the_event_is_withheld(written: io.StringIO) -> None:
    log.info("Ada Lovelace was invited")
    assert entries(written)[0]["event"] == "withheld"


def test_logs_for_a_person_are_as_careful() -> None:
    stream = io.StringIO()
    start_logs("text", stream)
    log.info("letter.sent", letter=uuid4(), recipient="ada@example.org")
    stop_logs()
    assert "letter.sent" in stream.getvalue()
    assert "ada@" not in stream.getvalue()


@given(
    field=st.sampled_from(sorted(IDS | NUMBERS | ROUTES | WORDS)) | st.text(max_size=20),
    address=st.sampled_from(("ada@example.org", "0@a.ac", "a.b+c@x.example")),
)
def test_no_field_carries_an_address(field: str, address: str) -> None:
    stream = io.StringIO()
    start_logs(stream=stream)
    log.info("anything.happened", **{field if field != "event" else "x": address})
    stop_logs()
    assert "@" not in stream.getvalue()
