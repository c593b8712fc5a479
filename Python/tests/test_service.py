"""Scripts against a server: whole runs, edits, kills, pauses, metrics that move the rate."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import unittest
from pathlib import Path
from typing import Any, Dict, List
from unittest import mock

import lehr
from lehr.__main__ import main

from .fakes import HookedOptimizer, PlainOptimizer, Scaler
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


class ServiceTests(ServerCase):
    def run_of(self, steps: int, schedule: Any = COSINE, **options: Any) -> lehr.Run:
        # A server that has other things to do is waited for: what it grants is what is looked at here.
        options.setdefault("patience", PATIENCE)
        return lehr.run(name="script", schedule=schedule, steps=steps, **options)

    def assert_exact(self, run: lehr.Run, steps: int) -> None:
        audit = self.audit(run.id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (steps, 0), audit)
        self.assertEqual(audit["digest"], audit["expected_digest"])

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

    def lose_server(self, run: lehr.Run) -> None:
        """Kills the server once the plan is there; nothing of the run was reported then."""
        wait_for(lambda: run._book.planned_through == run.total_steps, "the plan")
        self.kill()
        run.log("is anybody there?")
        wait_for(lambda: run.unreachable, "the loss of the server")

    def test_a_lost_server_stops_nothing_and_everything_arrives_later(self) -> None:
        run = self.run_of(3_000)
        training = Training(run)
        self.lose_server(run)
        while len(training.used) < 2_000:
            training.update()
        spool = list(Path(os.environ["LEHR_SPOOL"]).glob("*.jsonl"))
        self.assertEqual(len(spool), 1)
        self.start()
        wait_for(lambda: run.unreachable is None, "the server's return")
        while len(training.used) < 3_000:
            training.update()
        run.finish()
        self.assertEqual(training.used, self.preview(COSINE, 3_000))
        self.assert_exact(run, 3_000)
        # The first 256 were granted with the lease.
        self.assertGreaterEqual(self.audit(run.id)["planned"], 2_000 - 256)
        self.assertEqual(self.curve(run.id, "loss")["steps"], list(range(1, 3_001)))
        self.assertFalse(spool[0].exists())
        self.assertIn("the server was missed", self.log(run.id))

    def test_a_script_that_ends_without_its_server_leaves_a_file_that_can_be_sent(self) -> None:
        run = self.run_of(400, finish_patience=0.0)
        training = Training(run)
        self.lose_server(run)
        while len(training.used) < 400:
            training.update()
        run.finish()
        self.start()
        self.assertEqual(self.job(run.id)["state"], "running")
        self.assertEqual(main(["send"]), 0)
        self.assertEqual(self.job(run.id)["state"], "succeeded")
        self.assert_exact(run, 400)
        self.assertEqual(self.audit(run.id)["planned"], 400 - 256)
        self.assertEqual(list(Path(os.environ["LEHR_SPOOL"]).glob("*.jsonl")), [])

    #: More than are granted ahead, however fast the script is.
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

    def test_a_cancelled_run_ends_the_script_quietly(self) -> None:
        with self.run_of(1_000_000) as run:
            training = Training(run)
            training.update()
            self.client.post(f"/v1/jobs/{run.id}/cancel")
            while True:
                training.update()
        self.wait_for_state(run.id, "cancelled")

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

    def test_an_exception_fails_the_job_and_names_it(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            with self.run_of(10) as run:
                Training(run).update()
                1 / 0
        failure = self.job(run.id)["failure"]
        self.assertEqual(failure["code"], "nonzero_exit")
        self.assertIn("ZeroDivisionError: division by zero (test_service.py:", failure["detail"])

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

    def test_metrics_without_an_optimizer_count_their_own_steps(self) -> None:
        with self.run_of(1_000) as run:
            for step in range(0, 1_000, 10):
                run.report(step=step, loss=1.0)
        self.assertEqual(self.curve(run.id, "loss")["steps"], list(range(0, 1_000, 10)))
        self.assertEqual(self.job(run.id)["progress"]["step"], 990)

    def test_a_faulty_schedule_says_what_to_write(self) -> None:
        with self.assertRaisesRegex(lehr.LehrError, "schedule.learning_rate"):
            lehr.run(schedule={"type": "cosine", "lr": 0.1}, steps=10)
        with self.assertRaisesRegex(lehr.LehrError, "no schedule is stored as"):
            lehr.run(schedule="warm", steps=10)

    def test_a_server_that_is_not_there_is_told_at_once(self) -> None:
        with self.assertRaisesRegex(lehr.LehrError, "cannot be reached"):
            lehr.run(schedule=COSINE, steps=10, server="http://127.0.0.1:9", patience=0.01)
        with self.assertRaisesRegex(lehr.LehrError, "is no server's address"):
            lehr.run(schedule=COSINE, steps=10, server="ftp://x")

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


class SilenceTests(ServerCase):
    OPTIONS = ["--workers", "0", "--lease-term", "2s"]

    def test_a_job_whose_script_is_not_heard_of_says_so(self) -> None:
        id = subprocess.run(
            [sys.executable, "-c", DIES_AT_ONCE],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
        job = wait_for(lambda: self.job(id) if self.job(id)["unreachable"] else None, "silence")
        self.assertEqual(job["state"], "running")
        self.assertIn(f"LEHR_JOB={id}", job["state_reason"])
        self.client.post(f"/v1/jobs/{id}/cancel")
        self.wait_for_state(id, "cancelled")


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


DIES_AT_ONCE = f"""
import os, lehr
run = lehr.run(schedule={COSINE!r}, steps=10)
print(run.id, flush=True)
os._exit(9)
"""


class OfflineTests(unittest.TestCase):
    def test_a_file_of_rates_needs_no_server(self) -> None:
        import json
        import tempfile

        rates = [1.0 / (step + 3) for step in range(20)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rates.json"
            path.write_text(json.dumps({"learning_rates": rates, "events": []}))
            with lehr.run(schedule=path) as run:
                training = Training(run)
                for _ in range(20):
                    training.update()
        self.assertEqual(training.used, rates)
        self.assertIsNone(run.id)

    def test_a_file_that_holds_no_rates_is_told(self) -> None:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rates.json"
            for text, reason in [
                ("[", "is not JSON"),
                ('{"learning_rates": []}', "has no rates"),
                ('{"learning_rates": ["x"]}', "no number"),
                ('{"learning_rates": [0.1, 0.2], "steps": [0, 50]}', "without max_points"),
            ]:
                path.write_text(text)
                with self.assertRaisesRegex(lehr.LehrError, reason):
                    lehr.run(schedule=path)
            with self.assertRaisesRegex(lehr.LehrError, "cannot be read"):
                lehr.run(schedule=path.parent / "none.json")


if __name__ == "__main__":
    unittest.main()
