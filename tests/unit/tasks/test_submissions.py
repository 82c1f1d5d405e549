import os
import socket
import struct
import threading
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipworthy.tasks.entities import SubmissionRules
from shipworthy.tasks.errors import SubmissionRefusedError
from shipworthy.tasks.paths import path_fault
from shipworthy.tasks.submissions import read_reference, read_submission

RULES = SubmissionRules(paths=("*.py", "src/**"), required=("train.py",), max_mb=1, max_files=5)
MEGABYTE = 1024 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    (work / "src").mkdir(parents=True)
    (work / "train.py").write_bytes(b"print(1)\n")
    (work / "src" / "model.py").write_bytes(b"x = 1\n")
    return work


def archive(tmp_path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = tmp_path / "work.zip"
    with zipfile.ZipFile(path, "w", method) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return path


def refusal(place: Path, rules: SubmissionRules = RULES) -> str:
    with pytest.raises(SubmissionRefusedError) as caught:
        read_submission(place, rules)
    assert caught.value.remedy
    assert "\n" not in caught.value.what
    return caught.value.what


def test_a_folder_and_its_archive_are_the_same_submission(folder: Path, tmp_path: Path) -> None:
    files = {"src/model.py": b"x = 1\n", "train.py": b"print(1)\n"}
    from_folder = read_submission(folder, RULES)
    from_archive = read_submission(archive(tmp_path, files), RULES)
    assert dict(from_folder.files) == dict(from_archive.files) == files
    assert from_folder.digest == from_archive.digest


def test_what_does_not_count_is_listed_and_not_read(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "train.csv").write_bytes(b"1")
    (folder / ".venv" / "lib").mkdir(parents=True)
    (folder / ".venv" / "lib" / "x.py").write_bytes(b"1")
    (folder / "src" / "__pycache__").mkdir()
    (folder / "notes.txt").symlink_to("/etc/passwd")
    with (folder / "weights.bin").open("wb") as opened:
        opened.truncate(500 * MEGABYTE)
    os.mkfifo(folder / "pipe")
    read = read_submission(folder, RULES)
    assert sorted(read.files) == ["src/model.py", "train.py"]
    assert read.ignored == (".venv/", "data/", "notes.txt", "pipe", "src/__pycache__/", "weights.bin")


def test_the_list_of_ignored_files_is_cut(folder: Path) -> None:
    for number in range(250):
        (folder / f"{number:03}.txt").write_bytes(b"")
    read = read_submission(folder, RULES)
    assert len(read.ignored) == 201
    assert read.ignored[-1] == "and 50 more"


def test_the_folder_itself_may_be_named_through_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert "train.py" in read_submission(tmp_path / "link", RULES).files


def link_file(folder: Path) -> None:
    (folder / "evil.py").symlink_to("/etc/passwd")


def link_folder(folder: Path) -> None:
    (folder / "src" / "etc").symlink_to("/etc")


def link_in_place_of_folder(folder: Path) -> None:
    (folder / "src").rename(folder.parent / "moved")
    (folder / "src").symlink_to(folder.parent / "moved")


def dangling_link(folder: Path) -> None:
    (folder / "evil.py").symlink_to("nowhere")


def hard_link(folder: Path) -> None:
    outside = folder.parent / "secret"
    outside.write_bytes(b"secret")
    os.link(outside, folder / "evil.py")


def fifo(folder: Path) -> None:
    os.mkfifo(folder / "evil.py")


def unix_socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind("evil.py")
    finally:
        os.chdir(here)


def large_file(folder: Path) -> None:
    with (folder / "evil.py").open("wb") as opened:
        opened.truncate(500 * MEGABYTE)


def large_in_sum(folder: Path) -> None:
    for number in range(3):
        (folder / f"evil{number}.py").write_bytes(bytes(400 * 1024))


def many_files(folder: Path) -> None:
    for number in range(6):
        (folder / f"evil{number}.py").write_bytes(b"")


def newline_in_name(folder: Path) -> None:
    (folder / "evil\n.py").write_bytes(b"")


def invalid_utf8_name(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/evil\xff.py"))).write_bytes(b"")


def deep_folders(folder: Path) -> None:
    (folder / "src" / Path(*["d"] * 40)).mkdir(parents=True)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (link_file, "symbolic link"),
        (dangling_link, "symbolic link"),
        (link_folder, "symbolic link"),
        (link_in_place_of_folder, "symbolic link"),
        (hard_link, "hard link"),
        (fifo, "no ordinary file"),
        (unix_socket, "no ordinary file"),
        (large_file, "larger than 1 MB"),
        (large_in_sum, "larger than 1 MB"),
        (many_files, "more than 5 files"),
        (newline_in_name, "control character"),
        (invalid_utf8_name, "not valid text"),
        (deep_folders, "nested too deep"),
    ],
)
def test_hostile_folders_are_refused(folder: Path, spoil: Callable[[Path], None], words: str) -> None:
    spoil(folder)
    assert words in refusal(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make device files")
def test_a_device_is_refused_without_being_opened(folder: Path) -> None:
    os.mknod(folder / "evil.py", 0o20666, os.makedev(1, 5))
    assert "no ordinary file" in refusal(folder)


def test_ten_thousands_of_files_are_refused_before_they_are_read(folder: Path) -> None:
    for number in range(20_000):
        os.close(os.open(folder / "src" / f"{number}.txt", os.O_CREAT | os.O_WRONLY))
    assert "more than" in refusal(folder)


def test_swapping_a_file_for_a_link_while_it_is_read_leaks_nothing(folder: Path) -> None:
    secret = folder.parent / "secret"
    secret.write_bytes(b"secret")
    stop = threading.Event()

    def swap() -> None:
        victim = folder / "victim.py"
        while not stop.is_set():
            victim.unlink(missing_ok=True)
            victim.symlink_to(secret)
            victim.unlink()
            victim.write_bytes(b"honest")

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        seen = set()
        for _ in range(300):
            try:
                seen.add(read_submission(folder, RULES).files.get("victim.py", b""))
            except SubmissionRefusedError:
                continue
    finally:
        stop.set()
        swapper.join()
    assert seen <= {b"", b"honest"}


def test_empty_and_incomplete_submissions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    assert "no file that counts" in refusal(tmp_path / "work")
    (tmp_path / "work" / "other.py").write_bytes(b"")
    assert "lacks train.py" in refusal(tmp_path / "work")
    assert "no file that counts" in refusal(archive(tmp_path, {}))
    assert "cannot be read" in refusal(tmp_path / "absent")
    assert "neither a folder nor" in refusal(Path("/dev/zero"))


def test_references_may_be_empty_absent_or_incomplete(tmp_path: Path) -> None:
    assert read_reference(tmp_path / "absent", RULES).files == {}
    assert read_reference(tmp_path, RULES).files == {}
    (tmp_path / "other.py").write_bytes(b"1")
    assert read_reference(tmp_path, RULES).files == {"other.py": b"1"}


def test_one_folder_around_everything_is_taken_off(tmp_path: Path) -> None:
    path = archive(tmp_path, {"mine/train.py": b"1", "mine/src/a.py": b"2", "mine/data.csv": b"", "__MACOSX/x": b""})
    read = read_submission(path, RULES)
    assert sorted(read.files) == ["src/a.py", "train.py"]
    assert read.ignored == ("data.csv",)


def test_a_folder_that_belongs_to_the_submission_is_not_taken_off(tmp_path: Path) -> None:
    rules = SubmissionRules(paths=("src/**",), required=("src/a.py",))
    assert sorted(read_submission(archive(tmp_path, {"src/a.py": b""}), rules).files) == ["src/a.py"]


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil.py", "src/../../evil.py", "src\\..\\evil.py", "C:/evil.py"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert "evil.py" in refusal(archive(tmp_path, {"train.py": b"", name: b""}))


def test_links_and_devices_in_archives_are_refused(tmp_path: Path) -> None:
    for kind in (0o120777, 0o020666, 0o010666):
        path = archive(tmp_path, {"train.py": b""})
        with zipfile.ZipFile(path, "a") as opened:
            entry = zipfile.ZipInfo("evil.py")
            entry.external_attr = kind << 16
            opened.writestr(entry, "/etc/passwd")
        assert "a link or a device" in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"train.py": b"1"})
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("train.py", b"2")
    assert "twice" in refusal(path)


def test_a_file_that_is_a_folder_too_is_refused(tmp_path: Path) -> None:
    assert "a file and a folder" in refusal(archive(tmp_path, {"train.py": b"", "src/a": b"", "src/a/b": b""}))


def test_a_bomb_is_refused_early_and_without_filling_memory(tmp_path: Path) -> None:
    path = archive(tmp_path, {"train.py": bytes(300 * MEGABYTE)})
    tracemalloc.start()
    try:
        assert "larger than 1 MB" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 5 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"train.py": bytes(300 * MEGABYTE)})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", content, content.index(signature) + offset, 1000)
    path.write_bytes(content)
    assert "cannot be read" in refusal(path)


def test_a_file_that_grows_out_of_proportion_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"train.py": bytes(900 * 1024)})
    assert "200 times its size" in refusal(path)


def test_uncommon_compression_is_refused(tmp_path: Path) -> None:
    assert "uncommon" in refusal(archive(tmp_path, {"train.py": b"1"}, zipfile.ZIP_LZMA))


def test_encrypted_archives_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {"train.py": b"1"})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(signature) + offset, 1)
    path.write_bytes(content)
    assert "encrypted" in refusal(path)


def test_archives_with_too_many_entries_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, {f"{number}.txt": b"" for number in range(20_001)}, zipfile.ZIP_STORED)
    assert "more than 20,000" in refusal(path)


def test_an_archive_whose_list_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    path = archive(tmp_path, {"train.py": b"1"})
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.index(b"PK\x05\x06") + 12, 200 * MEGABYTE)
    path.write_bytes(content)
    assert "more than 20,000" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06", b"\x1f\x8b\x08", b"PK\x03\x04" + bytes(100)])
def test_files_that_are_no_archive_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "work.zip"
    path.write_bytes(content)
    assert "zip archive" in refusal(path) or "cannot be read" in refusal(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.data())
def test_a_damaged_archive_is_read_or_refused_and_never_crashes(tmp_path: Path, data: st.DataObject) -> None:
    path = archive(tmp_path, {"train.py": b"print(1)" * 20, "src/a.py": b"x" * 100, "data.csv": b"1,2"})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    path.write_bytes(content)
    try:
        read = read_submission(path, RULES)
    except SubmissionRefusedError:
        return
    assert all(path_fault(name) is None for name in read.files)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.lists(st.text(alphabet=st.sampled_from("ab./\\:\n\0é"), min_size=1, max_size=12), max_size=4, unique=True))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_whatever_an_archive_names_only_safe_paths_come_in(tmp_path: Path, names: list[str]) -> None:
    rules = SubmissionRules(paths=("**",), required=())
    path = archive(tmp_path, {name: b"x" for name in names if not name.startswith("\0")})
    try:
        read = read_submission(path, rules)
    except SubmissionRefusedError:
        return
    assert all(path_fault(name) is None for name in read.files)
