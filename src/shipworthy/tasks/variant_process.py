"""The process that runs a task's `variant.py`: folder and seed in, the spelled variant out on standard output."""

import os
import sys
from pathlib import Path

from shipworthy.tasks.errors import UnsoundVariantError
from shipworthy.tasks.variant_spelling import spell_variant
from shipworthy.tasks.variants import generate


def main() -> int:
    """Generate one variant; what authored code prints goes to standard error."""
    folder, seed = sys.argv[1:]
    answer = os.dup(1)
    os.dup2(2, 1)
    try:
        variant = generate(Path(folder), int(seed))
    except UnsoundVariantError as fault:
        sys.stderr.write(fault.what)
        return 1
    with os.fdopen(answer, "wb") as opened:
        opened.write(spell_variant(variant))
    return 0


if __name__ == "__main__":
    sys.exit(main())
