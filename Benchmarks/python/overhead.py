"""What a training step pays for Lehr: the scheduler's step and a report, in the training thread.

Usage: overhead.py [SERVER]   LEHR_SERVER where it is not given; takes about ten seconds.

Each step calls `optimizer.step()` of an optimizer that does nothing, `scheduler.step()` and
`run.report(step=…, loss=…)`; the same loop without Lehr is taken off. The second part reports
10,000 times a second and looks for the longest pause.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from typing import Any, Dict, List

sys.path.insert(0, str(Path(__file__).parents[2] / "Python" / "src"))

import lehr  # noqa: E402


class Optimizer:
    def __init__(self) -> None:
        self.param_groups: List[Dict[str, Any]] = [{"lr": 0.1, "momentum": 0.9}]

    def step(self) -> None:
        pass


def percentile(values: List[int], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] / 1_000


def overhead(server: "str | None", steps: int = 200_000) -> None:
    bare_optimizer = Optimizer()
    bare: List[int] = []
    for _ in range(steps):
        began = time.perf_counter_ns()
        bare_optimizer.step()
        bare.append(time.perf_counter_ns() - began)
    schedule = {"type": "cosine", "learning_rate": 0.1}
    taken: List[int] = []
    with lehr.run(name="overhead", schedule=schedule, steps=steps, server=server) as run:
        optimizer = Optimizer()
        scheduler = run.attach(optimizer)
        for step in range(steps):
            loss = 1.0 / (step + 1)
            began = time.perf_counter_ns()
            optimizer.step()
            scheduler.step()
            run.report(step=step, loss=loss)
            taken.append(time.perf_counter_ns() - began)
    base = statistics.median(bare) / 1_000
    print(
        f"{steps:,} steps: median {percentile(taken, 0.5) - base:.2f} µs, 99 %"
        f" {percentile(taken, 0.99) - base:.2f} µs, most {max(taken) / 1_000:.0f} µs a step"
    )


def flood(server: "str | None", seconds: float = 5.0, rate: int = 10_000) -> None:
    schedule = {"type": "constant", "learning_rate": 0.1}
    total = int(seconds * rate)
    longest = 0.0
    with lehr.run(name="flood", schedule=schedule, steps=total, server=server) as run:
        scheduler = run.attach(optimizer := Optimizer())
        began = time.perf_counter()
        for step in range(total):
            before = time.perf_counter()
            optimizer.step()
            scheduler.step()
            run.report(step=step, loss=1.0)
            longest = max(longest, time.perf_counter() - before)
            while time.perf_counter() < began + (step + 1) / rate:
                # Leaves the interpreter to the reporting thread, as a training step does.
                time.sleep(0)
        spent = time.perf_counter() - began
    left = lehr._client.Client(server or "http://127.0.0.1:8080")
    points = left.get(f"/v1/jobs/{run.id}/metrics?series=loss")["series"]["loss"]["source_points"]
    print(
        f"{total / spent:,.0f} reports a second for {spent:.1f} s: longest call"
        f" {longest * 1_000:.1f} ms, {points:,} of {total:,} arrived"
    )


if __name__ == "__main__":
    address = sys.argv[1] if len(sys.argv) > 1 else None
    overhead(address)
    flood(address)
