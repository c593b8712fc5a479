"""Scripts that lose their server, or never have one."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest
from pathlib import Path

import lehr
from lehr.__main__ import main

from .server import ServerCase, wait_for
from .training import COSINE, RunCase, Training


class LostServerTests(RunCase):
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

    def test_a_server_that_is_not_there_is_told_at_once(self) -> None:
        with self.assertRaisesRegex(lehr.LehrError, "cannot be reached"):
            lehr.run(schedule=COSINE, steps=10, server="http://127.0.0.1:9", patience=0.01)
        with self.assertRaisesRegex(lehr.LehrError, "is no server's address"):
            lehr.run(schedule=COSINE, steps=10, server="ftp://x")


DIES_AT_ONCE = f"""
import os, lehr
run = lehr.run(schedule={COSINE!r}, steps=10)
print(run.id, flush=True)
os._exit(9)
"""


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
