"""How scripts end, and what their jobs say of it."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest

from .training import COSINE, RunCase, Training


class EndingTests(RunCase):
    def test_a_cancelled_run_ends_the_script_quietly(self) -> None:
        with self.run_of(1_000_000) as run:
            training = Training(run)
            training.update()
            self.client.post(f"/v1/jobs/{run.id}/cancel")
            while True:
                training.update()
        self.wait_for_state(run.id, "cancelled")

    def test_a_cancelled_run_whose_state_cannot_be_saved_is_let_go_of(self) -> None:
        def save(path: str) -> None:
            raise OSError("no room")

        run = self.run_of(1_000_000)
        training = Training(run)
        run.save_with(save)
        training.update()
        self.client.post(f"/v1/jobs/{run.id}/cancel")
        with self.assertRaisesRegex(OSError, "no room"):
            while True:
                training.update()
        # The server is told at once, not by the silence of a lease.
        self.assertEqual(self.job(run.id)["state"], "cancelled")

    def test_a_run_that_asks_is_not_ended(self) -> None:
        run = self.run_of(1_000_000, raise_on_stop=False)
        training = Training(run)
        self.client.post(f"/v1/jobs/{run.id}/cancel")
        while run.stopping is None:
            training.update()
        self.assertEqual(run.stopping, "cancel")
        run.finish()
        # What was done in spite of the request counts.
        self.wait_for_state(run.id, "succeeded")

    def test_an_exception_fails_the_job_and_names_it(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            with self.run_of(10) as run:
                Training(run).update()
                1 / 0
        failure = self.job(run.id)["failure"]
        self.assertEqual(failure["code"], "nonzero_exit")
        self.assertIn("ZeroDivisionError: division by zero (test_endings.py:", failure["detail"])

    def test_a_loss_that_ends_as_no_number_fails_the_job(self) -> None:
        with self.run_of(10) as run:
            training = Training(run)
            for _ in range(9):
                training.update()
            run.report(step=20, loss=float("nan"))
        job = self.job(run.id)
        self.assertEqual((job["state"], job["failure"]["code"]), ("failed", "diverged"))
        self.assertIn("loss is not finite at step 20", self.log(run.id))

    def test_a_script_that_exits_without_a_word_has_finished(self) -> None:
        script = (
            "import lehr\n"
            f"run = lehr.run(schedule={COSINE!r}, steps=10)\n"
            "print(run.id)\n"
        )
        for ending, state in (("", "succeeded"), ("raise RuntimeError('boom')\n", "failed")):
            done = subprocess.run(
                [sys.executable, "-c", script + ending],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True,
                text=True,
                check=False,
            )
            job = self.job(done.stdout.strip())
            self.assertEqual(job["state"], state, done.stderr)
            reason = job["state_reason"]
            self.assertIn("boom" if ending else "without reporting a step of its 10", reason)


if __name__ == "__main__":
    unittest.main()
