#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The libraries of core/ and codec/ call nothing that reads a clock or touches the world.

    test_calls.py NM LIBRARY...
"""

import re
import subprocess
import sys

CLOCKS = """time clock clock_gettime gettimeofday ftime timespec_get localtime localtime_r mktime
    tzset sleep usleep nanosleep clock_nanosleep timerfd_create"""
WORLD = """open openat creat fopen fdopen freopen opendir read pread write pwrite readv writev
    close unlink rename mkdir rmdir stat fstat lstat access mmap
    socket bind listen accept accept4 connect send sendto sendmsg sendmmsg recv recvfrom recvmsg
    recvmmsg setsockopt getsockopt getaddrinfo if_nametoindex if_indextoname
    poll ppoll select pselect epoll_wait ioctl fcntl
    fork vfork execve posix_spawn system popen pthread_create getpid getenv secure_getenv
    rand random drand48 getrandom getentropy arc4random
    printf vprintf puts putchar perror syslog vsyslog warn warnx err errx exit _exit"""
FORBIDDEN = set((CLOCKS + WORLD).split())


def plain(symbol):
    """The function's name as the source writes it: fopen64, __printf_chk, __isoc99_..., x@GLIBC."""
    name = symbol.split("@")[0]
    chk = re.fullmatch(r"__(\w+)_chk", name)
    name = chk[1] if chk else name
    return re.sub(r"64$", "", name)


def calls(nm, library):
    listed = subprocess.run([nm, "-A", "-u", library], check=True, capture_output=True, text=True)
    for line in listed.stdout.splitlines():
        words = line.split()
        if len(words) >= 2 and words[-2] in ("U", "w"):
            yield words[0].rstrip(":").rpartition(":")[2], words[-1]


def main(nm, libraries):
    assert {plain(s) for s in ("fopen64", "__printf_chk", "time@GLIBC_2.2.5")} <= FORBIDDEN
    wrong, seen = [], 0
    for library in libraries:
        for file, symbol in calls(nm, library):
            seen += 1
            if plain(symbol) in FORBIDDEN:
                wrong.append(f"{library}: {file} calls {symbol}")
    print("\n".join(wrong) or f"{seen} calls looked at")
    if not seen:
        print("no symbols: the objects are not machine code (LTO?)")
        return 77
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
