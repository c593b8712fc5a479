"""Checkpoints: a copy at once, sent in the background."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Tuple, Union

from ._client import Client
from ._errors import LehrError, Refused, Unreachable


class CheckpointSender:
    """Sends the newest copy; an older one that still waits gives way to it."""

    PAUSE = 0.5

    def __init__(
        self,
        client: Client,
        lease: Dict[str, Any],
        folder: Path,
        flush: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        self._client = client
        self._lease = lease
        self._folder = folder
        self._flush = flush
        self._say = say
        self._changed = threading.Condition()
        self._waiting: Optional[Tuple[int, Path]] = None
        self._busy = False
        self._given_up = False
        self._thread: Optional[threading.Thread] = None

    def take(self, path: Union[str, "os.PathLike[str]"], step: int) -> None:
        """Copies a file, which its owner may write again at once."""
        source = Path(path)
        if not source.is_file():
            raise LehrError(f"the checkpoint {source} is no file; save one file, such as a .pt")
        self._folder.mkdir(parents=True, exist_ok=True)
        copy = self._folder / f"checkpoint-{self._lease['id']}-{step}"
        shutil.copyfile(source, copy)
        with self._changed:
            old, self._waiting = self._waiting, (step, copy)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="lehr files", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        if old is not None and old[1] != copy:
            _remove(old[1])

    def finish(self, is_hopeless: Callable[[], bool]) -> bool:
        """Waits until the newest copy is sent, or until that is hopeless; whether it was sent."""
        with self._changed:
            while (self._waiting is not None or self._busy) and not self._given_up:
                if is_hopeless():
                    self._given_up = True
                    break
                self._changed.wait(0.1)
            return self._waiting is None and not self._busy

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._waiting is None and not self._given_up:
                    self._changed.wait()
                if self._given_up or self._waiting is None:
                    return
                step, path = self._waiting
                self._busy = True
            is_over = self._send(step, path)
            with self._changed:
                self._busy = False
                if is_over and self._waiting == (step, path):
                    self._waiting = None
                    _remove(path)
                self._changed.notify_all()
                if not is_over:
                    self._changed.wait(self.PAUSE)

    def _send(self, step: int, path: Path) -> bool:
        """Whether the copy is sent, or never will be."""
        target = f"/v1/leases/{self._lease['id']}/checkpoints/{step}?fence={self._lease['fence']}"
        try:
            with path.open("rb") as file:
                self._client.put_file(target, file, os.fstat(file.fileno()).st_size)
            return True
        except Unreachable:
            return False
        except Refused as error:
            if error.type == "out_of_order":
                # The reports up to its step are on their way.
                self._flush()
                return False
            self._say(f"the checkpoint of step {step} was not taken: {error}")
            return True
        except (LehrError, OSError) as error:
            self._say(f"the checkpoint of step {step} was not sent: {error}")
            return True


def fetch(
    client: Client,
    lease: Dict[str, Any],
    checkpoint: Dict[str, Any],
    path: Union[None, str, "os.PathLike[str]"],
) -> str:
    """Brings the checkpoint of a lease into a file, and compares it with its hash."""
    step = checkpoint["step"]
    if path is None:
        path = os.path.join(tempfile.mkdtemp(prefix="lehr-"), f"checkpoint-{step}")
    partial = f"{os.fspath(path)}.partial"
    target = f"/v1/leases/{lease['id']}/checkpoints/{step}?fence={lease['fence']}"
    with open(partial, "w+b") as file:
        client.get_file(target, file)
        file.seek(0)
        found = hashlib.sha256()
        for piece in iter(lambda: file.read(1 << 20), b""):
            found.update(piece)
    if found.hexdigest() != checkpoint["hash"]:
        _remove(Path(partial))
        raise LehrError(f"the checkpoint of step {step} did not come whole; try again")
    os.replace(partial, path)
    return os.fspath(path)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        # A copy that stays takes space, and nothing else.
        pass
