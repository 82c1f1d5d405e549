import struct

import pytest

from shipworthy.sandbox import seccomp

DANGEROUS = [
    "ptrace", "process_vm_readv", "process_vm_writev", "io_uring_setup", "io_uring_enter", "unshare", "setns", "clone3",
    "mount", "umount2", "pivot_root", "fsopen", "open_tree", "move_mount", "keyctl", "add_key", "bpf", "userfaultfd",
    "perf_event_open", "memfd_create", "shmget", "msgget", "semget", "chroot", "init_module", "kexec_load", "reboot",
    "socket", "clone", "personality", "seccomp", "pidfd_getfd", "name_to_handle_at", "open_by_handle_at",
]  # fmt: skip


@pytest.mark.parametrize("name", DANGEROUS)
def test_dangerous_calls_are_never_allowed_outright(name: str) -> None:
    assert name not in seccomp.ALLOWED


def test_filter_is_a_program_that_ends_in_a_decision() -> None:
    program = seccomp.compiled_filter()
    assert len(program) % 8 == 0
    code, _, _, _ = struct.unpack("<HBBI", program[-8:])
    assert code == 6  # BPF_RET


def test_filter_is_compiled_once() -> None:
    assert seccomp.compiled_filter() is seccomp.compiled_filter()


def test_foreign_architectures_are_killed() -> None:
    program = seccomp.compiled_filter()
    decisions = {struct.unpack_from("<HBBI", program, at)[3] for at in range(0, len(program), 8) if program[at] == 6}
    assert 0x80000000 in decisions  # kill the process
    assert 0x00050000 | 38 in decisions  # ENOSYS
    assert 0x00050000 | 97 in decisions  # EAFNOSUPPORT
