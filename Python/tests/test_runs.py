"""Scripts under a server: whole runs, edits, metrics that move the rate."""

from __future__ import annotations

import threading
import unittest
from typing import Any, Dict, List
from unittest import mock

import lehr

from .fakes import HookedOptimizer, PlainOptimizer, Scaler
from .training import COSINE, PLATEAU, RunCase, ThreadWorld, Training


class RunTests(RunCase):
    def test_a_whole_run_uses_the_previews_rates_to_the_last_bit(self) -> None:
        for schedule in (
            COSINE,
            {"type": "one_cycle", "learning_rate": 0.1},
            {"library": "torch", "name": "StepLR", "params": {"step_size": 700}, "learning_rate": 0.1},
        ):
            optimizer = HookedOptimizer({"lr": 0.1, "momentum": 0.9})
            with self.run_of(2_000, schedule) as run:
                training = Training(run, optimizer)
                for _ in range(2_000):
                    training.update()
            self.assertEqual(training.used, self.preview(schedule, 2_000))
            self.assert_exact(run, 2_000)
            job = self.job(run.id)
            self.assertEqual((job["state"], job["kind"]), ("succeeded", "external"))
            self.assertEqual(self.curve(run.id, "loss")["steps"], list(range(1, 2_001)))

    MANY = 100_000

    def test_an_edit_holds_from_the_step_that_its_answer_names(self) -> None:
        with self.run_of(self.MANY) as run:
            training = Training(run)
            training.update()
            answer = self.client.post(f"/v1/jobs/{run.id}/schedule-edits", {"scale": 0.5})
            while len(training.used) < self.MANY:
                training.update()
        first, plain = answer["from_step"], self.preview(COSINE, self.MANY)
        self.assertEqual(training.used[:first], plain[:first])
        self.assertEqual(training.used[first:], [rate * 0.5 for rate in plain[first:]])
        self.assert_exact(run, self.MANY)

    def test_a_metric_moves_the_rate_of_the_very_next_update(self) -> None:
        with self.run_of(60, PLATEAU) as run:
            training = Training(run)
            for step in range(1, 61):
                training.update()
                if step % 10 == 0:
                    # The name is one of those that mean the same.
                    run.report(val_loss=1.0)
        # The second and third report are no better than the first, so the third one halves.
        expected = [0.1] * 30 + [0.05] * 20 + [0.025] * 10
        self.assertEqual(training.used, expected)
        self.assert_exact(run, 60)

    def test_skipped_updates_shift_nothing_and_are_reported(self) -> None:
        with self.run_of(200) as run:
            optimizer = HookedOptimizer({"lr": 0.1})
            scaler = Scaler({3, 4, 50})
            scheduler = run.attach(optimizer, scaler=scaler)
            used = []
            while run.step < 200:
                rate, before = optimizer.param_groups[0]["lr"], optimizer.updates
                scaler.step(optimizer)
                scheduler.step()
                if optimizer.updates > before:
                    used.append(rate)
        self.assertEqual(used, self.preview(COSINE, 200))
        self.assertEqual(self.job(run.id)["summary"]["skipped_steps"], 3)

    def test_metrics_without_an_optimizer_count_their_own_steps(self) -> None:
        with self.run_of(1_000) as run:
            for step in range(0, 1_000, 10):
                run.report(step=step, loss=1.0)
        self.assertEqual(self.curve(run.id, "loss")["steps"], list(range(0, 1_000, 10)))
        self.assertEqual(self.job(run.id)["progress"]["step"], 990)

    def test_a_second_optimizer_follows_and_counts_nothing(self) -> None:
        with self.run_of(50) as run:
            training = Training(run)
            other = PlainOptimizer({"lr": 0.1})
            second = run.attach(other)
            for _ in range(50):
                other.step()
                second.step()
                training.update()
        self.assert_exact(run, 50)

    def test_ranks_apply_an_edit_at_the_same_step(self) -> None:
        world = ThreadWorld(2)
        used: Dict[int, List[float]] = {}
        edited = threading.Event()
        self.answer: Dict[str, Any] = {}

        def train(rank: int) -> None:
            world.rank.value = rank
            with self.run_of(self.MANY, broadcast=world.broadcast) as run:
                training = Training(run)
                while run.step < self.MANY:
                    training.update()
                    if run.step == 1 and rank == 0:
                        self.answer = self.client.post(
                            f"/v1/jobs/{run.id}/schedule-edits", {"scale": 0.5}
                        )
                        edited.set()
                used[rank] = training.used
                if rank == 0:
                    self.id = run.id

        with mock.patch("lehr._ranks.rank", lambda: world.rank.value), mock.patch(
            "lehr._ranks.world", lambda: 2
        ):
            threads = [threading.Thread(target=train, args=(rank,)) for rank in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertTrue(edited.is_set())
        self.assertEqual(used[0], used[1])
        first, plain = self.answer["from_step"], self.preview(COSINE, self.MANY)
        self.assertEqual(used[0][first:], [rate * 0.5 for rate in plain[first:]])
        audit = self.audit(self.id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (self.MANY, 0))

    def test_a_faulty_schedule_says_what_to_write(self) -> None:
        with self.assertRaisesRegex(lehr.LehrError, "schedule.learning_rate"):
            lehr.run(schedule={"type": "cosine", "lr": 0.1}, steps=10)
        with self.assertRaisesRegex(lehr.LehrError, "no schedule is stored as"):
            lehr.run(schedule="warm", steps=10)


if __name__ == "__main__":
    unittest.main()
