"""Jobs of kind command, under the server's own worker and under the one in pure Python."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any, Dict, List

import lehr

from .server import PATIENCE, ServerCase, wait_for

PYTHON = sys.executable
SOURCES = str(Path(lehr.__file__).parents[1])


class CommandCases:
    """What every worker does with commands, good and bad."""

    def run_command(self: Any, *argv: str, **fields: Any) -> str:
        """Submits a command, and gives its id."""
        body: Dict[str, Any] = {"kind": "command", "argv": list(argv), "maximum_attempts": 1}
        body.update(fields)
        environment = {"PYTHONPATH": SOURCES, **fields.get("environment", {})}
        body["environment"] = environment
        id: str = self.client.post("/v1/jobs", body)["id"]
        return id

    def run_script(self: Any, script: str, **fields: Any) -> str:
        id: str = self.run_command(PYTHON, "-c", script, **fields)
        return id

    def check_next(self: Any) -> None:
        """The worker takes the next job."""
        self.wait_for_state(self.run_command("true"), "succeeded")

    def failure(self: Any, id: str) -> Dict[str, Any]:
        job = self.wait_for_state(id, "failed")
        found: Dict[str, Any] = job["failure"]
        self.assertEqual(job["state_reason"], found["detail"])
        self.check_next()
        return found

    def test_the_output_is_the_jobs_log(self: Any) -> None:
        id = self.run_script("import sys; print('out'); print('err', file=sys.stderr); print('a\\tb')")
        self.wait_for_state(id, "succeeded")
        log = self.log(id)
        for line in ("out", "err", "a\tb"):
            self.assertIn(line, log)

    def test_variables_and_folder_are_those_of_the_job(self: Any) -> None:
        folder = self.folder / "start here"
        folder.mkdir()
        script = (
            "import os; print(os.getcwd(), os.environ['MINE'], os.environ['LEHR_SEED'],"
            " os.environ.get('SECRET'), os.getpgid(0) == os.getpid())"
        )
        os.environ["SECRET"] = "of the worker"
        self.addCleanup(os.environ.pop, "SECRET")
        id = self.run_script(
            script, environment={"MINE": "a=b"}, working_directory=str(folder), seed=7
        )
        self.wait_for_state(id, "succeeded")
        self.assertIn(f"{folder} a=b 7 None True", self.log(id))

    def test_a_command_that_exits_at_once_is_told_with_its_status(self: Any) -> None:
        found = self.failure(self.run_script("print('no data'); exit(3)"))
        self.assertEqual(found["code"], "nonzero_exit")
        self.assertRegex(found["detail"], r"exited with status 3 after .* s; its last output: no data")

    def test_a_command_that_a_signal_ends_is_told_with_it(self: Any) -> None:
        found = self.failure(self.run_script("import os; os.kill(os.getpid(), 11)"))
        self.assertEqual(found["code"], "signal")
        self.assertIn("ended by SIGSEGV", found["detail"])

    def test_a_command_that_is_not_there_is_told_at_once(self: Any) -> None:
        for argv, folder, reason in [
            (["no-such-program"], None, "the program no-such-program is not there"),
            (["./train.py"], None, "the program ./train.py is not there"),
            (["true"], "/no/such/folder", "the working directory /no/such/folder is not there"),
        ]:
            fields = {"working_directory": folder} if folder else {}
            found = self.failure(self.run_command(*argv, maximum_attempts=3, **fields))
            self.assertEqual(found["code"], "invalid")
            self.assertIn(reason, found["detail"])

    def test_a_gigabyte_of_output_is_cut_to_what_the_job_allows(self: Any) -> None:
        script = "import sys\nline = 'x' * 999 + '\\n'\nfor _ in range(1_000_000): sys.stdout.write(line)"
        id = self.run_script(script, limits={"output_bytes": 10_000})
        self.wait_for_state(id, "succeeded")
        log = self.log(id)
        self.assertLess(len(log), 20_000)
        self.assertIn("999990000 more bytes of output were left out: the job allows 10000", log)

    def test_what_a_command_leaves_behind_is_ended(self: Any) -> None:
        note = self.folder / "pids"
        script = f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open({str(note)!r}, 'w').write(str(os.getpid()))
        time.sleep(3600)
    os._exit(0)
while not os.path.exists({str(note)!r}) or not open({str(note)!r}).read(): time.sleep(0.01)
"""
        self.wait_for_state(self.run_script(script), "succeeded")
        stray = int(note.read_text())
        wait_for(lambda: not os.path.exists(f"/proc/{stray}"), "the end of the stray process")

    def test_a_command_that_ignores_the_request_to_end_is_killed(self: Any) -> None:
        note = self.folder / "started"
        script = f"""
import pathlib, signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(['sleep', '3600'])
pathlib.Path({str(note)!r}).write_text(str(child.pid))
time.sleep(3600)
"""
        id = self.run_script(script)
        child = int(wait_for(lambda: note.exists() and note.read_text(), "the start"))
        self.client.post(f"/v1/jobs/{id}/cancel")
        self.wait_for_state(id, "cancelled")
        wait_for(lambda: not os.path.exists(f"/proc/{child}"), "the end of the whole group")
        self.check_next()

    def test_limits_end_a_command_and_are_named(self: Any) -> None:
        path = self.folder / "large"
        found = self.failure(
            self.run_script(
                f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL);"
                f" open({str(path)!r}, 'wb').write(b'x' * 100_000)",
                limits={"file_bytes": 10_000},
            )
        )
        self.assertIn("limits.file_bytes", found["detail"])
        self.assertLessEqual(path.stat().st_size, 10_000)
        found = self.failure(
            self.run_script("x = bytearray(8 << 30)", limits={"memory_bytes": 2 << 30})
        )
        self.assertIn("MemoryError", found["detail"])
        found = self.failure(self.run_script("while True: pass", limits={"cpu_seconds": 1}))
        self.assertRegex(found["detail"], "limits.cpu_seconds|SIGKILL")

    SCRIPT = """
import lehr
class Optimizer:
    param_groups = [{'lr': 0.1}]
    def step(self): pass
with lehr.run() as run:
    optimizer = Optimizer()
    scheduler = run.attach(optimizer)
    for step in range(run.total_steps):
        optimizer.step()
        scheduler.step()
        run.report(step=step, loss=1 / (step + 1))
    BODY
"""
    COSINE = {"type": "cosine", "learning_rate": 0.1}

    def test_a_script_is_granted_its_rates_under_the_workers_lease(self: Any) -> None:
        id = self.run_script(self.SCRIPT.replace("BODY", "pass"), schedule=self.COSINE, steps=1_000)
        job = self.wait_for_state(id, "succeeded")
        self.assertEqual(job["progress"]["step"], 1_000)
        audit = self.audit(id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (1_000, 0))
        self.assertEqual(self.curve(id, "learning_rate")["values"], self.preview(self.COSINE, 1_000))
        self.assertEqual(self.curve(id, "loss")["source_points"], 1_000)

    def test_a_script_that_raises_is_told_by_its_exception(self: Any) -> None:
        script = self.SCRIPT.replace("BODY", "raise ValueError('bad weights')")
        found = self.failure(self.run_script(script, schedule=self.COSINE, steps=100))
        self.assertIn("ValueError: bad weights", found["detail"])

    def test_a_script_that_never_reports_is_told(self: Any) -> None:
        id = self.run_command("true", schedule=self.COSINE, steps=100)
        job = self.wait_for_state(id, "succeeded")
        self.assertIn("without reporting a step of its 100", job["state_reason"])

    def test_a_loss_that_is_no_number_fails_the_job(self: Any) -> None:
        script = self.SCRIPT.replace("BODY", "run.report(step=200, loss=float('nan'))")
        found = self.failure(self.run_script(script, schedule=self.COSINE, steps=100))
        self.assertEqual(found["code"], "diverged")

    def test_a_step_that_goes_backwards_is_left_out_and_told(self: Any) -> None:
        script = self.SCRIPT.replace("BODY", "run.report(step=5, loss=1.0)")
        id = self.run_script(script, schedule=self.COSINE, steps=100)
        self.wait_for_state(id, "succeeded")
        self.assertIn("loss at step 5 was left out", self.log(id))
        self.assertEqual(self.curve(id, "loss")["source_points"], 100)

    def test_a_paused_script_saves_and_goes_on(self: Any) -> None:
        script = """
import lehr, pathlib, time
class Optimizer:
    param_groups = [{'lr': 0.1}]
    def step(self): pass
with lehr.run() as run:
    path = run.resume()
    print('from', pathlib.Path(path).read_text() if path else 'nothing', flush=True)
    optimizer = Optimizer()
    scheduler = run.attach(optimizer)
    run.save_with(lambda path: pathlib.Path(path).write_text(f'the state of {run.step}'))
    while run.step < run.total_steps:
        optimizer.step()
        scheduler.step()
        if path is None: time.sleep(0.001)
"""
        id = self.run_script(script, schedule=self.COSINE, steps=100_000)
        wait_for(lambda: self.job(id)["progress"]["step"] > 0, "a step")
        self.client.post(f"/v1/jobs/{id}/pause")
        step = self.wait_for_state(id, "paused")["progress"]["step"]
        self.assertLess(step, 100_000)
        self.client.post(f"/v1/jobs/{id}/resume")
        self.wait_for_state(id, "succeeded")
        self.assertIn(f"from the state of {step}", self.log(id))
        audit = self.audit(id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (100_000, 0))

    def test_a_command_that_fails_is_tried_as_often_as_the_job_allows(self: Any) -> None:
        note = self.folder / "tries"
        script = (
            f"import pathlib; p = pathlib.Path({str(note)!r});"
            " n = len(p.read_text()) if p.exists() else 0; p.write_text('x' * (n + 1));"
            " exit(0 if n == 1 else 1)"
        )
        job = self.wait_for_state(self.run_script(script, maximum_attempts=2), "succeeded")
        self.assertEqual(job["attempt"], 2)


class ServerWorkerTests(CommandCases, ServerCase):
    """The worker that `lehrd serve` starts."""

    OPTIONS = ["--workers", "1"]


class WorkerCases:
    """What a worker does that somebody starts."""

    def worker(self) -> List[str]:
        """The worker's command line."""
        raise NotImplementedError

    def start_worker(self: Any, *options: str) -> None:
        log = (self.folder / "worker.log").open("a")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [*self.worker(), *options],
            env={**os.environ, "PYTHONPATH": SOURCES},
            cwd=self.folder,
            stderr=log,
        )
        self._worker = process
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

    def test_a_worker_that_is_told_to_stop_gives_its_job_back(self: Any) -> None:
        id = self.run_script("import time; print('up', flush=True); time.sleep(3600)")
        wait_for(lambda: "up" in self.log(id), "the start")
        self._worker.send_signal(signal.SIGTERM)
        self.assertEqual(self._worker.wait(PATIENCE), 0)
        self.assertEqual(self.wait_for_state(id, "queued")["attempt"], 0)

    def test_folders_may_be_bounded(self: Any) -> None:
        self._worker.kill()
        self._worker.wait()
        allowed = self.folder / "allowed"
        allowed.mkdir()
        self.start_worker("--command-folder", str(allowed))
        found = self.wait_for_state(self.run_command("true", working_directory="/tmp"), "failed")
        self.assertIn("is not among those", found["failure"]["detail"])
        self.wait_for_state(self.run_command("true", working_directory=str(allowed)), "succeeded")


class LoneWorkerTests(WorkerCases, ServerCase):
    """`lehrd work --only command`."""

    OPTIONS = ["--workers", "0"]
    run_command = CommandCases.run_command
    run_script = CommandCases.run_script

    def worker(self) -> List[str]:
        return [
            str(self.binaries / "lehrd"), "work", "--only", "command", "--server", self.url,
            "--cache", str(self.folder / "cache"),
        ]

    def setUp(self) -> None:
        super().setUp()
        self.start_worker()


class PythonWorkerTests(CommandCases, WorkerCases, ServerCase):
    """`python -m lehr work`."""

    OPTIONS = ["--workers", "0"]

    def worker(self) -> List[str]:
        return [
            PYTHON, "-m", "lehr", "work", "--server", self.url,
            "--folder", str(self.folder / "commands"),
        ]

    def setUp(self) -> None:
        super().setUp()
        self.start_worker()


class RefusalTests(ServerCase):
    OPTIONS = ["--workers", "0", "--commands", "off"]

    def test_a_server_that_runs_no_commands_says_so(self) -> None:
        with self.assertRaisesRegex(lehr.Refused, "runs no commands"):
            self.client.post("/v1/jobs", {"kind": "command", "argv": ["true"]})


def load_tests(loader: unittest.TestLoader, tests: Any, pattern: Any) -> unittest.TestSuite:
    """All of these but the mixin."""
    cases = (ServerWorkerTests, LoneWorkerTests, PythonWorkerTests, RefusalTests)
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)


if __name__ == "__main__":
    unittest.main()
