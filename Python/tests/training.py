"""Training loops that tests run against a server."""

from __future__ import annotations

import threading
from typing import Any, List

import lehr

from .fakes import PlainOptimizer
from .server import PATIENCE, ServerCase, wait_for

COSINE = {"type": "cosine", "learning_rate": 0.1, "warmup": {"length": {"fraction": 0.1}}}
PLATEAU = {
    "type": "reduce_on_plateau",
    "learning_rate": 0.1,
    "factor": 0.5,
    "patience": 1,
    "cooldown": 0,
    "monitor": "validation_loss",
}


class Training:
    """A loop that keeps the rates that it used."""

    def __init__(self, run: lehr.Run, optimizer: Any = None) -> None:
        self.run = run
        self.optimizer = optimizer or PlainOptimizer({"lr": 0.1})
        self.scheduler = run.attach(self.optimizer)
        self.used: List[float] = []

    def update(self) -> None:
        self.used.append(self.optimizer.param_groups[0]["lr"])
        self.optimizer.step()
        self.scheduler.step()
        self.run.report(loss=1.0 / (len(self.used) + 1))


class RunCase(ServerCase):
    """Tests of runs under a server."""

    def run_of(self, steps: int, schedule: Any = COSINE, **options: Any) -> lehr.Run:
        # A server that has other things to do is waited for: what it grants is what is looked at here.
        options.setdefault("patience", PATIENCE)
        return lehr.run(name="script", schedule=schedule, steps=steps, **options)

    def assert_exact(self, run: lehr.Run, steps: int) -> None:
        audit = self.audit(run.id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (steps, 0), audit)
        self.assertEqual(audit["digest"], audit["expected_digest"])

    def lose_server(self, run: lehr.Run) -> None:
        """Kills the server once the plan is there; nothing of the run was reported then."""
        wait_for(lambda: run._book.planned_through == run.total_steps, "the plan")
        self.kill()
        run.log("is anybody there?")
        wait_for(lambda: run.unreachable, "the loss of the server")


class ThreadWorld:
    """Ranks as threads, with a broadcast among them."""

    def __init__(self, size: int) -> None:
        self.rank: Any = threading.local()
        self._barrier = threading.Barrier(size)
        self._value: Any = None

    def broadcast(self, value: Any) -> Any:
        if self.rank.value == 0:
            self._value = value
        self._barrier.wait()
        found = self._value
        self._barrier.wait()
        return found
