"""A worker in pure Python: takes jobs of kind `command` and runs them, one at a time."""

from __future__ import annotations

import secrets
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from ._client import Client
from ._command import Command, StartError, ending
from ._errors import LehrError, Refused, Unreachable
from ._place import Fetch, Place, Terms


class Worker:
    """Runs commands for a server until it is told to stop."""

    #: How long a script may take to save a checkpoint before it is asked to end, and to end then.
    SAVING, TERMINATION = 15.0, 8.0
    #: How long a server may be silent before a command is ended.
    PATIENCE = 600.0

    def __init__(
        self,
        client: Client,
        name: str,
        folder: Path,
        terms: Terms,
    ) -> None:
        self._client = client
        self._name = name
        self._folder = folder
        self._terms = terms
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ends the running command, gives its job back, and lets `work` return."""
        self._stopping.set()

    def work(self) -> None:
        """Runs jobs until `stop`."""
        pause = 0.1
        while not self._stopping.is_set():
            try:
                lease = self._lease()
                pause = 0.1
            except LehrError as error:
                print(f"lehr: no job could be asked for: {error}", file=sys.stderr, flush=True)
                self._stopping.wait(pause)
                pause = min(pause * 2, 5.0)
                continue
            if lease:
                self._run(lease)

    def _lease(self) -> Dict[str, Any]:
        wish = {
            "worker": self._name,
            "host": socket.gethostname(),
            "request_id": secrets.token_hex(16),
            "capabilities": {"kinds": ["command"], "gpus": self._terms.gpus.bodies},
            # Short, so that a signal need not wait for the server.
            "wait_seconds": 2,
        }
        return self._client.post("/v1/leases", wish, timeout=15.0)

    def _run(self, lease: Dict[str, Any]) -> None:
        place = Place(self._folder, lease, self._terms)
        try:
            outcome = self._execute(lease, place)
        except StartError as error:
            outcome = _failed("invalid", str(error), permanent=True)
        finally:
            place.remove()
        if outcome is not None:
            self._complete(lease, outcome)

    def _execute(self, lease: Dict[str, Any], place: Place) -> Optional[Dict[str, Any]]:
        place.prepare()
        code = lease["job"]["spec"].get("code")
        if code is not None:
            obstacle, is_lost = self._fetch(lease, place, code)
            if obstacle is not None or is_lost:
                return None if is_lost else obstacle
        began = time.monotonic()
        command = place.start(self._client.server)
        stop = self._supervise(lease, command)
        if stop == "lost":
            return None
        command.output.finish()
        words = self._send_output(lease, command)
        if words is None:
            return None
        if stop is not None or {"cancel", "pause"} & set(words):
            return {"outcome": "released"}
        assert command.status is not None
        said = place.result()
        if said is not None:
            return _failed(*said)
        if command.status == 0:
            return {"outcome": "succeeded"}
        seconds = time.monotonic() - began
        return _failed(*ending(command.status, seconds, command.output.tail(3)))

    def _fetch(
        self, lease: Dict[str, Any], place: Place, code: str
    ) -> Tuple[Optional[Dict[str, Any]], bool]:
        """Brings the code while heartbeats hold the lease: how the run ends where there is none, and
        whether the lease was lost meanwhile."""
        fetch = Fetch(lambda: place.fetch(self._client, code))
        heard = time.monotonic()
        while True:
            if fetch.wait(0.25):
                if fetch.missed is None:
                    break
                if time.monotonic() - heard > self.PATIENCE:
                    return None, True
                fetch.again()
            if self._stopping.is_set():
                return {"outcome": "released"}, False
            if time.monotonic() - heard < 1.0:
                continue
            try:
                if {"cancel", "pause", "drain"} & set(self._beat(lease)):
                    return {"outcome": "released"}, False
                heard = time.monotonic()
            except Refused as error:
                if error.type == "lease_lost":
                    return None, True
            except LehrError:
                if time.monotonic() - heard > self.PATIENCE:
                    return None, True
        return (_failed(*fetch.failure) if fetch.failure is not None else None), False

    def _supervise(self, lease: Dict[str, Any], command: Command) -> Optional[str]:
        """Renews the lease and sends output until the command has ended; why it had to, if it had."""
        stop: Optional[str] = None
        heard = time.monotonic()
        asked: Optional[float] = None
        saving: Optional[float] = None
        while not command.wait(0.25):
            now = time.monotonic()
            if self._stopping.is_set() and stop is None:
                stop = "drain"
            if stop is not None and asked is None:
                if stop == "pause" and saving is None:
                    saving = now + self.SAVING
                if stop == "lost":
                    command.signal(signal.SIGKILL)
                    asked = now
                elif stop != "pause" or saving is not None and now >= saving:
                    command.signal(signal.SIGTERM)
                    asked = now
            if asked is not None and now >= asked + self.TERMINATION:
                command.signal(signal.SIGKILL)
            if not command.output.message()[1] and now - heard < 1.0:
                continue
            try:
                words = self._beat(lease, command)
                heard = time.monotonic()
                if stop is None or stop == "pause":
                    stop = "cancel" if {"cancel", "drain"} & set(words) else stop
                    stop = stop or ("pause" if "pause" in words else None)
            except Refused as error:
                if error.type == "lease_lost":
                    stop = "lost"
            except LehrError:
                if time.monotonic() - heard > self.PATIENCE:
                    stop = "lost"
        return stop

    def _beat(self, lease: Dict[str, Any], command: Optional[Command] = None) -> List[str]:
        number, lines = command.output.message() if command is not None else (0, [])
        body: Dict[str, Any] = {"fence": lease["lease"]["fence"]}
        if lines:
            body.update(log_from=number, log_lines=lines)
        answer = self._client.post(f"/v1/leases/{lease['lease']['id']}/heartbeat", body)
        if command is not None:
            command.output.drop(len(lines))
        words: List[str] = answer.get("directives", [])
        return words

    def _send_output(self, lease: Dict[str, Any], command: Command) -> Optional[List[str]]:
        """Sends the rest of the output, and hears what is to become of the job: a script may have ended
        because it heard that first; None where the lease is lost."""
        deadline = time.monotonic() + self.PATIENCE
        while True:
            try:
                words = self._beat(lease, command)
                if not command.output.message()[1]:
                    return words
            except Unreachable as error:
                if time.monotonic() > deadline:
                    return None
                time.sleep(error.retry_after or 0.5)
            except LehrError:
                return None

    def _complete(self, lease: Dict[str, Any], outcome: Dict[str, Any]) -> None:
        body = {"fence": lease["lease"]["fence"], **outcome}
        deadline = time.monotonic() + self.PATIENCE
        while True:
            try:
                self._client.post(f"/v1/leases/{lease['lease']['id']}/completion", body)
                return
            except Unreachable as error:
                if time.monotonic() > deadline:
                    return
                time.sleep(error.retry_after or 0.5)
            except LehrError as error:
                print(f"lehr: the end of a job was not taken: {error}", file=sys.stderr, flush=True)
                return


def _failed(code: str, detail: str, permanent: bool = False) -> Dict[str, Any]:
    return {
        "outcome": "failed",
        "failure": {"code": code, "detail": detail[:2_000], "permanent": permanent},
    }
