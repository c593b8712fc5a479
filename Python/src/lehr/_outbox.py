"""Reports on their way: in memory while the server answers, on disk while it does not."""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from pathlib import Path
from typing import Any, Deque, Dict, Iterator, Optional


class Outbox:
    """Request bodies in order, of which the first leaves when the server has taken it.

    Once the server was missed, everything is written to a file as well, so that a script that ends
    first loses nothing: `python -m lehr send FILE` sends what is left.
    """

    #: The bytes of bodies that are kept in memory while they are on disk too.
    MEMORY_BYTES = 8 << 20

    def __init__(self, path: Path, header: Dict[str, Any]) -> None:
        self.path = path
        self._header = header
        self._lock = threading.Lock()
        self._memory: Deque[bytes] = deque()
        self._memory_bytes = 0
        self._file: Optional[Any] = None
        #: Where in the file the first body begins that is not in memory.
        self._unread = 0
        self._spilled = 0
        #: Why the disk cannot be used, where it cannot.
        self.fault: Optional[str] = None

    def __len__(self) -> int:
        with self._lock:
            return len(self._memory) + self._spilled

    def append(self, body: bytes) -> None:
        """Adds a body behind the others."""
        with self._lock:
            is_on_disk = self._file is not None and self._write(body)
            if is_on_disk and (self._spilled or self._memory_bytes > self.MEMORY_BYTES):
                self._spilled += 1
                return
            self._memory.append(body)
            self._memory_bytes += len(body)
            if self._file is not None:
                self._unread = self._file.tell()

    def first(self) -> Optional[bytes]:
        """The body that is to be sent next."""
        with self._lock:
            if not self._memory and self._spilled:
                self._read_back()
            return self._memory[0] if self._memory else None

    def pop(self) -> None:
        """Lets the first body go, which was taken; the file goes with the last one."""
        with self._lock:
            self._memory_bytes -= len(self._memory.popleft())
            if not self._memory and not self._spilled:
                self._discard()

    def keep_on_disk(self) -> None:
        """Writes what is there to disk, and from now on what comes."""
        with self._lock:
            if self._file is not None or self.fault is not None:
                return
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(
                    self.path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600
                )
                self._file = os.fdopen(descriptor, "w+b")
            except OSError as error:
                self.fault = f"cannot write {self.path}: {error.strerror}"
                return
            lines = [json.dumps(self._header).encode()] + list(self._memory)
            for line in lines:
                if not self._write(line):
                    return
            self._unread = self._file.tell()

    def close(self) -> None:
        """Closes the file, which stays where something is left in it."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def leave(self, ending: Dict[str, Any]) -> None:
        """Writes how the run ended behind the rest, and leaves the file to be sent later."""
        self.keep_on_disk()
        with self._lock:
            if self._file is not None:
                self._write(json.dumps(ending).encode())
        self.close()

    def _write(self, body: bytes) -> bool:
        """Appends a line to the file; where that fails the memory must do from now on."""
        assert self._file is not None
        try:
            self._file.seek(0, os.SEEK_END)
            self._file.write(body + b"\n")
            self._file.flush()
            return True
        except OSError as error:
            self.fault = f"cannot write {self.path}: {error.strerror}"
            # What is on disk alone comes first: it goes back into memory, however much it is.
            self._read_back(limit=None)
            self._file.close()
            self._file = None
            return False

    def _read_back(self, limit: Optional[int] = MEMORY_BYTES) -> None:
        assert self._file is not None
        self._file.seek(self._unread)
        while self._spilled and (limit is None or self._memory_bytes < limit):
            line = self._file.readline()
            if not line.endswith(b"\n"):
                self._spilled = 0
                break
            self._memory.append(line[:-1])
            self._memory_bytes += len(line) - 1
            self._spilled -= 1
        self._unread = self._file.tell()

    def _discard(self) -> None:
        if self._file is None:
            return
        self._file.close()
        self._file = None
        try:
            self.path.unlink()
        except OSError:
            # What stays was sent already; sending it again changes nothing.
            pass


def read(path: Path) -> "tuple[Dict[str, Any], Iterator[bytes]]":
    """The header of a file that a script has left, and its bodies in order."""
    file = path.open("rb")
    header = json.loads(file.readline())

    def bodies() -> Iterator[bytes]:
        with file:
            for line in file:
                # A line without its end was cut off when the script died.
                if line.endswith(b"\n"):
                    yield line[:-1]

    return header, bodies()


def folder() -> Path:
    """Where scripts keep what they could not send: LEHR_SPOOL, or the user's folder for state."""
    named = os.environ.get("LEHR_SPOOL")
    if named:
        return Path(named)
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(
        os.path.expanduser("~"), ".local", "state"
    )
    return Path(base) / "lehr"
