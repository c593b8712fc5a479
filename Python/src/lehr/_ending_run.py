"""How a run ends: because it is done, has failed, or is told to stop."""

from __future__ import annotations

import json
import os
import time
from typing import Any, Dict, Optional, Union

from . import _opening, _outbox
from ._errors import Cancelled, LehrError, Paused, Refused, Superseded, Unreachable
from ._leased_run import LeasedRun


class EndingRun(LeasedRun):
    """A run that saves its state and tells the server how it ended."""

    # Stopping

    def _attend(self) -> None:
        super()._attend()
        if self._stop_word is not None and self._raises and self._world == 1 and not self._ended:
            self._stop(self._stop_word)
        if self._saver is not None and time.monotonic() - self._saved_at >= self._saver_every:
            self._save()
        self._watch()

    def _save(self) -> None:
        if self._saver is None or self._sender is None or self.step < 1:
            return
        folder = _outbox.folder()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"saving-{self._lease['id']}"
        try:
            self._saver(str(path))
            self._send(path, self.step)
        finally:
            path.unlink() if path.exists() else None

    def _send(self, path: "Union[str, os.PathLike[str]]", count: int) -> None:
        """Sends a file as the state after some updates; it is copied before this returns."""
        self._settle()
        if not self.is_main or self._sender is None or self._ended:
            return
        if count < 1:
            raise LehrError("a checkpoint is of at least one completed update")
        self._saved_at = time.monotonic()
        self._sender.take(path, count)

    def _stop(self, word: str) -> None:
        """Lets go of the job, and ends the script."""
        if self.is_main and not self._ended:
            try:
                if word in ("pause", "cancel"):
                    # A job that was cancelled may be tried again, from here.
                    self._save()
            except BaseException:
                # One that is to be cancelled is let go of all the same; one whose pause lost its state fails.
                if word == "cancel":
                    self._end("released")
                raise
            if word != "lease_lost":
                self._end("released")
        job = f"job {self.id}"
        if word == "lease_lost" and self.is_main and self._client is not None:
            state = _opening.why_lost(self._client, str(self.id))
            word = {"cancelled": "cancel", "paused": "pause"}.get(state, word)
            self._ended = True
        if word == "cancel":
            raise Cancelled(f"{job} was cancelled at step {self.step}")
        if word == "pause":
            raise Paused(f"{job} is paused at step {self.step}")
        raise Superseded(f"another run of the script goes on with {job}")

    # Ending

    def _last(self, name: str) -> float:
        for _, metrics in reversed(self._ledger.points):
            if name in metrics:
                try:
                    return float(metrics[name])
                except (TypeError, ValueError):
                    return 0.0
        return self._ledger.last_values.get(name, 0.0)

    def _end(self, outcome: str, failure: Optional[Dict[str, Any]] = None) -> None:
        if self._ended or os.getpid() != self._pid:
            return
        try:
            self._say_end(outcome, failure)
        finally:
            if self._client is not None:
                self._client.close()

    def _say_end(self, outcome: str, failure: Optional[Dict[str, Any]]) -> None:
        if self._schedulers and self._schedulers[0].skipped_steps:
            skipped = {"skipped_steps": self._schedulers[0].skipped_steps}
            self._ledger.points.append((self.step, skipped))
        try:
            self._settle()
        except LehrError as error:
            self._warn(str(error))
        self._ended = True
        for scheduler in self._schedulers:
            scheduler.attention = None
            scheduler.detach()
        reporter = self._reporter
        if not self.is_main or reporter is None or self._client is None:
            return
        deadline = time.monotonic() + self._finish_patience
        if self._sender is not None:
            self._sender.finish(
                lambda: reporter.is_fenced
                or reporter.missed is not None and time.monotonic() >= deadline
            )
        body: Dict[str, Any] = {"fence": self._lease["fence"], "outcome": outcome}
        if failure is not None:
            body["failure"] = failure
        is_told = reporter.finish(self._finish_patience)
        if self._result is not None:
            self._leave_result(reporter.refused or failure)
            return
        if reporter.refused is not None:
            body = {**body, "outcome": "failed", "failure": reporter.refused}
        if is_told or reporter.refused is not None:
            try:
                self._complete(body)
                return
            except Unreachable as error:
                self._warn(str(error))
                self._outbox.keep_on_disk()
        if not reporter.is_fenced:
            self._outbox.leave(body)
            self._warn(
                f"the server was not reached; what it has not heard is in {self._outbox.path}:"
                f" python -m lehr send {self._outbox.path}"
            )

    def _leave_result(self, failure: Optional[Dict[str, Any]]) -> None:
        """Tells the worker how the script failed; it says how the run ended."""
        if failure is None or self._result is None:
            return
        try:
            with open(self._result, "w", encoding="utf-8") as file:
                json.dump(failure, file)
        except OSError as error:
            self._warn(f"{self._result} cannot be written: {error}")

    def _complete(self, body: Dict[str, Any]) -> None:
        assert self._client is not None
        path = f"/v1/leases/{self._lease['id']}/completion"
        client = self._client
        deadline = time.monotonic() + self._finish_patience
        while True:
            try:
                client.post(path, body)
                return
            except Refused as error:
                self._warn(f"the end of job {self.id} was not taken: {error}")
                return
            except Unreachable as error:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(error.retry_after or 0.25)
