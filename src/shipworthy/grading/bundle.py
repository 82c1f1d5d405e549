"""The evidence bundle: one zip file with all that a judgement rests on, in the same bytes for the same content."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from shipworthy.core.canonical import JSONValue, canonical_bytes, digest
from shipworthy.grading.entities import CheckOutcome, CheckRule, Grading, LayerState, Outcome, Provenance
from shipworthy.grading.errors import BundleError
from shipworthy.grading.rules import measurements_document, outcomes_document
from shipworthy.tasks.packing import EPOCH, packed

FORMAT = 1
MAX_BUNDLE = 2 * 1024**3


def pack_files(target: Path, files: Mapping[str, bytes]) -> None:
    """Write a zip whose bytes depend on nothing but the files."""
    target.write_bytes(packed(files))


def write_bundle(grading: Grading, folder: Path, target: Path) -> None:
    """Gather the transcript, submission and log in `folder`, and the outcomes, into one file at `target`."""
    (folder / "outcomes.json").write_bytes(outcomes_document(grading.outcomes))
    (folder / "measurements.json").write_bytes(measurements_document(grading.outcomes))
    (folder / "grading.json").write_bytes(canonical_bytes(grading_document(grading)))
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    names = [name for name in names if not name.startswith(".")]
    contents: JSONValue = {"format": FORMAT, "files": {name: digest((folder / name).read_bytes()) for name in names}}
    partial = target.with_name(target.name + ".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr(_entry("contents.json"), canonical_bytes(contents))
        for name in names:
            packed.writestr(_entry(name), (folder / name).read_bytes())
    partial.replace(target)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def grading_document(grading: Grading) -> JSONValue:
    """Spell the circumstances of a grading for its bundle."""
    return {
        "label": grading.label,
        "provenance": _listed(asdict(grading.provenance)),
        "rules": [asdict(rule) for rule in grading.rules],
        "ignored": list(grading.ignored),
        "fault": grading.fault,
    }


def _listed(document: dict[str, Any]) -> dict[str, JSONValue]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in document.items()}


@dataclass(frozen=True)
class OpenBundle:
    """A bundle whose digests were found right; `file` reads one of its files."""

    grading: Grading
    outcomes: bytes
    measurements: bytes
    packed: zipfile.ZipFile

    def file(self, name: str) -> bytes:
        """Return one file's bytes."""
        return self.packed.read(name)


@contextmanager
def open_bundle(path: Path) -> Iterator[OpenBundle]:
    """Open a bundle and check every file in it against its table of contents.

    Raises `BundleError` with a remedy for a file that is no bundle, was changed, or is of another format.
    """
    try:
        with _checked(path, path.name) as packed:
            yield _opened(path, packed)
    except FileNotFoundError:
        raise BundleError(f"There is no file {path}.", remedy="Name the bundle that a grading wrote.") from None


@contextmanager
def open_content(content: bytes, name: str) -> Iterator[OpenBundle]:
    """Open a bundle that is at hand as bytes; `name` is used in words only. Raises `BundleError`, as for a file."""
    with _checked(io.BytesIO(content), name) as packed:
        yield _opened(None, packed)


@contextmanager
def _checked(source: Path | BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as packed:
            _require_sound(packed)
            yield packed
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, NotImplementedError) as error:
        raise BundleError(
            f"{name} is not an evidence bundle, or it is damaged ({error}).",
            remedy="Use the file as it was written by `shipworthy grade`.",
        ) from None


def _require_sound(packed: zipfile.ZipFile) -> None:
    if sum(entry.file_size for entry in packed.infolist()) > MAX_BUNDLE:
        raise BundleError("The bundle unpacks to more than 2 GB.", remedy="Use the file as it was written.")
    contents = json.loads(packed.read("contents.json"))
    if contents["format"] != FORMAT:
        raise BundleError(
            f"The bundle has format {contents['format']}; this version reads format {FORMAT}.",
            remedy="Replay it with the version of Shipworthy that wrote it.",
        )
    names = set(packed.namelist()) - {"contents.json"}
    changed = sorted(names ^ set(contents["files"]))
    changed += [name for name in sorted(names) if digest(packed.read(name)) != contents["files"].get(name)]
    if changed:
        raise BundleError(
            f"The bundle was changed after it was written: {', '.join(changed[:5])}.",
            remedy="Use the original file; nothing in this one can be relied on.",
        )


def _opened(path: Path | None, packed: zipfile.ZipFile) -> OpenBundle:
    written = json.loads(packed.read("grading.json"))
    outcomes, measurements = packed.read("outcomes.json"), packed.read("measurements.json")
    provenance = written["provenance"]
    provenance["layers"] = tuple(LayerState(**layer) for layer in provenance["layers"])
    provenance["allowed_missing"] = tuple(provenance["allowed_missing"])
    provenance["live_models"] = tuple(provenance.get("live_models", ()))
    grading = Grading(
        label=written["label"],
        provenance=Provenance(**provenance),
        rules=tuple(CheckRule(**rule) for rule in written["rules"]),
        outcomes=_outcomes(json.loads(outcomes), json.loads(measurements)),
        ignored=tuple(written["ignored"]),
        fault=written["fault"],
        bundle=path,
    )
    return OpenBundle(grading, outcomes, measurements, packed)


def _outcomes(outcomes: list[dict[str, Any]], measurements: dict[str, Any]) -> tuple[CheckOutcome, ...]:
    return tuple(
        CheckOutcome(
            check_id=written["check"],
            outcome=Outcome(written["outcome"]),
            score=written["score"],
            message=written["message"],
            evidence=written["evidence"],
            measurements=measurements.get(written["check"], {}),
        )
        for written in outcomes
    )
