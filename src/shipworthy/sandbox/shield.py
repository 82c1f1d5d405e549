"""The shield: a static program of a few hundred bytes that is process 1 of every sandbox.

Bubblewrap sets up the mounts, drops capabilities, installs the seccomp filter and executes the shield. Landlock has to
come after the mounts (a process under Landlock may not mount), and starting a second interpreter for it would cost as
much as the whole sandbox, so the shield is emitted here as machine code:

1. `prctl(PR_SET_DUMPABLE, 0)`: nobody inside can look into process 1.
2. `write(3, "S", 1)` tells the supervisor that the mounts are done and the program is about to start.
3. `clone(SIGCHLD)`. The child calls `landlock_restrict_self(9, 0)` (on failure `write(3, "L", 1)` and
   `exit_group(125)`), closes every descriptor above standard error, and executes its own arguments (on failure
   `exit_group(126)`).
4. The parent closes everything but the status pipe, reaps every process that ends, and when the program itself ends
   writes its 4-byte wait status to descriptor 3 and exits, which makes the kernel end everything else in the sandbox.

So the supervisor learns the true wait status, not one folded into an exit code.
"""

import struct

STATUS_FD = 3
RULESET_FD = 9
STARTED = b"S"
UNRESTRICTED = b"L"
NO_LANDLOCK_EXIT = 125
NO_EXECUTION_EXIT = 126

_LOAD_ADDRESS = 0x400000
_HEADERS = 64 + 2 * 56
_MACHINES = {"x86_64": 62, "aarch64": 183}


def emit(machine: str, *, landlock: bool = True) -> bytes:
    """Return the shield as an ELF file for `machine` (`x86_64` or `aarch64`).

    Without `landlock` the child skips step 3's restriction. Raises `KeyError` for another machine.
    """
    number = _MACHINES[machine]
    code = _x86_64(landlock=landlock) if machine == "x86_64" else _aarch64(landlock=landlock)
    return _elf(number, code)


def _elf(machine: int, code: bytes) -> bytes:
    entry = _LOAD_ADDRESS + _HEADERS
    size = _HEADERS + len(code)
    identity = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)
    header = identity + struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, entry, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, _LOAD_ADDRESS, _LOAD_ADDRESS, size, size, 0x10000)
    stack = struct.pack("<IIQQQQQQ", 0x6474E551, 6, 0, 0, 0, 0, 0, 16)
    return header + load + stack + code


def _x86_64(*, landlock: bool) -> bytes:
    """Assemble for x86_64; rbx keeps the start of the stack (argc, argv, environment), r12 the child's id."""
    start = bytes.fromhex("4889e3")  # mov rbx, rsp
    start += _x86_call(157, 4, 0) + bytes.fromhex("6a53")  # prctl; push 'S'
    start += bytes.fromhex("bf03000000 4889e6 ba01000000 b801000000 0f05")  # write(3, rsp, 1)
    start += bytes.fromhex("4531d2 4531c0 31d2") + _x86_call(56, 17, 0)  # clone(SIGCHLD, 0, 0, 0, 0)
    start += bytes.fromhex("85c0")  # test eax, eax
    parent = bytes.fromhex("7911") + _x86_call(231, NO_EXECUTION_EXIT, 0)  # jns over an exit: there was no child
    parent += bytes.fromhex("4189c4")  # mov r12d, eax
    parent += bytes.fromhex("31d2") + _x86_call(436, 0, 2)  # close_range(0, 2, 0)
    parent += bytes.fromhex("31d2") + _x86_call(436, 4, -1)  # close_range(4, ~0, 0)
    wait = bytes.fromhex(
        "bfffffffff 4863ff 4889e6 31d2 4531d2 b83d000000 0f05 4439e0"
    )  # wait4(-1, rsp, 0, 0); cmp eax, r12d
    wait += bytes((0x75, 256 - len(wait) - 2))  # jne wait
    parent += wait
    parent += bytes.fromhex("bf03000000 4889e6 ba04000000 b801000000 0f05")  # write(3, rsp, 4)
    parent += _x86_call(231, 0, 0)  # exit_group(0)
    return start + bytes.fromhex("0f84") + struct.pack("<i", len(parent)) + parent + _x86_child(landlock=landlock)


def _x86_child(*, landlock: bool) -> bytes:
    refuse = bytes.fromhex("6a4c bf03000000 4889e6 ba01000000 b801000000 0f05")  # push 'L'; write(3, rsp, 1)
    refuse += _x86_call(231, NO_LANDLOCK_EXIT, 0)
    code = b""
    if landlock:
        code = _x86_call(446, RULESET_FD, 0)  # landlock_restrict_self(9, 0)
        code += bytes.fromhex("85c0 74") + bytes((len(refuse),)) + refuse  # test eax, eax; jz over the refusal
    code += bytes.fromhex("31d2") + _x86_call(436, STATUS_FD, -1)  # close_range(3, ~0, 0)
    code += bytes.fromhex("488b0b 488b7b10 488d7310 488d54cb10")  # rcx=argc rdi=argv[1] rsi=argv+1 rdx=environment
    code += bytes.fromhex("b83b000000 0f05")  # execve
    return code + _x86_call(231, NO_EXECUTION_EXIT, 0)


def _x86_call(number: int, first: int, second: int) -> bytes:
    """Load eax, edi, esi and make the call; -1 becomes 0xffffffff, zero-extended."""
    loads = b"\xbf" + struct.pack("<I", first & 0xFFFFFFFF) + b"\xbe" + struct.pack("<I", second & 0xFFFFFFFF)
    return loads + b"\xb8" + struct.pack("<I", number) + b"\x0f\x05"


def _aarch64(*, landlock: bool) -> bytes:
    """Assemble for aarch64; x19 keeps the start of the stack, x20 the child's id."""
    start = [0x910003F3]  # mov x19, sp
    start += _arm_call(167, 4, 0)  # prctl(PR_SET_DUMPABLE, 0)
    start += [0xD10043FF, _movz(1, 0x53), 0xF90003E1]  # sub sp, sp, 16; mov x1, 'S'; str x1, [sp]
    start += [_movz(0, 3), 0x910003E1, _movz(2, 1), _movz(8, 64), _SVC]  # write(3, sp, 1)
    start += [_movz(2, 0), _movz(3, 0), _movz(4, 0), *_arm_call(220, 17, 0)]  # clone(SIGCHLD, 0, 0, 0, 0)
    parent = [
        0xB6F80000 | (5 << 5),
        *_arm_call(94, NO_EXECUTION_EXIT, 0),
    ]  # tbz x0, 63 over an exit: no child
    parent += [0xAA0003F4]  # mov x20, x0
    parent += [_movz(2, 0), *_arm_call(436, 0, 2)]  # close_range(0, 2, 0)
    parent += [_movz(0, 4), 0x12800001, _movz(2, 0), _movz(8, 436), _SVC]  # close_range(4, ~0, 0)
    wait = [
        0x92800000,
        0x910003E1,
        _movz(2, 0),
        _movz(3, 0),
        _movz(8, 260),
        _SVC,
        0xEB14001F,
    ]  # wait4(-1, sp, 0, 0); cmp x0, x20
    parent += [*wait, 0x54000001 | ((-len(wait) & 0x7FFFF) << 5)]  # b.ne wait
    parent += [_movz(0, 3), 0x910003E1, _movz(2, 4), _movz(8, 64), _SVC]  # write(3, sp, 4)
    parent += _arm_call(94, 0, 0)  # exit_group(0)
    branch = 0xB4000000 | ((len(parent) + 1) << 5)  # cbz x0, child
    words = [*start, branch, *parent, *_arm_child(landlock=landlock)]
    return struct.pack(f"<{len(words)}I", *words)


def _arm_child(*, landlock: bool) -> list[int]:
    words: list[int] = []
    if landlock:
        refuse = [0xD10043FF, _movz(1, 0x4C), 0xF90003E1]  # sub sp, sp, 16; mov x1, 'L'; str x1, [sp]
        refuse += [_movz(0, 3), 0x910003E1, _movz(2, 1), _movz(8, 64), _SVC]  # write(3, sp, 1)
        refuse += _arm_call(94, NO_LANDLOCK_EXIT, 0)
        words += _arm_call(446, RULESET_FD, 0)
        words += [0xB4000000 | ((len(refuse) + 1) << 5), *refuse]  # cbz x0, over the refusal
    words += [_movz(0, STATUS_FD), 0x12800001, _movz(2, 0), _movz(8, 436), _SVC]  # close_range(3, ~0, 0)
    words += [0xF9400263, 0xF9400A60, 0x91004261]  # ldr x3, [x19]; ldr x0, [x19, 16]; add x1, x19, 16
    words += [0x8B030C22]  # add x2, x1, x3, lsl 3
    return [*words, _movz(8, 221), _SVC, *_arm_call(94, NO_EXECUTION_EXIT, 0)]


_SVC = 0xD4000001


def _movz(register: int, value: int) -> int:
    return 0xD2800000 | (value << 5) | register


def _arm_call(number: int, first: int, second: int) -> list[int]:
    return [_movz(0, first), _movz(1, second), _movz(8, number), _SVC]
