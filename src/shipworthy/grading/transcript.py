"""What crossed between judge and sandbox, written down so that a judgement can be repeated without running."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shipworthy.core.canonical import JSONValue, canonical_bytes, digest
from shipworthy.grading.errors import BundleError
from shipworthy.sandbox.entities import RefusedFile, RunRequest, RunResult, RunStatus, Usage


@dataclass
class Transcript:
    """The recorded entries, and the bytes that they name by digest."""

    entries: list[JSONValue] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def keep(self, content: bytes) -> str:
        """Store bytes and return the digest that names them."""
        name = digest(content)
        self.blobs[name] = content
        return name


def request_digest(request: RunRequest) -> str:
    """Identify what was asked of the sandbox; the runtime's place on disk does not count, its digest does."""
    limits, collection = vars(request.limits), vars(request.collection)
    return digest(
        canonical_bytes(
            {
                "runtime": request.runtime.digest,
                "argv": list(request.argv),
                "files": {path: digest(content) for path, content in request.files.items()},
                "tools": {path: digest(content) for path, content in request.tools.items()},
                "stdin": digest(request.stdin),
                "environment": dict(request.environment),
                "sockets": sorted(request.sockets),
                "limits": dict(limits),
                "collection": dict(collection),
            }
        )
    )


def result_entry(transcript: Transcript, request: RunRequest, result: RunResult) -> dict[str, JSONValue]:
    """Spell a run's result; files that the judge itself wrote are named by digest but not stored again."""
    given = {digest(content) for content in request.files.values()}
    files: dict[str, JSONValue] = {}
    for path, content in result.files.items():
        name = digest(content)
        files[path] = name if name in given else transcript.keep(content)
    return {
        "status": result.status.value,
        "exit_code": result.exit_code,
        "signal": result.signal,
        "stdout": transcript.keep(result.stdout),
        "stderr": transcript.keep(result.stderr),
        "files": files,
        "refused": [[refused.path, refused.reason] for refused in result.refused],
        "usage": dict(vars(result.usage)),
    }


def result_of(result: JSONValue, blobs: Mapping[str, bytes]) -> RunResult:
    """Read what `result_entry` spelled; `blobs` holds every named content. Raises `KeyError` when one is missing."""
    if not isinstance(result, dict):
        raise TypeError("not an object")
    return RunResult(
        status=RunStatus(result["status"]),
        exit_code=result["exit_code"],
        signal=result["signal"],
        stdout=blobs[result["stdout"]],
        stderr=blobs[result["stderr"]],
        files={path: blobs[name] for path, name in result["files"].items()},
        refused=tuple(RefusedFile(path, reason) for path, reason in result["refused"]),
        usage=Usage(**result["usage"]),
    )


def spelled(content: bytes) -> JSONValue:
    """Spell an answer's bytes: as text where they are UTF-8, else in base 64."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def unspelled(value: JSONValue) -> bytes:
    """Read what `spelled` spelled. Raises `BundleError`."""
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, Mapping) and isinstance(value.get("base64"), str):
        return base64.b64decode(str(value["base64"]))
    raise BundleError("An answer in the bundle's transcript cannot be read.")


def write_transcript(transcript: Transcript, folder: Path) -> None:
    """Write the transcript into a folder: `transcript.json`, and `blobs/` named by digest."""
    (folder / "blobs").mkdir(exist_ok=True)
    (folder / "transcript.json").write_bytes(canonical_bytes(transcript.entries))
    for name, content in transcript.blobs.items():
        (folder / "blobs" / name).write_bytes(content)


def read_transcript(folder: Path) -> Transcript:
    """Read what `write_transcript` wrote."""
    entries = json.loads((folder / "transcript.json").read_bytes())
    return Transcript(entries, {path.name: path.read_bytes() for path in (folder / "blobs").iterdir()})
