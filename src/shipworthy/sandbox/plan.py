"""What the supervisor tells the launcher about one run, as bytes: a header and the content of the files.

The header is encoded by `marshal`: both sides are the same interpreter, nothing in it comes from a program, and it is
decoded once per run in a fresh process, where JSON would take half a millisecond."""

import marshal
import struct
from typing import TypedDict

_LENGTH = struct.Struct("<Q")


class Plan(TypedDict):
    """One run as the launcher needs to know it; all paths are absolute unless said otherwise.

    `files` and `tools` are pairs of relative path and length. `runtime` is the folder to mount at `mounted_at`, or
    empty where the program uses the system's own. `executable` are folders that programs may be executed from, `system`
    the folders and links of the root folder, `sockets` pairs of name and path on the host. `landlock` is the version to
    use, 0 for none. `rlimits` are triples of resource, soft and hard limit. `disk_bytes` and `disk_files` limit the
    tmpfs.
    """

    argv: list[str]
    environment: dict[str, str]
    files: list[tuple[str, int]]
    tools: list[tuple[str, int]]
    runtime: str
    mounted_at: str
    executable: list[str]
    system: list[tuple[str, str]]
    landlock: int
    sockets: list[tuple[str, str]]
    rlimits: list[tuple[int, int, int]]
    disk_bytes: int
    disk_files: int


def encode(plan: Plan, contents: list[bytes]) -> list[bytes]:
    """Return the parts to write; `contents` are those of `files`, then of `tools`, in order."""
    header = marshal.dumps(dict(plan))
    return [_LENGTH.pack(len(header)), header, *contents]


def mounted_paths(plan: Plan) -> list[str]:
    """Return the paths of the host that are mounted inside: the runtime, if any, and the sockets."""
    return [*([plan["runtime"]] if plan["runtime"] else []), *(path for _, path in plan["sockets"])]


def decode(encoded: memoryview) -> tuple[Plan, memoryview]:
    """Return the plan and what follows it: the contents, end to end."""
    (length,) = _LENGTH.unpack_from(encoded)
    end = _LENGTH.size + length
    plan: Plan = marshal.loads(encoded[_LENGTH.size : end])  # noqa: S302
    return plan, encoded[end:]
