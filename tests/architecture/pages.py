"""Where the checkout's texts are, and what stands in them."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "shipworthy"
DOCS = ROOT / "docs"
AUTHORED = (
    "*",
    *(f"{top}/**/*" for top in ("benchmarks", "catalogue", "docs", "requirements", "runtimes", "src", "tests")),
)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@cache
def kept_files() -> tuple[Path, ...]:
    """Return the files of the checkout: the tracked ones or, in an export without git, the authored ones."""
    git = shutil.which("git")
    listed = git and subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed and listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for top in AUTHORED for path in sorted(ROOT.glob(top)) if "__pycache__" not in path.parts]
    return tuple(path for path in paths if path.is_file() and not path.is_symlink())


def text_of(path: Path) -> str | None:
    """Return a file's text, or None when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def packages() -> list[Path]:
    """Return the folders of the product's packages."""
    return sorted(path.parent for path in SOURCE.glob("*/__init__.py"))


def sections(page: Path, level: int = 2) -> dict[str, str]:
    """Return a page's sections by their headings, blank ones included."""
    parts = re.split(rf"^{'#' * level} +(.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def first_cells(text: str) -> list[str]:
    """Return the first cell of every row of the tables in a text, without the two lines of a table's head."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    cells = [row.split("|")[1].strip() for row in rows]
    heads = {place + offset for place, cell in enumerate(cells) if set(cell) <= {"-", ":"} for offset in (-1, 0)}
    return [cell for place, cell in enumerate(cells) if place not in heads]


def ticked(cells: list[str]) -> list[str]:
    """Return what stands in back ticks in each cell."""
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
