"""What every worker does with commands, good and bad."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Dict

import lehr

from .server import wait_for

PYTHON = sys.executable
SOURCES = str(Path(lehr.__file__).parents[1])


class CommandCases:
    """Commands that know nothing of Lehr."""

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
        script = self.folder / "script"
        script.write_text("#!/no/such/interpreter -u\n")
        script.chmod(0o755)
        for argv, folder, reason in [
            ([str(script)], None, "the interpreter /no/such/interpreter that"),
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

    def test_a_command_that_fails_is_tried_as_often_as_the_job_allows(self: Any) -> None:
        note = self.folder / "tries"
        script = (
            f"import pathlib; p = pathlib.Path({str(note)!r});"
            " n = len(p.read_text()) if p.exists() else 0; p.write_text('x' * (n + 1));"
            " exit(0 if n == 1 else 1)"
        )
        job = self.wait_for_state(self.run_script(script, maximum_attempts=2), "succeeded")
        self.assertEqual(job["attempt"], 2)
