import sys
from pathlib import Path

import pytest

from shipworthy.tasks.errors import UnsoundVariantError
from shipworthy.tasks.variants import generate, generate_in_subprocess
from tests.support.packages import edit, sound_package

HEAD = "from shipworthy.kit import Variant\n"
SECRET = b"the truth that nobody may see"


def write_variant(package: Path, body: str) -> None:
    (package / "variant.py").write_text(f"{HEAD}\ndef generate(seed):\n    {body}\n")
    (package / "brief.md").write_text("No places.")


def faults(package: Path, seed: int = 1) -> str:
    with pytest.raises(UnsoundVariantError) as caught:
        generate(package, seed)
    return " ".join(f"{finding.key}: {finding.fault}" for finding in caught.value.findings)


def test_the_same_seed_gives_the_same_variant_in_either_process(package: Path) -> None:
    here = generate(package, 7)
    assert generate(package, 7) == here
    assert generate_in_subprocess(package, 7) == here
    assert generate(package, 8) != here
    assert here.hidden.keys() == {"tables.json"}


def test_the_product_process_does_not_import_authored_code(package: Path) -> None:
    before = set(sys.modules)
    generate_in_subprocess(package, 7)
    assert not [name for name in set(sys.modules) - before if "variant_" in name]
    assert not list(package.rglob("__pycache__"))


def test_the_program_may_read_files_beside_it_and_print(package: Path) -> None:
    (package / "sources").mkdir()
    (package / "sources" / "rows.csv").write_bytes(SECRET)
    write_variant(
        package,
        "from pathlib import Path; print('noise'); import os; os.write(1, b'noise'); "
        "return Variant(hidden={'rows.csv': (Path(__file__).parent / 'sources/rows.csv').read_bytes()})",
    )
    assert generate_in_subprocess(package, 1).hidden == {"rows.csv": SECRET}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return {}", "It returned dict, not a Variant"),
        ("return Variant(parameters={'a b': 1})", "names"),
        ("return Variant(parameters={'a': {1, 2}})", "No JSON can say it"),
        ("return Variant(parameters={'a': float('nan')})", "No JSON can say it"),
        ("return Variant(starter={'../x': b''})", "leads out"),
        ("return Variant(hidden={'/x': b''})", "absolute"),
        ("return Variant(public={'x': 'text'})", "not bytes"),
        ("return Variant(public=[1])", "no mapping"),
        ("return Variant(starter={'x': b''}, public={'x': b''})", "twice"),
        ("return Variant(public={'public/check.py': b''})", "twice"),
        ("return Variant(starter={'x': b'1'}, hidden={'x': b'2'})", "same path"),
        (f"return Variant(starter={{'x': b'see ' + {SECRET!r}}}, hidden={{'y': {SECRET!r}}})", "x contains it"),
        ("return Variant(starter={'x': b'1'}, hidden={'y': b'1'})", "x contains it"),
    ],
)
def test_unsound_variants_are_told(package: Path, body: str, words: str) -> None:
    write_variant(package, body)
    assert words in faults(package)


def test_short_hidden_content_may_occur_by_chance(package: Path) -> None:
    write_variant(package, "return Variant(starter={'x': b'0123'}, hidden={'y': b'1', 'z': b''})")
    assert generate(package, 1).hidden == {"y": b"1", "z": b""}


def test_hidden_content_in_the_packages_own_files_is_told(package: Path) -> None:
    (package / "starter").mkdir()
    (package / "starter" / "notes.md").write_bytes(b"Hint: " + SECRET)
    write_variant(package, f"return Variant(hidden={{'y': {SECRET!r}}})")
    assert "notes.md contains it" in faults(package)


def test_a_place_that_nothing_fills_is_told(package: Path) -> None:
    edit(package, "brief.md", "{{ unit }}", "{{ units }}")
    assert faults(package) == "units: No parameter fills this place."


def test_what_goes_wrong_in_the_other_process_comes_back(package: Path) -> None:
    write_variant(package, "raise ValueError('no such seed')")
    with pytest.raises(UnsoundVariantError, match="no such seed"):
        generate_in_subprocess(package, 1)
    write_variant(package, "return {}")
    with pytest.raises(UnsoundVariantError, match="not a Variant"):
        generate_in_subprocess(package, 1)
    write_variant(package, "import os; os._exit(0)")
    with pytest.raises(UnsoundVariantError, match="cannot be read"):
        generate_in_subprocess(package, 1)


def test_a_program_that_never_ends_is_stopped(package: Path) -> None:
    write_variant(package, "import time; time.sleep(60)")
    with pytest.raises(UnsoundVariantError, match="longer than"):
        generate_in_subprocess(package, 1, seconds=1.0)


def test_the_other_process_sees_nothing_of_the_environment(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIPWORTHY_DATABASE_URL", "secret")
    write_variant(package, "import os; return Variant(parameters={'seen': sorted(os.environ)})")
    seen = generate_in_subprocess(package, 1).parameters["seen"]
    assert isinstance(seen, list)
    assert "SHIPWORTHY_DATABASE_URL" not in seen


def test_packages_may_name_their_sources_alike(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = sound_package(tmp_path, f"task-{name}")
        (folder / "sources").mkdir()
        (folder / "sources" / "world.py").write_text(f'COMPANY = "{name}"\n')
        edit(folder, "variant.py", '"company": drawn.choice(COMPANIES)', '"company": world.COMPANY')
        program = folder / "variant.py"
        program.write_text(
            f"import sys\n\nsys.path.insert(0, {str(folder / 'sources')!r})\nimport world\n\n{program.read_text()}"
        )
        try:
            assert generate(folder, 7).parameters["company"] == name
        finally:
            sys.path.remove(str(folder / "sources"))
