"""Landlock: which files a sandboxed program may write or execute, enforced by the kernel on top of the mounts.

A ruleset is built before the program starts and handed to the shield (see `shield.py`) as a descriptor. Reading is not
restricted: the mounts decide what is there to be read. Reference: `linux/landlock.h` and the kernel's documentation.
"""

import ctypes
import os
import struct
from collections.abc import Iterable

from shipworthy.sandbox import kernel

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
REMOVE_DIR = 1 << 4
REMOVE_FILE = 1 << 5
MAKE_CHAR = 1 << 6
MAKE_DIR = 1 << 7
MAKE_REG = 1 << 8
MAKE_SOCK = 1 << 9
MAKE_FIFO = 1 << 10
MAKE_BLOCK = 1 << 11
MAKE_SYM = 1 << 12
REFER = 1 << 13
TRUNCATE = 1 << 14
IOCTL_DEV = 1 << 15

_ALWAYS = 0x1FFF & ~((1 << 2) | (1 << 3))  # all rights of version 1 but reading files and folders
_SINCE = ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV))
_NETWORK = 0b11  # bind and connect over TCP
_SCOPES = 0b11  # abstract Unix sockets and signals stay within the restricted processes
_NETWORK_SINCE = 4
_SCOPES_SINCE = 6
_PATH_BENEATH = 1
_ASK_VERSION = 1


def version() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    try:
        return kernel.syscall(kernel.LANDLOCK_CREATE_RULESET, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def handled_rights(abi: int) -> int:
    """Return the file rights that are restricted under version `abi`."""
    rights = _ALWAYS
    for since, right in _SINCE:
        if abi >= since:
            rights |= right
    return rights


def ruleset_attributes(abi: int) -> bytes:
    """Return the bytes of `struct landlock_ruleset_attr` as version `abi` knows it."""
    attributes = struct.pack("=Q", handled_rights(abi))
    if abi >= _NETWORK_SINCE:
        attributes += struct.pack("=Q", _NETWORK)
    if abi >= _SCOPES_SINCE:
        attributes += struct.pack("=Q", _SCOPES)
    return attributes


def work_rights(abi: int) -> int:
    """Return what is allowed in folders that belong to the program: all but device files."""
    return handled_rights(abi) & ~(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV)


def build_ruleset(abi: int, *, writable: Iterable[str], executable: Iterable[str], devices: Iterable[str]) -> int:
    """Return the descriptor of a ruleset.

    Everything that version `abi` can restrict is refused except: changing and executing beneath the folders
    `writable`, executing beneath `executable`, and writing to the device files `devices`. Raises `OSError`.
    """
    attributes = ruleset_attributes(abi)
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    ruleset = kernel.syscall(kernel.LANDLOCK_CREATE_RULESET, buffer, len(attributes), 0)
    for folder in writable:
        _allow(ruleset, folder, work_rights(abi))
    for folder in executable:
        _allow(ruleset, folder, EXECUTE)
    for device in devices:
        _allow(ruleset, device, WRITE_FILE)
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, target)
        buffer = ctypes.create_string_buffer(rule, len(rule))
        kernel.syscall(kernel.LANDLOCK_ADD_RULE, ruleset, _PATH_BENEATH, buffer, 0)
    finally:
        os.close(target)
