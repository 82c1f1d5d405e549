"""Which model the operator has put behind the gateway, read from the environment only when a task may use it."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from shipworthy.core.errors import BadInputError

EVERY_OTHER = "*"
USUAL_SECONDS, MOST_SECONDS = 60.0, 600.0
USUAL_CALLS, MOST_CALLS = 8, 64
_LONGEST_KEY = 4096
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class LiveSettingsError(BadInputError):
    """The settings for a live model cannot be used."""

    code = "bad_live_settings"


@dataclass(frozen=True)
class LiveSettings:
    """An OpenAI-compatible endpoint of the operator's choice.

    `url` is its base, such as `https://host/v1`; `models` maps the names that tasks use to the endpoint's own, `*` for
    every other. `seconds` is what one call may take, `calls` how many are under way at once. `key` is sent as a bearer
    token, and is never shown: not in the representation of this value, not in a message.
    """

    url: str
    models: Mapping[str, str]
    key: str = field(default="", repr=False)
    seconds: float = USUAL_SECONDS
    calls: int = USUAL_CALLS

    def model_for(self, name: str) -> str | None:
        """Return the endpoint's own name for a model that a task uses, or None where there is none."""
        return self.models.get(name) or self.models.get(EVERY_OTHER)

    def narrowed(self, names: Collection[str]) -> "LiveSettings":
        """Return the settings for these models alone. Raises `LiveSettingsError` for one that leads nowhere."""
        found = {name: self.model_for(name) for name in names}
        lacking = sorted(name for name, own in found.items() if own is None)
        if lacking:
            raise LiveSettingsError(
                f"No live model is set for {', '.join(lacking)}.",
                remedy=f"Add it to SHIPWORTHY_LIVE_MODELS, as in: {lacking[0]}=NAME, or *=NAME for every model.",
            )
        return replace(self, models={name: own for name, own in found.items() if own})


def read_live_settings(environment: Mapping[str, str] | None = None) -> LiveSettings | None:
    """Read the settings of a live model, or None where no `SHIPWORTHY_LIVE_URL` is set.

    The key is `SHIPWORTHY_LIVE_KEY`, or what stands in the file that `SHIPWORTHY_LIVE_KEY_FILE` names. Raises
    `LiveSettingsError`; its words never hold the key.
    """
    environment = os.environ if environment is None else environment
    url = environment.get("SHIPWORTHY_LIVE_URL", "").strip()
    if not url:
        return None
    key = _key(environment.get("SHIPWORTHY_LIVE_KEY", ""), environment.get("SHIPWORTHY_LIVE_KEY_FILE", ""))
    return LiveSettings(
        url=_sound_url(url, with_key=bool(key)),
        models=_models(environment.get("SHIPWORTHY_LIVE_MODELS", "")),
        key=key,
        seconds=_number(environment.get("SHIPWORTHY_LIVE_SECONDS", ""), "seconds", USUAL_SECONDS, MOST_SECONDS),
        calls=int(_number(environment.get("SHIPWORTHY_LIVE_CALLS", ""), "calls", USUAL_CALLS, MOST_CALLS)),
    )


def _sound_url(url: str, *, with_key: bool) -> str:
    wanted = "Write the base of the endpoint, such as https://host/v1."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise LiveSettingsError("SHIPWORTHY_LIVE_URL is no address.", remedy=wanted) from None
    if parts.scheme not in {"http", "https"} or not host or not url.isascii() or not url.isprintable():
        raise LiveSettingsError("SHIPWORTHY_LIVE_URL is no http or https address.", remedy=wanted)
    if parts.username is not None or parts.query or parts.fragment:
        raise LiveSettingsError("SHIPWORTHY_LIVE_URL holds more than host and path.", remedy=wanted)
    if parts.scheme == "http" and with_key and host not in _LOOPBACK:
        raise LiveSettingsError(
            "SHIPWORTHY_LIVE_URL would send the key over the network unencrypted.", remedy="Use https."
        )
    return url.rstrip("/")


def _key(given: str, file: str) -> str:
    if given and file:
        raise LiveSettingsError(
            "Both SHIPWORTHY_LIVE_KEY and SHIPWORTHY_LIVE_KEY_FILE are set.", remedy="Unset one of them."
        )
    key = (_read(Path(file)) if file else given).strip()
    if len(key) > _LONGEST_KEY or not key.isascii() or any(not sign.isprintable() or sign == " " for sign in key):
        raise LiveSettingsError("The key of the live model is no bearer token.", remedy="Use printable ASCII signs.")
    return key


def _read(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            text = opened.read(_LONGEST_KEY + 2).decode("ascii")
    except (OSError, UnicodeDecodeError):
        raise LiveSettingsError(
            f"The key file {path} cannot be read.", remedy="SHIPWORTHY_LIVE_KEY_FILE names a file with the key alone."
        ) from None
    if not text.strip():
        raise LiveSettingsError(f"The key file {path} is empty.", remedy="Write the key into it, and nothing else.")
    return text


def _models(spelled: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in spelled.split(","))):
        name, sign, own = (part.strip() for part in pair.partition("="))
        if not (name and sign and own) or name in found:
            raise LiveSettingsError(
                "SHIPWORTHY_LIVE_MODELS cannot be read.", remedy="Write pairs, as in: reader-1=small-model,*=big-model"
            )
        found[name] = own
    return found


def _number(spelled: str, what: str, usual: float, most: float) -> float:
    try:
        value = float(spelled) if spelled.strip() else usual
    except ValueError:
        value = -1.0
    if not 1 <= value <= most:
        raise LiveSettingsError(
            f"The {what} of the live model are no number from 1 to {most:g}.",
            remedy=f"Leave the setting out for {usual:g} {what}.",
        )
    return value
