"""The process that makes a task's made submissions: folder and seed in, the spelled submissions out."""

import base64
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from shipworthy.core.canonical import canonical_bytes
from shipworthy.tasks.errors import UnsoundVariantError
from shipworthy.tasks.references import MAKER
from shipworthy.tasks.variants import generate, load_authored


def main() -> int:
    """Make the submissions to one variant; what authored code prints goes to standard error."""
    folder, seed = sys.argv[1:]
    answer = os.dup(1)
    os.dup2(2, 1)
    try:
        variant = generate(Path(folder), int(seed))
    except UnsoundVariantError as fault:
        sys.stderr.write(fault.what)
        return 1
    made: Mapping[str, Mapping[str, bytes]] = load_authored(Path(folder) / MAKER).make(variant)
    spelled = {name: {path: base64.b64encode(content).decode() for path, content in files.items()}
               for name, files in made.items()}  # fmt: skip
    with os.fdopen(answer, "wb") as opened:
        opened.write(canonical_bytes(spelled))
    return 0


if __name__ == "__main__":
    sys.exit(main())
