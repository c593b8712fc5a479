"""A run: what a script holds of its job."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections import deque
from types import TracebackType
from typing import Any, Callable, Dict, List, Mapping, Optional, Type, Union

from . import _checkpoints, _exits, _opening, _outbox, _ranks, _reports
from ._client import Client
from ._errors import Cancelled, LehrError, Paused, Refused, Superseded, Unreachable
from ._rates import Block, RateBook
from ._reporter import Reporter, block
from ._scheduler import Scheduler

AnyPath = Union[str, "os.PathLike[str]"]
_PLAIN = frozenset([float, int])


class Run:
    """A script's run under a server's schedule; `lehr.run` makes one.

    Nothing in it waits for the server in a training step, but for a moment where a metric that moves
    the rate was reported or the granted rates have run out while the server answers.
    """

    #: The steps after which ranks look for news together.
    RANK_STEPS = 256

    def __init__(
        self,
        *,
        client: Optional[Client],
        lease: Optional[Dict[str, Any]],
        rates: Optional[Block],
        name: Optional[str],
        total_steps: Optional[int],
        rank: int,
        world: int,
        broadcast: _ranks.Broadcast,
        worker: str,
        patience: float,
        finish_patience: float,
        raise_on_stop: bool,
        result: Optional[str] = None,
    ) -> None:
        self.name = name
        self.total_steps = total_steps
        self.rank = rank
        self.is_main = rank == 0
        self.id: Optional[str] = None
        self._client = client
        self._worker = worker
        self._world = world
        self._broadcast = broadcast
        self._patience = patience
        self._finish_patience = finish_patience
        self._raises = raise_on_stop
        # Where a worker that holds the lease looks for how the script failed; None for a script's own.
        self._result = result
        self._pid = os.getpid()
        self._book = RateBook(patience)
        self._schedulers: List[Scheduler] = []
        self._base = 0
        self._points_made = 0
        self._stop_word: Optional[str] = None
        self._saver: Optional[Callable[[str], None]] = None
        self._saver_every = math.inf
        self._saved_at = time.monotonic()
        self._reporter: Optional[Reporter] = None
        self._sender: Optional[_checkpoints.CheckpointSender] = None
        self._ended = False
        self._seconds = _reports.stopwatch()
        self._ledger = _reports.Ledger(0, 0, self._seconds)
        self._lease: Dict[str, Any] = {}
        self._settled = True
        self._settles_at = 0.0
        self._is_started = False
        if lease is not None:
            self._adopt(lease)
            self.id = lease["job"]["id"]
            # A job that has a checkpoint begins where the script says that it does.
            self._settled = lease["resume_step"] == 0
            if self._settled:
                self._begin()
        elif rates is not None:
            self._book.offline = True
            self._book.plan([rates])
        _exits.register(self)

    # What a training script calls

    def attach(self, optimizer: Any, scaler: Any = None) -> Scheduler:
        """Puts an optimizer under the schedule; its first rate is set at once.

        The optimizer has `param_groups` and `step()`. Each group keeps the ratio of its `lr` to that of
        the first group. The answer has the interface of PyTorch's schedulers. Give the gradient scaler
        where there is one, so that the updates that it leaves out are counted.
        """
        if self.is_main and self._lease and not self._lease["job"].get("total_steps"):
            raise LehrError(f"job {self.id} has no schedule; submit it with schedule and steps")
        is_first = not self._schedulers
        if is_first and not self._settled:
            self._borrow(self._base)
        scheduler = Scheduler(
            optimizer,
            self._next_block,
            self._ledger.applied if is_first and self.is_main else deque(maxlen=0),
            self._base,
            scaler,
        )
        self._schedulers.append(scheduler)
        self._ledger.follows_points = False
        scheduler.restarted = self._restarted
        self._watch()
        return scheduler

    def report(self, step: Optional[int] = None, **metrics: Any) -> None:
        """Notes metrics at a step, by default the number of completed updates; sent in the background.

        The names of the arguments become those of the series. What cannot be a metric is left out and
        told in the job's log: no report ever ends a training.
        """
        if not self.is_main or self._ended:
            return
        if step is None:
            step = self._schedulers[0].count if self._schedulers else self._points_made
        if not self._settled and not self._schedulers:
            self._settle()
        self._points_made += 1
        for name, value in metrics.items():
            if type(value) not in _PLAIN and hasattr(value, "detach"):
                # A tensor that hangs on its graph would keep that in memory.
                metrics[name] = value.detach()
        self._ledger.points.append((step, metrics))
        reporter = self._reporter
        if reporter is not None and reporter.monitors and not reporter.monitors.isdisjoint(metrics):
            self._hold(reporter)

    def checkpoint(self, path: AnyPath, step: Optional[int] = None) -> None:
        """Sends a file as the state after the completed updates; it is copied before this returns."""
        self._settle()
        if not self.is_main or self._sender is None or self._ended:
            return
        count = self.step if step is None else step
        if count < 1:
            raise LehrError("a checkpoint is of at least one completed update")
        self._saved_at = time.monotonic()
        self._sender.take(path, count)

    def save_with(self, saver: Callable[[str], None], every: Optional[float] = None) -> None:
        """Lets Lehr ask for checkpoints: when the job is paused, and every so many seconds.

        `saver` is called with a path, in the training thread at a scheduler's `step`, on rank 0.
        `every` is what the job's `checkpoint.every` says by default.
        """
        self._saver = saver
        if every is None:
            rule = self._spec.get("checkpoint", {}).get("every", {})
            every = rule.get("seconds", math.inf)
        self._saver_every = every
        self._watch()

    def resume(self, path: Optional[AnyPath] = None) -> Optional[str]:
        """Fetches the job's newest checkpoint, and goes on from its step; None for a fresh start.

        The answer is the path of the file. Load it before `attach`, or load the optimizer's state first
        and attach then; all ranks call this.
        """
        found: Optional[str] = None
        count = 0
        if self.is_main and self._lease:
            checkpoint = self._lease.get("checkpoint")
            if checkpoint is not None and self._client is not None:
                found = _checkpoints.fetch(self._client, self._lease, checkpoint, path)
                count = int(checkpoint["step"])
        if self._world > 1:
            found, count = self._broadcast((found, count))
        if count:
            self._base = count
            for scheduler in self._schedulers:
                scheduler.restart(count)
            self._settle()
        return found

    def log(self, line: str) -> None:
        """Adds a line to the job's log."""
        if self.is_main:
            self._ledger.say(line)

    def finish(self) -> None:
        """Sends the rest and ends the job; calling it again does nothing."""
        diverged = [
            name
            for name in ("loss", "train_loss", "validation_loss")
            if not math.isfinite(self._last(name))
        ]
        if diverged:
            detail = f"{diverged[0]} was {self._last(diverged[0])} at the end"
            self._end("failed", {"code": "diverged", "detail": detail, "permanent": True})
        else:
            self._end("succeeded")

    # What a script may ask

    @property
    def step(self) -> int:
        """The completed updates."""
        return self._schedulers[0].count if self._schedulers else self._base

    @property
    def seed(self) -> int:
        """The job's seed."""
        return int(self._spec.get("seed", os.environ.get("LEHR_SEED", 0)))

    @property
    def stopping(self) -> Optional[str]:
        """`pause` or `cancel` where the job is to stop, for scripts made with raise_on_stop=False."""
        return self._stop_word

    @property
    def unreachable(self) -> Optional[str]:
        """Why the server is missed; None while it answers."""
        return self._reporter.missed if self._reporter is not None else None

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> bool:
        if error is None:
            self.finish()
            return False
        if isinstance(error, (Cancelled, Paused, Superseded)):
            return True
        if isinstance(error, SystemExit) and error.code in (None, 0):
            self.finish()
        else:
            self.fail(error)
        return False

    def fail(self, error: BaseException) -> None:
        """Ends the job as failed by an exception."""
        self._end("failed", _exits.failure(error))

    # Rates

    @property
    def _spec(self) -> Mapping[str, Any]:
        spec = self._lease.get("job", {}).get("spec", {})
        return spec if isinstance(spec, dict) else {}

    def _next_block(self, count: int) -> Block:
        if self._world == 1:
            return self._book.block(count)
        word: Optional[str] = None
        found: Optional[Block] = None
        if self.is_main:
            found = self._book.block(count, self.RANK_STEPS)
            word = self._stop_word if self._raises else None
        found, word, self.id = self._broadcast((found, word, self.id))
        assert found is not None
        if word is not None:
            self._stop(word)
        return found

    def _hold(self, reporter: Reporter) -> None:
        """Lets a metric move the rate of the very next update."""
        if not self._schedulers or self._world > 1 or reporter.missed is not None:
            return
        self._book.revoke(self.step)
        reporter.hold(self._patience)
        # Without an answer in time the plan holds until there is one.
        for scheduler in self._schedulers:
            scheduler.reload()

    # Leases

    def _adopt(self, lease: Dict[str, Any]) -> None:
        self._lease = {**lease["lease"], **{k: v for k, v in lease.items() if k != "lease"}}
        self.total_steps = lease["job"].get("total_steps") or None
        self._base = 0
        self._book.total = self.total_steps
        self._ledger.fence = lease["lease"]["fence"]
        granted = block(lease["grant"])
        if granted.rates:
            self._book.grant(granted)

    def _borrow(self, count: int) -> None:
        """Looks at the rates from `count` on before it is said that the run begins there."""
        if self._client is None or not self._lease or self._lease["resume_step"] == count:
            return
        path = f"/v1/leases/{self._lease['id']}/plan?fence={self._lease['fence']}&from_step={count}"
        answer = _opening.patiently(lambda: self._client.get(path), self._patience * 10)  # type: ignore[union-attr]
        self._book.revoke(0)
        rates = block(answer["rates"])
        self._book.grant(rates.part(count, count + RateBook.BLOCK_STEPS))

    def _restarted(self, count: int) -> None:
        """A state was loaded: the run goes on from there."""
        if self._settled and count == self._base and not self._ledger.has_news:
            return
        self._base = count
        if not self._lease:
            return
        if self._reporter is not None:
            # What comes from here on belongs to another lease.
            self._reporter.finish(0.0)
            self._reporter = None
            self._is_started = True
        self._settled = False
        self._borrow(count)
        self._watch()

    def _settle(self) -> None:
        """Says from which step the run goes on, and begins to report."""
        if self._settled or time.monotonic() < self._settles_at or self._client is None:
            return
        is_own = self._result is None
        if is_own and (self._lease["resume_step"] != self._base or self._is_started):
            base = self._base
            id = self._lease["job"]["id"]
            try:
                lease = _opening.lease(self._client, id, self._worker, base, self._patience)
            except Refused:
                raise
            except LehrError as error:
                # The training goes on by the plan meanwhile, and is reported afterwards.
                self._warn(str(error))
                self._settles_at = time.monotonic() + Reporter.LAST_PAUSE
                return
            ledger = _reports.Ledger(0, base, self._seconds)
            ledger.applied, ledger.points = self._ledger.applied, self._ledger.points
            self._ledger = ledger
            self._adopt(lease)
            self._base = base
        # What was looked at before is not what is granted.
        self._book.revoke(0)
        granted = block(self._lease["grant"])
        if granted.rates:
            self._book.grant(granted)
        self._settled = True
        if not is_own:
            self._ledger.fence = self._lease["fence"]
        self._begin()
        for scheduler in self._schedulers:
            scheduler.reload()

    def _begin(self) -> None:
        assert self._client is not None
        lease = self._lease
        start = lease["resume_step"] if self._result is None else self._base
        self._ledger.start(start, follows_points=not self._schedulers)
        header = {
            "server": self._client.server,
            "job": lease["job"]["id"],
            "lease": lease["id"],
            "fence": lease["fence"],
            "name": self.name,
        }
        folder = _outbox.folder()
        outbox = _outbox.Outbox(folder / f"{lease['job']['id']}-{lease['fence']}.jsonl", header)
        reporter = Reporter(
            self._client, lease, self._book, self._ledger, outbox, self._told, self._warn
        )
        reporter.monitors = frozenset(lease.get("monitors", ()))
        self._book.wanted = reporter.wake
        self._sender = _checkpoints.CheckpointSender(
            self._client, lease, folder, reporter.wake, self._ledger.say
        )
        self._outbox = outbox
        self._reporter = reporter
        reporter.start(lease["schedule_version"])

    # Stopping

    def _told(self, word: str) -> None:
        """The server says that the script is to stop; heard in the reporting thread."""
        if self._stop_word is None or word == "cancel":
            self._stop_word = word
            self._watch()

    def _watch(self) -> None:
        """Has the first scheduler's next `step` look at what there is to do."""
        if not self._schedulers:
            return
        is_wanted = not self._settled or self._saver_every < math.inf
        if self._stop_word is not None and self._raises and self._world == 1:
            is_wanted = True
        self._schedulers[0].attention = self._attend if is_wanted and self.is_main else None

    def _attend(self) -> None:
        self._settle()
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
            self.checkpoint(path)
        finally:
            path.unlink() if path.exists() else None

    def _stop(self, word: str) -> None:
        """Lets go of the job, and ends the script."""
        if self.is_main and not self._ended:
            if word == "pause":
                self._save()
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
        for step, metrics in reversed(self._ledger.points):
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
            self.report(step=self.step, skipped_steps=self._schedulers[0].skipped_steps)
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

    def _warn(self, text: str) -> None:
        print(f"lehr: {text}", file=sys.stderr, flush=True)
