"""The page says what the library holds: every family with its risk, channels and use, and no other."""

from pathlib import Path

from shipworthy.gateway.attacks.benign import KINDS
from shipworthy.gateway.attacks.families import FAMILIES
from shipworthy.gateway.attacks.spellings import SPELLINGS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "attack-library.md"


def rows() -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.read_text("utf-8").splitlines()
             if line.startswith("| `")]  # fmt: skip
    return {row[0].strip("` |"): row for row in cells}


def test_every_family_has_its_row() -> None:
    described = {name: row for name, row in rows().items() if len(row) == 6}
    assert set(described) == {family.id for family in FAMILIES}
    for family in FAMILIES:
        _, tests, risk, channels, use, example = described[family.id]
        assert tests == family.tests
        assert risk == family.risk.value
        assert channels.replace("`", "").split(", ") == [channel.value for channel in family.channels]
        assert use == ("judging only" if family.held else "public")
        assert example.rstrip("| ")


def test_every_spelling_and_every_harmless_kind_is_named() -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert [name for name in SPELLINGS if name not in text] == []
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []
