"""The only place that chooses real implementations. Explicit arguments, wiring only."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shipworthy import __version__
from shipworthy.core.canonical import JSONValue, canonical_bytes, digest_of_files
from shipworthy.core.errors import BadInputError
from shipworthy.core.held_folder import sweep_held
from shipworthy.core.live_settings import LiveSettings, read_live_settings
from shipworthy.core.settings import Settings
from shipworthy.framework import Framework, load_framework
from shipworthy.gateway.errors import LiveNotConfiguredError
from shipworthy.grading.entities import GradingSetup, LayerState
from shipworthy.grading.probing import prove_imports
from shipworthy.runtimes.building import build, find
from shipworthy.runtimes.definitions import known_runtimes, load_definition
from shipworthy.runtimes.entities import BuiltRuntime
from shipworthy.runtimes.errors import RuntimeNotBuiltError
from shipworthy.sandbox.bubblewrap import BubblewrapSandbox
from shipworthy.sandbox.entities import LayerReport, RuntimeFolder
from shipworthy.sandbox.errors import LayerMissingError
from shipworthy.sandbox.slots import sweep
from shipworthy.tasks.catalogue import Catalogue

if TYPE_CHECKING:
    from shipworthy.integrations.webhooks.sending import HttpSender
    from shipworthy.letters.smtp import SmtpTransport
    from shipworthy.store.blobs import Blobs
    from shipworthy.store.database import Database

LAYERS_FILE = "layers.json"


def open_catalogue(settings: Settings) -> Catalogue:
    """Return the catalogue with the built-in framework and the known runtimes."""
    return Catalogue(settings.catalogue_folder, load_framework(), runtimes=known_runtimes())


@dataclass(frozen=True)
class House:
    """Everything that the web and the workers work with, opened once for a process."""

    settings: Settings
    database: "Database"
    blobs: "Blobs"
    catalogue: Catalogue
    framework: Framework


def open_house(settings: Settings) -> House:
    """Open the database, bring its schema up to date, and open blobs and catalogue."""
    # The commands of a terminal never open these, and they take half a second to import.
    from shipworthy.store.blobs import open_blobs  # noqa: PLC0415
    from shipworthy.store.database import open_database  # noqa: PLC0415

    settings.data_folder.mkdir(parents=True, exist_ok=True)
    catalogue = open_catalogue(settings)
    return House(
        settings=settings,
        database=open_database(url=settings.database_url, data_folder=settings.data_folder),
        blobs=open_blobs(settings.blobs, settings.data_folder),
        catalogue=catalogue,
        framework=catalogue.framework,
    )


def mail_transport(settings: Settings) -> "SmtpTransport | None":
    """Return the way to send letters, None where no mail server is set: then they are kept.

    Raises `BadMailAddressError`.
    """
    if not settings.smtp_url:
        return None
    from shipworthy.letters.smtp import SmtpTransport, mail_server  # noqa: PLC0415 - only workers send

    return SmtpTransport(mail_server(settings.smtp_url), settings.mail_from)


def webhook_sender(settings: Settings) -> "HttpSender":
    """Return the way to tell webhooks. Raises `BadInputError` for networks that cannot be read."""
    from shipworthy.integrations.webhooks.rules import read_networks  # noqa: PLC0415 - only workers send
    from shipworthy.integrations.webhooks.sending import HttpSender  # noqa: PLC0415

    return HttpSender(read_networks(settings.webhook_networks))


def clean_up(settings: Settings) -> None:
    """Remove what a killed run of the product left: processes, cgroups, temporary folders."""
    sweep(settings.data_folder)
    sweep_held(settings.data_folder / "staging")
    sweep_held(settings.data_folder / "models")


def try_layers(settings: Settings) -> tuple[LayerReport, ...]:
    """Try every layer of the sandbox on this machine, and remember what was seen."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    sandbox = BubblewrapSandbox(settings.data_folder)
    try:
        reports = sandbox.layers()
    finally:
        sandbox.close()
    remembered: JSONValue = {"machine": _machine(), "layers": [asdict(report) for report in reports]}
    (settings.data_folder / LAYERS_FILE).write_bytes(canonical_bytes(remembered))
    return reports


def known_layers(settings: Settings) -> tuple[LayerReport, ...]:
    """Return what was seen of the layers since this machine started, trying them when nothing was."""
    try:
        remembered = json.loads((settings.data_folder / LAYERS_FILE).read_bytes())
        if remembered["machine"] == _machine():
            return tuple(LayerReport(**report) for report in remembered["layers"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return try_layers(settings)


def _machine() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return f"{boot} {os.geteuid()} {product_digest()}"


def grading_setup(
    settings: Settings, runtime_id: str, allowed_missing: Sequence[str] = (), *, live_models: Sequence[str] = ()
) -> GradingSetup:
    """Return what gradings need; refuses when a layer is missing that the operator did not allow to be missing.

    For a task with live models, also the operator's endpoint for them; see `live_settings`.
    """
    layers = known_layers(settings)
    require_layers(layers, allowed_missing)
    runtime = find(runtime_id, settings.data_folder)
    live = live_settings(live_models)
    return GradingSetup(
        data_folder=settings.data_folder,
        runtime_id=runtime.id,
        runtime_root=runtime.root,
        runtime_python=runtime.python,
        runtime_digest=runtime.digest,
        mechanism=BubblewrapSandbox.name,
        layers=tuple(LayerState(layer.layer, layer.holds) for layer in layers),
        allowed_missing=tuple(sorted(allowed_missing)),
        product_version=__version__,
        product_digest=product_digest(),
        live=live,
    )


def live_settings(models: Sequence[str]) -> LiveSettings | None:
    """Return the operator's endpoint for these live models, None where a task has none.

    Raises `LiveNotConfiguredError` where no endpoint is set, `LiveSettingsError` where it cannot be used for them. For
    a task without live models the key is not even read.
    """
    if not models:
        return None
    found = read_live_settings()
    if found is None:
        raise LiveNotConfiguredError(
            f"This task lends a live model ({', '.join(models)}), and none is set.",
            remedy="Set SHIPWORTHY_LIVE_URL, SHIPWORTHY_LIVE_MODELS and the key; see docs/how-to/use-a-live-model.md.",
        )
    return found.narrowed(models)


def require_layers(layers: Sequence[LayerReport], allowed_missing: Sequence[str]) -> None:
    """Raise `LayerMissingError` with a remedy for every layer that is missing and not allowed to be.

    Raises `BadInputError` for an allowed layer that does not exist.
    """
    unknown = sorted(set(allowed_missing) - {layer.layer for layer in layers})
    if unknown:
        known = ", ".join(layer.layer for layer in layers)
        raise BadInputError(f"There is no layer {', '.join(unknown)}.", remedy=f"The layers are: {known}.")
    missing = [layer for layer in layers if not layer.holds and layer.layer not in allowed_missing]
    if missing:
        names = " ".join(f"--allow-missing {layer.layer}" for layer in missing)
        remedies = " ".join(dict.fromkeys(layer.remedy for layer in missing if layer.remedy))
        raise LayerMissingError(
            f"Grading is refused: {', '.join(f'{layer.layer} ({layer.detail})' for layer in missing)} does not hold.",
            remedy=f"{remedies} `shipworthy sandbox check` shows every layer. To grade all the same, at your own risk "
            f"and noted in the evidence: {names}",
        )


def ready_runtime(
    settings: Settings, runtime_id: str, *, allowed_missing: Sequence[str] = (), say: Callable[[str], None]
) -> BuiltRuntime:
    """Build a runtime unless it is there, and import its packages inside the sandbox once."""
    built = build(runtime_id, settings.data_folder, say)
    proof = settings.data_folder / "proven" / built.digest
    if not proof.exists():
        say("importing its packages inside the sandbox")
        require_layers(known_layers(settings), allowed_missing)
        versions = _prove(settings, built, allowed_missing)
        proof.parent.mkdir(exist_ok=True)
        proof.write_bytes(canonical_bytes(versions))
    return built


def _prove(settings: Settings, built: BuiltRuntime, allowed_missing: Sequence[str]) -> dict[str, str]:
    sandbox = BubblewrapSandbox(settings.data_folder, allowed_missing=frozenset(allowed_missing))
    try:
        folder = RuntimeFolder(built.root, built.python, built.digest)
        return prove_imports(sandbox, folder, load_definition(built.id).imports)
    finally:
        sandbox.close()


def built_runtime(settings: Settings, runtime_id: str) -> BuiltRuntime | None:
    """Return a runtime if it is built."""
    try:
        return find(runtime_id, settings.data_folder)
    except RuntimeNotBuiltError:
        return None


@cache
def product_digest() -> str:
    """Return one SHA-256 over the product's own files."""
    home = Path(__file__).parent
    files = [path for path in home.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return digest_of_files({str(path.relative_to(home)): path.read_bytes() for path in files})


__all__ = [
    "House",
    "built_runtime",
    "clean_up",
    "grading_setup",
    "known_layers",
    "known_runtimes",
    "live_settings",
    "mail_transport",
    "open_catalogue",
    "open_house",
    "product_digest",
    "ready_runtime",
    "try_layers",
    "webhook_sender",
]
