"""A run: what a script holds of its job."""

from __future__ import annotations

import math
import os
from collections import deque
from types import TracebackType
from typing import Any, Callable, Optional, Type, Union

from . import _checkpoints, _exits
from ._ending_run import EndingRun
from ._errors import Cancelled, LehrError, Paused, Superseded
from ._scheduler import Scheduler

AnyPath = Union[str, "os.PathLike[str]"]
_PLAIN = frozenset([float, int])


class Run(EndingRun):
    """A script's run under a server's schedule; `lehr.run` makes one.

    Nothing in it waits for the server in a training step, but for a moment where a metric that moves
    the rate was reported or the granted rates have run out while the server answers.
    """

    def __init__(self, **terms: Any) -> None:
        super().__init__(**terms)
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
        self._send(path, self.step if step is None else step)

    def save_with(self, saver: Callable[[str], None], every: Optional[float] = None) -> None:
        """Lets Lehr ask for checkpoints: when the job is paused or cancelled, and every so many seconds.

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
