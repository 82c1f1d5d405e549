"""What a runtime is: its definition, the interpreter it is made from, and the folder that comes out."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RuntimeDefinition:
    """A pinned environment as written down in `runtimes/<id>/`.

    `python` constrains the interpreter's version (`>=3.11,<3.14`), `imports` are modules that must work in the built
    folder, `leave_out` are glob patterns of installed folders that no program needs. `lock_digest` changes with
    every byte of the definition.
    """

    id: str
    title: str
    python: str
    imports: tuple[str, ...]
    leave_out: tuple[str, ...]
    requirements: Path
    lock_digest: str


@dataclass(frozen=True)
class Interpreter:
    """An installed Python to copy: its real binary, its prefix, where its standard library lies, and its version."""

    binary: Path
    prefix: Path
    standard_library: Path
    version: str

    @property
    def minor(self) -> str:
        """The version without its last part, such as `3.11`."""
        return ".".join(self.version.split(".")[:2])


@dataclass(frozen=True)
class BuiltRuntime:
    """A self-contained folder that programs run in, wherever it is mounted.

    `root` is the folder, `python` its interpreter relative to `root`, `digest` the SHA-256 over its files,
    `lock_digest` that of the definition it was built from; `size_bytes` counts its files' content.
    """

    id: str
    root: Path
    python: str
    digest: str
    lock_digest: str
    python_version: str
    size_bytes: int
