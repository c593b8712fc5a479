"""The rates that a run may use: those that were granted, and the plan for when the server is lost."""

from __future__ import annotations

import threading
import time
from array import array
from typing import Callable, List, NamedTuple, Optional

from ._columns import NO_MOMENTUM


class Block(NamedTuple):
    """The rates of some steps in a row."""

    #: The first step.
    start: int
    #: The rate of each step.
    rates: array[float]
    #: The momentum of each step, not a number where it is the optimizer's own; None where all are.
    momenta: Optional[array[float]]
    #: Whether the server has not granted them: they are the plan's.
    planned: bool

    @property
    def end(self) -> int:
        """The first step after the block."""
        return self.start + len(self.rates)

    def part(self, start: int, end: int) -> "Block":
        """The block's steps from `start` to before `end`, as far as it has them."""
        low, high = max(start, self.start) - self.start, min(end, self.end) - self.start
        return Block(
            low + self.start,
            self.rates[low:high],
            None if self.momenta is None else self.momenta[low:high],
            self.planned,
        )

    def joined(self, other: "Block") -> "Block":
        """This block and the one that begins where it ends."""
        momenta: Optional[array[float]] = None
        if self.momenta is not None or other.momenta is not None:
            momenta = _momenta(self) + _momenta(other)
        return Block(self.start, self.rates + other.rates, momenta, self.planned)


def _momenta(block: Block) -> array[float]:
    if block.momenta is not None:
        return block.momenta
    return array("d", [NO_MOMENTUM]) * len(block.rates)


class RateBook:
    """Rates by step, filled by the reporting thread and read by the training thread.

    The training thread asks once a block. It waits for a grant only while the server answers, and never
    for long; without the server it goes on by the plan.
    """

    #: The steps of the plan that are used before the grants are looked at again.
    PLANNED_STEPS = 64
    #: The most steps of a block that is granted.
    BLOCK_STEPS = 4_096

    def __init__(self, patience: float = 1.0) -> None:
        self._changed = threading.Condition()
        self._grants: List[Block] = []
        self._plan: List[Block] = []
        self._patience = patience
        self._healthy = True
        #: Wakes whoever asks the server for more.
        self.wanted: Callable[[], None] = lambda: None
        #: Whether rates are used without being granted because there is no server at all.
        self.offline = False
        #: The steps of the run, past which nothing is granted; None where that is not known.
        self.total: Optional[int] = None

    def grant(self, block: Block) -> None:
        """Adds what the server has granted; it takes the place of what was granted for these steps."""
        with self._changed:
            kept = [old.part(old.start, block.start) for old in self._grants if old.start < block.start]
            kept = [old for old in kept if old.rates]
            if kept and kept[-1].end == block.start:
                block = kept.pop().joined(block)
            self._grants = kept + [block]
            self._changed.notify_all()

    def revoke(self, step: int) -> None:
        """Forgets what was granted from `step` on."""
        with self._changed:
            kept = [old.part(old.start, step) for old in self._grants if old.start < step]
            self._grants = [old for old in kept if old.rates]

    def plan(self, blocks: List[Block]) -> None:
        """Takes another plan in place of the one before."""
        with self._changed:
            self._plan = blocks

    def extend_plan(self, block: Block) -> None:
        """Adds steps behind the plan's end."""
        with self._changed:
            self._plan = self._plan + [block]

    @property
    def planned_through(self) -> int:
        """The first step that the plan does not hold."""
        with self._changed:
            return self._plan[-1].end if self._plan else 0

    @property
    def granted_through(self) -> int:
        """The first step that is not granted."""
        with self._changed:
            return self._grants[-1].end if self._grants else 0

    def set_healthy(self, healthy: bool) -> None:
        """Says whether the server answers."""
        with self._changed:
            self._healthy = healthy
            self._changed.notify_all()

    def block(self, step: int, limit: int = BLOCK_STEPS) -> Block:
        """The rates from `step` on: granted ones where there are any, else the plan's."""
        deadline: Optional[float] = None
        with self._changed:
            while True:
                found = _find(self._grants, step)
                if found is not None:
                    self._grants = [old for old in self._grants if old.end > step]
                    return found.part(step, step + limit)
                is_over = self.total is not None and step >= self.total
                if not self._healthy or self.offline or is_over:
                    break
                now = time.monotonic()
                if deadline is None:
                    deadline = now + self._patience
                    self.wanted()
                if now >= deadline:
                    # A server that is slow once is not waited for again until it answers.
                    self._healthy = False
                    break
                self._changed.wait(deadline - now)
            return self._planned(step, min(limit, self.PLANNED_STEPS))

    def _planned(self, step: int, limit: int) -> Block:
        found = _find(self._plan, step)
        if found is not None:
            part = found.part(step, step + limit)
            return part._replace(planned=not self.offline)
        # Past the end of all that is known the last rate holds.
        last = (self._plan or self._grants)[-1] if self._plan or self._grants else None
        rate = last.rates[-1] if last is not None else 0.0
        momenta = None
        if last is not None and last.momenta is not None:
            momenta = array("d", [last.momenta[-1]]) * limit
        return Block(step, array("d", [rate]) * limit, momenta, not self.offline)


def _find(blocks: List[Block], step: int) -> Optional[Block]:
    for block in blocks:
        if block.start <= step < block.end:
            return block
    return None
