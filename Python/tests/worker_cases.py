"""What a worker does that somebody starts: how it stops, and what commands may see of its machine."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any, List

from .command_cases import SOURCES
from .server import PATIENCE, wait_for


class WorkerCases:
    """What a worker does that somebody starts."""

    def worker(self) -> List[str]:
        """The worker's command line."""
        raise NotImplementedError

    def start_worker(self: Any, *options: str, **variables: str) -> None:
        log = (self.folder / "worker.log").open("a")
        self.addCleanup(log.close)
        self._start = (options, variables)
        process = subprocess.Popen(
            [*self.worker(), *options],
            env={**os.environ, "PYTHONPATH": SOURCES, **variables},
            cwd=self.folder,
            stderr=log,
        )
        self._worker = process
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

    def start_worker_again(self: Any) -> None:
        """Starts another worker like the last one."""
        options, variables = self._start
        self.start_worker(*options, **variables)

    def restart_worker(self: Any, *options: str, **variables: str) -> None:
        """Starts a worker in the place of the last one."""
        self._worker.kill()
        self._worker.wait()
        self.start_worker(*options, **variables)

    def test_a_worker_that_is_told_to_stop_gives_its_job_back(self: Any) -> None:
        id = self.run_script("import time; print('up', flush=True); time.sleep(3600)")
        wait_for(lambda: "up" in self.log(id), "the start")
        self._worker.send_signal(signal.SIGTERM)
        self.assertEqual(self._worker.wait(PATIENCE), 0)
        self.assertEqual(self.wait_for_state(id, "queued")["attempt"], 0)

    def test_a_command_ends_with_a_worker_that_is_killed(self: Any) -> None:
        script = (
            "import os, subprocess; child = subprocess.Popen(['sleep', '3600']);"
            " print('pids', os.getpid(), child.pid, flush=True); child.wait()"
        )
        id = self.run_script(script)
        wait_for(lambda: "pids" in self.log(id), "the start")
        pids = self.log(id).split("pids ")[1].split()[:2]
        self._worker.kill()
        self._worker.wait()
        for pid in pids:
            wait_for(lambda: not _is_running(pid), "the end of the whole group")

    def test_folders_may_be_bounded(self: Any) -> None:
        allowed = self.folder / "allowed"
        allowed.mkdir()
        self.restart_worker("--command-folder", str(allowed))
        found = self.wait_for_state(self.run_command("true", working_directory="/tmp"), "failed")
        self.assertIn("is not among those", found["failure"]["detail"])
        self.wait_for_state(self.run_command("true", working_directory=str(allowed)), "succeeded")
        self.wait_for_state(self.run_command("true"), "succeeded")

    def test_variables_may_be_added(self: Any) -> None:
        self.restart_worker("--command-variable", "SHOWN", SHOWN="yes", HIDDEN="no")
        script = "import os; print(os.environ.get('SHOWN'), os.environ.get('HIDDEN'))"
        id = self.run_script(script)
        self.wait_for_state(id, "succeeded")
        self.assertIn("yes None", self.log(id))

    def test_commands_may_run_as_another_user(self: Any) -> None:
        if os.getuid() != 0:
            self.skipTest("only root may run commands as somebody else")
        os.chmod(self.folder, 0o755)
        secret = self.folder / "secret"
        secret.touch(mode=0o600)
        self.restart_worker("--command-user", "nobody")
        script = f"""
import os, pwd
print(pwd.getpwuid(os.getuid()).pw_name, 0 in os.getgroups(), os.environ['USER'])
open('written', 'w').write('here')
open(os.environ['LEHR_LEASE']).read()
try: open({str(secret)!r}).read()
except PermissionError: print('kept out')
"""
        # What the package lies in need not be open to everybody.
        id = self.run_script(script, environment={"PYTHONPATH": ""})
        self.wait_for_state(id, "succeeded")
        log = self.log(id)
        self.assertIn("nobody False nobody", log)
        self.assertIn("kept out", log)

    def test_a_user_that_is_not_there_is_told(self: Any) -> None:
        self.restart_worker("--command-user", "nobody-of-that-name")
        found = self.wait_for_state(self.run_command("true"), "failed")["failure"]
        self.assertIn("knows no user nobody-of-that-name", found["detail"])


def _is_running(pid: str) -> bool:
    """Whether a process is there and has not ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
