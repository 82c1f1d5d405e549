"""Settings, read from the environment once, at the edge."""

import os
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_PROXIES = "127.0.0.1"
DEFAULT_WEB_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Settings:
    """Where Shipworthy keeps what it builds.

    `data_folder` holds runtimes, slots and staging; the sandbox's unprivileged user must be able to enter it.
    `catalogue_folder` holds the task packages. `database_url` names a PostgreSQL database; without one an embedded
    server is used. `blobs` names the folder or bucket of submissions and evidence; without one a folder below
    `data_folder` is used. `web_url` is the address that people reach the web under. `metrics_token` opens the
    metrics to other machines, and `log_form` is `json` or `text`. Webhooks may lead into `webhook_networks`.
    `smtp_url` names the mail server, with its password, and `mail_from` the sender of letters; without a
    server letters are kept. `proxies` names the addresses and networks that are believed where a request comes from.
    """

    data_folder: Path
    catalogue_folder: Path
    database_url: str | None = None
    blobs: str | None = None
    web_url: str = DEFAULT_WEB_URL
    metrics_token: str = field(default="", repr=False)
    log_form: str = ""
    webhook_networks: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    proxies: str = DEFAULT_PROXIES


def default_data_folder(*, user_id: int, environment: dict[str, str]) -> Path:
    """Return the data folder: others can read root's; an ordinary user's is their own."""
    chosen = environment.get("SHIPWORTHY_DATA")
    if chosen:
        return Path(chosen).resolve()
    if user_id == 0:
        return Path("/var/lib/shipworthy")
    home_data = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home_data) / "shipworthy"


def default_catalogue_folder(environment: dict[str, str]) -> Path:
    """Return the catalogue: the named one, else the one in the current folder, else the checkout's own."""
    chosen = environment.get("SHIPWORTHY_CATALOGUE")
    if chosen:
        return Path(chosen).resolve()
    here = Path.cwd() / "catalogue"
    return here if here.is_dir() else Path(__file__).resolve().parents[3] / "catalogue"


def read_settings() -> Settings:
    """Read the settings from the variables that docs/reference/settings.md describes, with defaults."""
    environment = dict(os.environ)
    return Settings(
        data_folder=default_data_folder(user_id=os.geteuid(), environment=environment),
        catalogue_folder=default_catalogue_folder(environment),
        database_url=environment.get("SHIPWORTHY_DATABASE_URL") or None,
        blobs=environment.get("SHIPWORTHY_BLOBS") or None,
        metrics_token=environment.get("SHIPWORTHY_METRICS_TOKEN", "").strip(),
        webhook_networks=environment.get("SHIPWORTHY_WEBHOOK_NETWORKS", "").strip(),
        log_form=environment.get("SHIPWORTHY_LOG", "").strip(),
        smtp_url=environment.get("SHIPWORTHY_SMTP_URL", "").strip(),
        mail_from=environment.get("SHIPWORTHY_MAIL_FROM", "").strip(),
        proxies=environment.get("SHIPWORTHY_PROXIES", "").strip() or DEFAULT_PROXIES,
        web_url=(environment.get("SHIPWORTHY_WEB_URL") or DEFAULT_WEB_URL).rstrip("/"),
    )
