"""A run and its lease: from which step it goes on, and at which rates."""

from __future__ import annotations

import math
import os
import sys
import time
from typing import Any, Callable, Dict, List, Mapping, Optional

from . import _checkpoints, _opening, _outbox, _ranks, _reports
from ._client import Client
from ._errors import LehrError, Refused
from ._rates import Block, RateBook
from ._reporter import Reporter, block
from ._scheduler import Scheduler


class LeasedRun:
    """What a script holds of its job, as far as the server is concerned."""

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

    @property
    def step(self) -> int:
        """The completed updates."""
        return self._schedulers[0].count if self._schedulers else self._base

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

    # Attention

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
        """What the first scheduler's `step` does where there is something to do."""
        self._settle()

    def _stop(self, word: str) -> None:
        """Lets go of the job, and ends the script."""
        raise NotImplementedError

    def _warn(self, text: str) -> None:
        print(f"lehr: {text}", file=sys.stderr, flush=True)
