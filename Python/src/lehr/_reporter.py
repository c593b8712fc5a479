"""The thread that talks to the server, so that the training thread never does."""

from __future__ import annotations

import threading
import time
from array import array
from typing import Any, Callable, Dict, List, Optional

from ._client import Client
from ._columns import decode
from ._errors import LehrError, Refused, Unreachable
from ._outbox import Outbox
from ._rates import Block, RateBook
from ._reports import Ledger


class Reporter:
    """Sends reports, takes grants and the plan, and hears what the script is to do."""

    #: The longest time between reports.
    INTERVAL = 0.25
    #: The same while the server is missed: what is noted then is sent later, in larger pieces.
    LOST_INTERVAL = 1.0
    #: The pauses between tries to reach a server that is missed.
    FIRST_PAUSE, LAST_PAUSE = 0.25, 5.0
    #: The steps that the plan is kept ahead of the run.
    PLAN_STEPS = 4_194_304

    def __init__(
        self,
        client: Client,
        lease: Dict[str, Any],
        rates: RateBook,
        ledger: Ledger,
        outbox: Outbox,
        stop: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self._client = client
        self._path = f"/v1/leases/{lease['id']}"
        self._fence = lease["fence"]
        self._term = float(lease["term_seconds"])
        self._rates = rates
        self._ledger = ledger
        self._outbox = outbox
        self._stop = stop
        self._warn = warn
        self._wake = threading.Event()
        self._closing = False
        self._deadline: Optional[float] = None
        self._hold: Optional[threading.Event] = None
        self._version: Optional[int] = None
        self._planned_version: Optional[int] = None
        self._heard = time.monotonic()
        self._pause = self.FIRST_PAUSE
        self._next_try = 0.0
        #: Why the server is missed; None while it answers.
        self.missed: Optional[str] = None
        #: Whether the server has taken everything that was to be sent.
        self.is_done = False
        #: How the job is to end, because the server does not take what the script reports.
        self.refused: Optional[Dict[str, Any]] = None
        #: Whether the lease is lost, so that nothing can be sent any more.
        self.is_fenced = False
        self._thread = threading.Thread(target=self._run, name="lehr", daemon=True)

    def start(self, version: int) -> None:
        """Begins; `version` is that of the rates that the lease came with."""
        self._version = version
        self._thread.start()

    def wake(self) -> None:
        """Makes the next report come now."""
        self._wake.set()

    def hold(self, patience: float) -> bool:
        """Reports everything now, and waits until the answer is here; whether it came in time."""
        done = threading.Event()
        self._hold = done
        self._wake.set()
        return done.wait(patience)

    def finish(self, patience: float) -> bool:
        """Reports the rest; whether all of it was taken within `patience` seconds of silence."""
        self._deadline = time.monotonic() + patience
        self._closing = True
        self._wake.set()
        self._thread.join()
        return self.is_done

    # The thread

    def _run(self) -> None:
        while True:
            lost = self.missed is not None
            self._wake.wait(self.LOST_INTERVAL if lost else self.INTERVAL)
            self._wake.clear()
            closing = self._closing
            if self.is_fenced:
                if closing:
                    return
                # What the script does after it was fenced out is nobody's.
                self._ledger.applied.clear()
                self._ledger.points.clear()
                continue
            hold, self._hold = self._hold, None
            if self._ledger.has_news or hold is not None:
                for body in self._ledger.bodies(holds=hold is not None):
                    self._outbox.append(body)
            try:
                self._send()
                self._beat()
                self._refresh_plan()
            except Unreachable as error:
                self._lose(error)
            except Refused as error:
                self._refused(error)
            except LehrError as error:
                self._lose(error)
            if hold is not None and self.missed is None:
                hold.set()
            if closing and not self._ledger.has_news:
                if len(self._outbox) == 0 or self.is_fenced:
                    self.is_done = not self.is_fenced
                    return
                if self.missed is not None and time.monotonic() >= (self._deadline or 0):
                    return

    def _send(self) -> None:
        while True:
            body = self._outbox.first()
            if body is None:
                return
            if self.missed is not None and time.monotonic() < self._next_try:
                return
            self._take(self._client.post_bytes(f"{self._path}/report", body))
            self._outbox.pop()

    def _beat(self) -> None:
        silence = time.monotonic() - self._heard
        if self.missed is not None:
            if time.monotonic() < self._next_try:
                return
        elif silence < min(2.0, self._term / 3):
            return
        self._take(self._client.post(f"{self._path}/heartbeat", {"fence": self._fence}))

    def _take(self, receipt: Dict[str, Any]) -> None:
        if "directives" not in receipt:
            raise LehrError("the server answers as another version does; update it or this package")
        self._heard = time.monotonic()
        if self.missed is not None:
            self.missed = None
            self._pause = self.FIRST_PAUSE
            self._ledger.say("the server answers again")
        self._rates.set_healthy(True)
        self._version = receipt.get("schedule_version", self._version)
        grant = receipt.get("grant")
        if grant:
            self._rates.grant(block(grant))
        for word in receipt["directives"]:
            if word in ("cancel", "pause"):
                self._stop(word)

    def _refresh_plan(self) -> None:
        """Fetches the plan again where the rates have changed, and more of it as the run goes on."""
        if self.missed is not None or self._rates.offline:
            return
        step = self._ledger.through
        wanted: Optional[int]
        blocks: Optional[List[Block]]
        if self._planned_version != self._version:
            wanted, blocks = self._version, []
        elif 0 < self._rates.planned_through < step + self.PLAN_STEPS // 2 and not self._plan_ended:
            wanted, blocks = self._version, None
            step = self._rates.planned_through
        else:
            return
        limit = self._ledger.through + self.PLAN_STEPS
        while step < limit:
            answer = self._client.get(f"{self._path}/plan?fence={self._fence}&from_step={step}")
            part = block(answer["rates"])._replace(planned=True)
            self.monitors = frozenset(answer.get("monitors", ()))
            wanted = answer.get("schedule_version", wanted)
            self._plan_ended = not part.rates
            if self._plan_ended:
                break
            step = part.end
            if blocks is None:
                self._rates.extend_plan(part)
            else:
                blocks.append(part)
        if blocks is not None:
            self._rates.plan(blocks)
        self._planned_version = wanted

    _plan_ended = False
    monitors: "frozenset[str]" = frozenset()

    def _lose(self, error: LehrError) -> None:
        now = time.monotonic()
        after = getattr(error, "retry_after", None)
        self._next_try = now + (after if after is not None else self._pause)
        self._pause = min(self._pause * 2, self.LAST_PAUSE)
        self._rates.set_healthy(False)
        self._outbox.keep_on_disk()
        if self.missed is None:
            self._warn(f"{error}; the training goes on, and reports are kept until it answers")
            self._ledger.say(f"the server was missed: {error}")
        self.missed = str(error)
        if self._outbox.fault is not None:
            self._ledger.say(self._outbox.fault, once="disk")

    def _refused(self, error: Refused) -> None:
        if error.status in (401, 403):
            # A token that has expired may be replaced, and what was kept is sent then.
            self._lose(error)
        elif error.type == "lease_lost":
            self.is_fenced = True
            self._stop("lease_lost")
            # Nothing more is granted, so that nothing must be waited for.
            self._rates.set_healthy(False)
        else:
            self._warn(f"the server refuses reports: {error}; the training goes on without them")
            self.refused = {
                "code": "invalid",
                "detail": f"a report was refused: {error}".replace("\n", " ")[:2_000],
                "permanent": True,
            }
            self.is_fenced = True
            self._rates.set_healthy(False)


def block(grant: Dict[str, Any]) -> Block:
    """The block that the protocol's grant is."""
    momenta: Optional[array[float]] = None
    if grant.get("momenta") is not None:
        momenta = decode(grant["momenta"])
    return Block(int(grant["from_step"]), decode(grant["learning_rates"]), momenta, False)
