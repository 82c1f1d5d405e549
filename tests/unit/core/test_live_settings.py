from pathlib import Path

import pytest

from shipworthy.core.live_settings import LiveSettings, LiveSettingsError, read_live_settings

URL = {"SHIPWORTHY_LIVE_URL": "https://model.example/v1/"}


def settings(**more: str) -> LiveSettings:
    found = read_live_settings({**URL, **{f"SHIPWORTHY_LIVE_{name}": value for name, value in more.items()}})
    assert found is not None
    return found


def test_nothing_is_read_where_no_address_is_set() -> None:
    assert read_live_settings({"SHIPWORTHY_LIVE_KEY": "k", "SHIPWORTHY_LIVE_SECONDS": "soon"}) is None


def test_what_is_set_is_read_and_the_rest_has_a_usual_value() -> None:
    found = settings(KEY=" sk-1 ", MODELS="reader-1=small, *=big", SECONDS="12.5", CALLS="3")
    assert found == LiveSettings("https://model.example/v1", {"reader-1": "small", "*": "big"}, "sk-1", 12.5, 3)
    assert (settings().seconds, settings().calls, settings().key) == (60.0, 8, "")


def test_a_key_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-file\n", encoding="ascii")
    assert settings(KEY_FILE=str(file)).key == "sk-file"


def test_a_key_is_never_in_the_representation() -> None:
    assert "sk-1" not in repr(settings(KEY="sk-1"))


def test_a_model_has_its_own_name_or_that_of_every_other() -> None:
    found = settings(MODELS="reader-1=small,*=big")
    assert (found.model_for("reader-1"), found.model_for("other")) == ("small", "big")
    assert settings().model_for("reader-1") is None
    assert found.narrowed(["other"]).models == {"other": "big"}
    with pytest.raises(LiveSettingsError, match="reader-2"):
        settings(MODELS="reader-1=small").narrowed(["reader-1", "reader-2"])


@pytest.mark.parametrize(
    "url",
    ["model.example", "ftp://model.example", "https://", "https://a:b@model.example/v1", "https://m.example/v1?key=1",
     "https://m.example:99999/", "https://[::1", "https://m.example/\r\nx", "http://m.example/v1"],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_with_a_remedy_and_without_the_key(url: str) -> None:
    with pytest.raises(LiveSettingsError) as refused:
        read_live_settings({"SHIPWORTHY_LIVE_URL": url, "SHIPWORTHY_LIVE_KEY": "sk-secret"})
    assert refused.value.remedy
    assert "sk-secret" not in refused.value.what + refused.value.remedy


@pytest.mark.parametrize("url", ["http://localhost:8000/v1", "http://127.0.0.1/v1", "http://[::1]:1/v1"])
def test_on_this_machine_no_encryption_is_needed(url: str) -> None:
    assert read_live_settings({"SHIPWORTHY_LIVE_URL": url, "SHIPWORTHY_LIVE_KEY": "k"}) is not None


def test_without_a_key_no_encryption_is_needed() -> None:
    assert read_live_settings({"SHIPWORTHY_LIVE_URL": "http://model.internal:8000/v1"}) is not None


@pytest.mark.parametrize(
    "more",
    [
        {"KEY": "sk-secret", "KEY_FILE": "/etc/hostname"},
        {"KEY": "sk secret"},
        {"KEY": "sk-secret\r\nx: y"},
        {"KEY": "sk-secr\u00e9t"},
        {"KEY": "x" * 5000},
        {"KEY_FILE": "/nowhere/key"},
        {"KEY_FILE": "/dev/null"},
        {"MODELS": "reader-1"},
        {"MODELS": "reader-1=a,reader-1=b"},
        {"SECONDS": "soon"},
        {"SECONDS": "nan"},
        {"SECONDS": "0"},
        {"CALLS": "65"},
    ],
)
def test_settings_that_cannot_be_used_are_refused_with_a_remedy_and_without_the_key(more: dict[str, str]) -> None:
    with pytest.raises(LiveSettingsError) as refused:
        settings(**more)
    assert refused.value.remedy
    assert "secret" not in refused.value.what + refused.value.remedy
