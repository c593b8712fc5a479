"""A command of somebody's in a process group of its own, under limits, with its output captured."""

from __future__ import annotations

import ctypes
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

#: The most lines of one message, and the most characters of one line.
LINES, LINE = 1_000, 2_000

#: The variables of the worker's own environment that are passed on.
VARIABLES = frozenset(
    "PATH HOME USER LOGNAME SHELL LANG LC_ALL LC_CTYPE TZ TMPDIR PYTHONPATH VIRTUAL_ENV"
    " LD_LIBRARY_PATH CUDA_VISIBLE_DEVICES SYSTEMROOT".split()
)

# Limits are set by a process between, so that no code runs between fork and exec of this one.
_LIMITER = """
import json, os, resource, sys
limits, words = json.loads(sys.argv[1]), sys.argv[2:]
for name, value in limits.items():
    resource.setrlimit(getattr(resource, name), (value, value))
os.execv(words[0], words[1:])
"""


class StartError(Exception):
    """Why a command could not be started, which another attempt would meet alike."""


class Output:
    """The output of a command as lines for the job's log, cut to what the job allows."""

    def __init__(self, limit: int) -> None:
        self._lock = threading.Lock()
        self._limit = limit
        self._taken = 0
        self._dropped = 0
        self._pending = b""
        self._lines: List[str] = []
        self._last: List[str] = []
        self._number = 0

    def append(self, data: bytes) -> None:
        """Takes some output."""
        with self._lock:
            room = max(0, min(len(data), self._limit - self._taken))
            self._taken += room
            self._dropped += len(data) - room
            pieces = (self._pending + data[:room]).split(b"\n")
            self._pending = pieces.pop()
            for piece in pieces:
                self._end_line(piece)
            while len(self._pending) >= LINE * 4:
                self._end_line(self._pending[: LINE * 4])
                self._pending = self._pending[LINE * 4 :]

    def finish(self) -> None:
        """Ends the last line, and tells what was left out."""
        with self._lock:
            if self._pending:
                self._end_line(self._pending)
                self._pending = b""
            if self._dropped:
                self._lines.append(
                    f"{self._dropped} more bytes of output were left out: the job allows {self._limit}"
                )

    def message(self) -> "tuple[int, List[str]]":
        """The number of the first line that waits, and the lines of a message."""
        with self._lock:
            return self._number, self._lines[:LINES]

    def drop(self, count: int) -> None:
        """Lets the lines of a message go, which were taken."""
        with self._lock:
            del self._lines[:count]
            self._number += count

    def tail(self, count: int) -> str:
        """The last lines that say something."""
        with self._lock:
            return " | ".join(self._last[-count:])

    def _end_line(self, piece: bytes) -> None:
        # A progress bar writes over its line: what stands last is what is seen.
        text = piece.decode("utf-8", "replace").rstrip("\r").rsplit("\r", 1)[-1]
        line = "".join(c if c == "\t" or c.isprintable() else " " for c in text)[:LINE]
        self._lines.append(line)
        if line.strip():
            self._last = self._last[-19:] + [line]


class Command:
    """A command that runs."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: str,
        limits: Mapping[str, Any],
        user: Optional[pwd.struct_passwd] = None,
    ) -> None:
        if not os.path.isdir(folder):
            raise StartError(f"the working directory {folder} is not there")
        path = _path(arguments[0], folder, environment)
        if path is None:
            raise StartError(f"the program {arguments[0]} is not there, or cannot be run")
        interpreter = _missing_interpreter(path)
        if interpreter is not None:
            raise StartError(
                f"the interpreter {interpreter} that {arguments[0]} names is not there"
            )
        _become_reaper()
        rules = {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": limits.get("file_bytes")}
        rules["RLIMIT_AS"] = limits.get("memory_bytes")
        rules["RLIMIT_CPU"] = limits.get("cpu_seconds")
        words = json.dumps({name: value for name, value in rules.items() if value is not None})
        options: Dict[str, Any] = {}
        if user is not None:
            groups = os.getgrouplist(user.pw_name, user.pw_gid)
            options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": groups}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _LIMITER, words, path, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=dict(environment),
                start_new_session=True,
                **options,
            )
        except (OSError, ValueError, PermissionError) as error:
            raise StartError(f"starting {path} failed: {error}") from error
        try:
            self._guardian, self._lifeline = _guardian(self._process.pid)
        except OSError as error:
            self.signal(signal.SIGKILL)
            self._process.wait()
            raise StartError(f"the command's guardian could not be started: {error}") from error
        self.output = Output(int(limits.get("output_bytes", 16 << 20)))
        self.status: Optional[int] = None
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._read, name="output", daemon=True)
        self._reader.start()
        threading.Thread(target=self._wait, name="command", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Whether the command has ended, after at most some seconds."""
        return self._ended.wait(seconds)

    def signal(self, number: int) -> None:
        """Sends a signal to the whole group."""
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            # The group has ended meanwhile.
            pass

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while True:
            data = os.read(stream.fileno(), 1 << 16)
            if not data:
                break
            self.output.append(data)
        stream.close()

    def _wait(self) -> None:
        if hasattr(os, "waitid"):
            # Looked at before it is gone, so that its number still names its group.
            os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self.signal(signal.SIGKILL)
        self._guardian.kill()
        self._guardian.wait()
        os.close(self._lifeline)
        self.status = self._process.wait()
        _end_strays()
        # Nobody is left who could hold the output open.
        self._reader.join()
        self._ended.set()


def ending(status: int, seconds: float, tail: str) -> "tuple[str, str]":
    """The code and the detail of a command that ended badly."""
    words = f"; its last output: {tail}" if tail else ""
    if status > 0:
        detail = f"the command exited with status {status} after {seconds:.1f} s{words}"
        return "nonzero_exit", detail[:LINE]
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = str(-status)
    reason = {
        "SIGKILL": " (somebody's, or the system's for want of memory)",
        "SIGXCPU": " (its limit of processor time, limits.cpu_seconds)",
        "SIGXFSZ": " (a file grew past limits.file_bytes)",
    }.get(name, "")
    return "signal", f"the command was ended by {name}{reason} after {seconds:.1f} s{words}"[:LINE]


def _path(program: str, folder: str, environment: Mapping[str, str]) -> Optional[str]:
    if os.sep in program:
        path = os.path.join(folder, program)
        return path if os.path.isfile(path) and os.access(path, os.X_OK) else None
    return shutil.which(program, path=environment.get("PATH", os.defpath))


def _missing_interpreter(path: str) -> Optional[str]:
    """The interpreter that the first line of a script names, where it is not there."""
    try:
        with open(path, "rb") as file:
            start = file.read(256)
    except OSError:
        # What may be run need not be readable.
        return None
    words = start.split(b"\n", 1)[0][2:].split()
    if not start.startswith(b"#!") or not words or os.path.exists(words[0]):
        return None
    return os.fsdecode(words[0])


def _guardian(group: int) -> "tuple[subprocess.Popen[bytes], int]":
    """Ends a group when this process is gone, however that went: what a dead worker's command goes on to
    use, such as its GPUs, is another's by then. With it goes the descriptor whose end it waits for."""
    reading, lifeline = os.pipe()
    try:
        process = subprocess.Popen(
            ["/bin/sh", "-c", "read -r _; kill -KILL -$1", "guardian", str(group)],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={},
        )
    except OSError:
        os.close(lifeline)
        raise
    finally:
        os.close(reading)
    return process, lifeline


def _become_reaper() -> None:
    """Makes what commands leave behind this process's own to end."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)


def _end_strays() -> None:
    """Ends the processes that have become this one's children because their parents are gone."""
    for _ in range(1_000):
        strays: List[int] = []
        for path in Path("/proc/self/task").glob("*/children"):
            try:
                strays += [int(word) for word in path.read_text().split()]
            except OSError:
                # A thread that has ended meanwhile has no children any more.
                continue
        if not strays:
            return
        for stray in strays:
            try:
                os.kill(stray, signal.SIGKILL)
                os.waitpid(stray, 0)
            except (ProcessLookupError, ChildProcessError):
                continue
