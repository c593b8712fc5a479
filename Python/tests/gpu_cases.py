"""What workers do with GPUs, on a machine whose nvidia-smi is a program of the test's."""

from __future__ import annotations

import os
from typing import Any, Dict, List

from .server import wait_for

#: A program in the place of nvidia-smi, on a machine with two GPUs.
TWO_GPUS = """#!/bin/sh
echo "0, GPU-11111111-2222, NVIDIA A100-SXM4-40GB, 40960"
echo "1, GPU-33333333-4444, NVIDIA A100-SXM4-80GB, 81920"
"""


class GPUCases:
    """Jobs that ask for GPUs."""

    def start_with_gpus(self: Any, *options: str, program: str = TWO_GPUS, **variables: str) -> None:
        folder = self.folder / "programs"
        folder.mkdir(exist_ok=True)
        (folder / "nvidia-smi").write_text(program)
        (folder / "nvidia-smi").chmod(0o755)
        path = f"{folder}:{os.environ['PATH']}"
        self.restart_worker(*options, PATH=path, **variables)

    def gpus(self: Any) -> List[str]:
        """The ids of the GPUs that the worker offers."""
        workers: List[Dict[str, Any]] = self.client.get("/v1/workers")["items"]
        found = max(workers, key=lambda worker: str(worker["last_seen_at"]))
        return [gpu["id"] for gpu in found["gpus"]]

    def seen(self: Any, **fields: Any) -> str:
        """What a job sees of the GPUs."""
        id = self.run_script("import os; print(f'[{os.environ[\"CUDA_VISIBLE_DEVICES\"]}]')", **fields)
        self.wait_for_state(id, "succeeded")
        log: str = self.log(id)
        return next(line.split(" ", 1)[1] for line in log.splitlines() if line.endswith("]"))

    def test_a_job_sees_the_gpus_that_it_asks_for_alone(self: Any) -> None:
        self.start_with_gpus()
        self.assertEqual(self.seen(), "[]")
        self.assertEqual(self.seen(gpus=1), "[GPU-11111111-2222]")
        self.assertEqual(self.seen(gpus=2), "[GPU-11111111-2222,GPU-33333333-4444]")
        large = self.seen(gpus=1, gpu_memory_bytes=60 << 30)
        self.assertEqual(large, "[GPU-33333333-4444]")
        self.assertEqual(self.gpus(), ["GPU-11111111-2222", "GPU-33333333-4444"])

    def test_workers_of_a_machine_share_its_gpus(self: Any) -> None:
        self.start_with_gpus()
        first = self._worker
        self.start_worker_again()
        script = (
            "import os, time; print('has ' + os.environ['CUDA_VISIBLE_DEVICES'], flush=True);"
            " time.sleep(3600)"
        )
        ids = [self.run_script(script, gpus=1) for _ in range(2)]
        for id in ids:
            wait_for(lambda: "has " in self.log(id), "a GPU")
        words = [self.log(id).split("has ")[1].split()[0] for id in ids]
        self.assertEqual(sorted(words), ["GPU-11111111-2222", "GPU-33333333-4444"])
        waiting = self.run_command("true", gpus=1)
        self.assertIn("no worker with a free GPU", self.job(waiting)["state_reason"])
        self.assertIn("of which none is free", self.job(waiting)["state_reason"])
        # Whoever dies with its GPU leaves it free.
        self.client.post(f"/v1/jobs/{ids[0]}/cancel")
        self.wait_for_state(ids[0], "cancelled")
        self.wait_for_state(waiting, "succeeded")
        self._worker.kill()
        first.kill()
        first.wait()

    def test_gpus_may_be_limited_and_stated(self: Any) -> None:
        for given, ids in (
            (["--gpus", "1"], ["GPU-33333333-4444"]),
            (["--gpus", "GPU-1111"], ["GPU-11111111-2222"]),
            (["--gpus", "none"], []),
            (["--gpus", "mine:24GiB"], ["mine"]),
        ):
            self.start_with_gpus(*given)
            self.assertEqual(self.seen(), "[]")
            self.assertEqual(self.gpus(), ids)
        self.assertEqual(self.seen(gpus=1, gpu_memory_bytes=24 << 30), "[mine]")

    def test_gpus_that_the_worker_itself_does_not_see_are_not_offered(self: Any) -> None:
        self.start_with_gpus(CUDA_VISIBLE_DEVICES="1")
        self.assertEqual(self.seen(gpus=1), "[GPU-33333333-4444]")
        many = self.run_command("true", gpus=2)
        reason = self.job(many)["state_reason"]
        self.assertIn("no worker with 2 free GPUs; the most that one has is 1", reason)

    def test_a_driver_that_does_not_answer_keeps_no_worker_from_its_work(self: Any) -> None:
        self.start_with_gpus(program="#!/bin/sh\nexit 9\n")
        self.check_next()
        self.assertEqual(self.gpus(), [])
        self.assertIn("no GPUs are offered", (self.folder / "worker.log").read_text())
