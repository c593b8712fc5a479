"""A server for tests, from the binaries in the folder that LEHR_BINARIES names."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, TypeVar
from unittest import mock

from lehr._client import Client
from lehr._errors import Refused, Unreachable

#: How long a condition may take to come about on a machine that has other things to do.
PATIENCE = 120.0

Value = TypeVar("Value")


def wait_for(condition: Callable[[], Optional[Value]], what: str) -> Value:
    """The first answer of `condition` that is not false."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.01)


class ServerCase(unittest.TestCase):
    """Tests against a server of their own, which may be killed and started again."""

    #: Options beside the folder and the address.
    OPTIONS: List[str] = ["--workers", "0"]

    def setUp(self) -> None:
        folder = os.environ.get("LEHR_BINARIES")
        if not folder:
            self.skipTest("LEHR_BINARIES names no folder of binaries")
        self.binaries = Path(str(folder))
        self.folder = Path(tempfile.mkdtemp(prefix="lehr-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self._process: Optional["subprocess.Popen[str]"] = None
        self._port = "0"
        self.start()
        self.addCleanup(self.kill)
        environment = {"LEHR_SERVER": self.url, "LEHR_SPOOL": str(self.folder / "spool")}
        patch = mock.patch.dict(os.environ, environment)
        patch.start()
        self.addCleanup(patch.stop)
        for name in ("LEHR_JOB", "LEHR_TOKEN", "RANK", "WORLD_SIZE"):
            os.environ.pop(name, None)
        self.client = Client(self.url, timeout=30.0)
        self.addCleanup(self.client.close)

    def start(self) -> None:
        """Starts the server, at the port that it had before."""
        log = (self.folder / "server.log").open("a")
        self.addCleanup(log.close)
        self._process = subprocess.Popen(
            [
                str(self.binaries / "lehrd"),
                "serve",
                "--listen",
                f"127.0.0.1:{self._port}",
                "--data",
                str(self.folder / "data"),
                *self.OPTIONS,
            ],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "listening on " not in line:
            self.fail((self.folder / "server.log").read_text())
        self.url = line.strip().rsplit(" ", 1)[-1]
        self._port = self.url.rsplit(":", 1)[-1]

    def kill(self) -> None:
        """Kills the server with what it holds in memory."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    def job(self, id: Optional[str]) -> Dict[str, Any]:
        """The job as the server shows it."""
        return self.client.get(f"/v1/jobs/{id}")

    def wait_for_state(self, id: Optional[str], state: str) -> Dict[str, Any]:
        """The job once it is in a state."""

        def look() -> Optional[Dict[str, Any]]:
            job = self.job(id)
            if job["state"] in ("failed", "cancelled", "succeeded") and job["state"] != state:
                self.fail(f"the job is {job['state']}: {job}")
            return job if job["state"] == state else None

        return wait_for(look, state)

    def preview(self, schedule: Any, steps: int) -> List[float]:
        """The rates of a run, as the server shows them before it."""
        body = {"schedule": schedule, "steps": steps}
        rates: List[float] = self.client.post("/v1/schedules/preview", body)["learning_rates"]
        return rates

    def audit(self, id: Optional[str]) -> Dict[str, Any]:
        """Whether the job used the rates that it was to use."""
        return self.client.get(f"/v1/jobs/{id}/audit")

    def curve(self, id: Optional[str], name: str) -> Dict[str, Any]:
        """A series of the job, whole."""
        found: Dict[str, Any] = self.client.get(
            f"/v1/jobs/{id}/metrics?series={name}&max_points=100000"
        )["series"][name]
        return found

    def log(self, id: Optional[str]) -> str:
        """The job's log."""
        import urllib.request

        with urllib.request.urlopen(f"{self.url}/v1/jobs/{id}/logs", timeout=30) as answer:
            text: str = answer.read().decode()
            return text


__all__ = ["PATIENCE", "Refused", "ServerCase", "Unreachable", "wait_for"]
