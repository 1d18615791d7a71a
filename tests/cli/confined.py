#!/usr/bin/env python3
"""Runs a command under the restrictions of a systemd unit, as far as a process can put them on.

    confined.py UNIT WRITABLE COMMAND...

Of the unit's lines: SystemCallFilter= and RestrictAddressFamilies=none as a seccomp filter,
ProtectSystem=strict and PrivateTmp= as Landlock rules (only WRITABLE, TMPDIR and /dev/null may be
written; everything is read), an empty CapabilityBoundingSet=, NoNewPrivileges=, MemoryDenyWriteExecute=, UMask= and
LimitCORE=. Exit code 77, with a word, where the kernel or systemd-analyze cannot do its part.
"""

import ctypes
import os
import platform
import re
import resource
import struct
import subprocess
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_MDWE = 22, 24, 38, 65
LANDLOCK = {"create": 444, "add": 445, "restrict": 446}  # the same on all machines
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
READ_EXEC, EVERYTHING_ABI_1 = 0x1 | 0x4 | 0x8, 0x1FFF
FILE_ONLY = 0x1 | 0x2 | 0x4  # rights that a file can have
EPERM = 1


def give_up(why):
    print(why)
    sys.exit(77)


def must(result, what):
    if result < 0:
        give_up(f"{what}: {os.strerror(ctypes.get_errno())}")
    return result


def settings(unit):
    """The unit's lines, each key with all its values."""
    values = {}
    with open(unit, encoding="utf-8") as f:
        for key, value in re.findall(r"(?m)^([A-Za-z]+)=(.*)$", f.read()):
            values.setdefault(key, []).append(value)
    return values


def expand(group):
    """The system calls of @group, with those of groups in it."""
    if not group.startswith("@"):
        return {group}
    try:
        text = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", group], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        give_up("no systemd-analyze to say which system calls are meant")
    names = set()
    for line in text.splitlines()[1:]:
        name = line.strip()
        if name and not name.startswith("#"):
            names |= expand(name)
    return names


def allowed_calls(unit):
    # What systemd lets pass whatever the filter says: @default is part of it.
    names = expand("@default")
    for line in unit["SystemCallFilter"]:
        refuse = line.startswith("~")
        for group in line.lstrip("~").split():
            names = names - expand(group) if refuse else names | expand(group)
    if unit.get("RestrictAddressFamilies") == ["none"]:
        names -= {"socket", "socketpair"}
    if unit.get("RestrictNamespaces") == ["yes"]:
        names -= {"unshare", "setns"}
    return names


def numbers(names):
    text = subprocess.run([os.environ.get("CC", "cc"), "-dM", "-E", "-include", "sys/syscall.h", "-x", "c", "/dev/null"],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    known = {name: int(n) for name, n in re.findall(r"#define __NR_(\w+) (\d+)$", text, re.M)}
    return sorted(known[name] for name in names if name in known)


def instruction(code, jump, skip, k):
    return struct.pack("HBBI", code, jump, skip, k)


def filter_calls(calls):
    load, equal, end = 0x20, 0x15, 0x06
    program = [instruction(load, 0, 0, 4), instruction(equal, 1, 0, AUDIT_ARCH[platform.machine()]),
               instruction(end, 0, 0, 0x80000000), instruction(load, 0, 0, 0)]
    for number in calls:
        program += [instruction(equal, 0, 1, number), instruction(end, 0, 0, 0x7FFF0000)]
    program.append(instruction(end, 0, 0, 0x00050000 | EPERM))
    code = b"".join(program)
    held = ctypes.create_string_buffer(code, len(code))
    whole = struct.pack("HxxxxxxP", len(program), ctypes.addressof(held))
    must(LIBC.prctl(PR_SET_SECCOMP, 2, whole, 0, 0), "seccomp")


def allow_below(rules, path, rights):
    fd = os.open(path, os.O_PATH)
    if not os.path.isdir(path):
        rights &= FILE_ONLY
    must(LIBC.syscall(LANDLOCK["add"], rules, 1, struct.pack("=Qi", rights, fd), 0), "landlock")
    os.close(fd)


def write_only_in(writable):
    rules = must(LIBC.syscall(LANDLOCK["create"], struct.pack("=Q", EVERYTHING_ABI_1), 8, 0), "landlock")
    allow_below(rules, "/", READ_EXEC)
    for path in [writable, os.environ["TMPDIR"], "/dev/null"]:
        allow_below(rules, path, EVERYTHING_ABI_1)
    must(LIBC.syscall(LANDLOCK["restrict"], rules, 0), "landlock")


def main():
    unit, writable, command = settings(sys.argv[1]), sys.argv[2], sys.argv[3:]
    if platform.machine() not in AUDIT_ARCH:
        give_up("a machine whose system calls are not known here")
    calls = numbers(allowed_calls(unit))
    os.umask(int(unit["UMask"][0], 8))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if unit["CapabilityBoundingSet"] == [""] and os.geteuid() == 0:
        for capability in range(64):
            LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    must(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    write_only_in(writable)
    if unit["MemoryDenyWriteExecute"] == ["yes"]:
        LIBC.prctl(PR_SET_MDWE, 1, 0, 0, 0)  # kernels before 6.3 do not know it
    filter_calls(calls)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
