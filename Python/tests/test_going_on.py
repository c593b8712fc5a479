"""Scripts that go on: from checkpoints, from states of their own, as forks."""

from __future__ import annotations

import os
import unittest
from pathlib import Path
from typing import List
from unittest import mock

import lehr

from .fakes import PlainOptimizer
from .server import PATIENCE, wait_for
from .training import COSINE, RunCase, Training


class GoingOnTests(RunCase):
    def test_a_paused_run_goes_on_from_its_checkpoint_with_the_same_rates(self) -> None:
        run = self.run_of(2_000)
        training = Training(run)
        saved: List[int] = []

        def save(path: str) -> None:
            saved.append(len(training.used))
            Path(path).write_text(str(len(training.used)))

        run.save_with(save)
        for _ in range(100):
            training.update()
        self.client.post(f"/v1/jobs/{run.id}/pause")
        with self.assertRaises(lehr.Paused):
            while True:
                training.update()
        self.assertEqual(self.job(run.id)["state"], "paused")
        with mock.patch.dict(os.environ, {"LEHR_JOB": str(run.id)}):
            second = lehr.run(name="ignored", patience=PATIENCE)
        path = second.resume()
        assert path is not None
        self.assertEqual(int(Path(path).read_text()), saved[-1])
        self.assertEqual(second.step, saved[-1])
        other = Training(second)
        while second.step < 2_000:
            other.update()
        second.finish()
        used = training.used[: saved[-1]] + other.used
        self.assertEqual(used, self.preview(COSINE, 2_000))
        self.assert_exact(second, 2_000)

    def test_a_cancelled_run_saves_its_state_and_a_retry_goes_on_from_there(self) -> None:
        run = self.run_of(1_000_000)
        training = Training(run)
        run.save_with(lambda path: Path(path).write_text(str(len(training.used))) and None)
        for _ in range(100):
            training.update()
        self.client.post(f"/v1/jobs/{run.id}/cancel")
        with self.assertRaises(lehr.Cancelled):
            while True:
                training.update()
        self.wait_for_state(run.id, "cancelled")
        self.client.post(f"/v1/jobs/{run.id}/retry")
        with lehr.run(job=run.id, patience=PATIENCE) as second:
            path = second.resume()
            assert path is not None
            self.assertEqual(int(Path(path).read_text()), len(training.used))
            self.assertEqual(second.step, len(training.used))
            self.client.post(f"/v1/jobs/{run.id}/cancel")
            other = Training(second)
            while True:
                other.update()

    def test_a_killed_script_goes_on_from_a_state_of_its_own(self) -> None:
        first = self.run_of(600)
        training = Training(first)
        for _ in range(250):
            training.update()
        state = training.scheduler.state_dict()
        wait_for(lambda: self.job(first.id)["progress"]["step"] == 250, "the reports")
        for _ in range(50):
            training.update()
        # The process would be killed here; another takes the job over at once.
        with lehr.run(job=first.id, patience=PATIENCE) as second:
            optimizer = PlainOptimizer({"lr": 0.0})
            scheduler = second.attach(optimizer)
            scheduler.load_state_dict(state)
            used = []
            while second.step < 600:
                used.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                scheduler.step()
        self.assertEqual(training.used[:250] + used, self.preview(COSINE, 600))
        self.assert_exact(second, 600)
        with self.assertRaises(lehr.Superseded):
            while True:
                training.update()

    def test_a_new_job_begins_at_the_step_of_a_state_that_is_loaded(self) -> None:
        with self.run_of(600) as run:
            optimizer = PlainOptimizer({"lr": 0.1})
            scheduler = run.attach(optimizer)
            scheduler.load_state_dict({"step": 200, "factors": [1.0]})
            used = []
            while run.step < 600:
                used.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                scheduler.step()
        self.assertEqual(used, self.preview(COSINE, 600)[200:])
        audit = self.audit(run.id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (400, 0))

    def test_a_fork_goes_on_from_a_scripts_checkpoint(self) -> None:
        with self.run_of(100) as run:
            training = Training(run)
            for _ in range(60):
                training.update()
            weights = self.folder / "weights"
            weights.write_bytes(b"weights of step 60")
            run.checkpoint(weights)
            weights.unlink()
            while run.step < 100:
                training.update()
        changes = {"changes": {"schedule": {"type": "constant", "learning_rate": 0.01}}}
        child = self.client.post(f"/v1/jobs/{run.id}/fork", changes)["id"]
        with lehr.run(job=child, patience=PATIENCE) as forked:
            path = forked.resume()
            assert path is not None
            self.assertEqual(Path(path).read_bytes(), b"weights of step 60")
            other = Training(forked)
            while forked.step < 100:
                other.update()
        self.assertEqual(other.used, [0.01] * 40)


if __name__ == "__main__":
    unittest.main()
