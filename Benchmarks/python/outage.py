"""Two minutes without a server: the longest pause of the training, and whether anything is missing.

Usage: outage.py LEHRD [SECONDS]   LEHRD is the binary; 120 seconds by default.

A server is started, killed while the script trains, and started again on the same data.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).parents[2] / "Python" / "src"))

import lehr  # noqa: E402
from lehr._client import Client  # noqa: E402

SCHEDULE = {"type": "cosine", "learning_rate": 0.1}


class Optimizer:
    def __init__(self) -> None:
        self.param_groups: List[Dict[str, Any]] = [{"lr": 0.1}]

    def step(self) -> None:
        time.sleep(0.002)


def serve(binary: str, folder: str, port: str) -> "Tuple[subprocess.Popen[str], str]":
    process = subprocess.Popen(
        [binary, "serve", "--listen", f"127.0.0.1:{port}", "--data", folder, "--workers", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().split()[-1]


def main(binary: str, outage: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        process, url = serve(binary, folder, "0")
        steps = int((outage + 20) / 0.0021)
        used: List[float] = []
        longest, last = 0.0, time.perf_counter()
        killed = restarted = 0.0
        with lehr.run(name="outage", schedule=SCHEDULE, steps=steps, server=url) as run:
            optimizer = Optimizer()
            scheduler = run.attach(optimizer)
            began = time.perf_counter()
            for step in range(steps):
                used.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                scheduler.step()
                run.report(step=step, loss=1.0 / (step + 1))
                now = time.perf_counter()
                longest, last = max(longest, now - last), now
                if not killed and now - began > 5:
                    process.kill()
                    process.wait()
                    killed = last = time.perf_counter()
                if killed and not restarted and now - killed > outage:
                    process, _ = serve(binary, folder, url.rsplit(":", 1)[-1])
                    restarted = last = time.perf_counter()
        client = Client(url, timeout=60)
        audit = client.get(f"/v1/jobs/{run.id}/audit")
        series = client.get(f"/v1/jobs/{run.id}/metrics?series=loss")["series"]["loss"]
        preview = client.post("/v1/schedules/preview", {"schedule": SCHEDULE, "steps": steps})
        print(
            f"{restarted - killed:.0f} s without a server: longest step {longest * 1_000:.1f} ms;"
            f" {series['source_points']:,} of {steps:,} reports arrived; audit {audit['steps']:,}"
            f" steps, {audit['planned']:,} planned, {audit['mismatches']} mismatches; rates equal the"
            f" preview's: {used == preview['learning_rates']}"
        )
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 120.0)
