"""Jobs of kind command, under the server's own worker and under those that somebody starts."""

from __future__ import annotations

import unittest
from typing import Any, List

import lehr

from .code_cases import CodeCases
from .command_cases import PYTHON, CommandCases
from .gpu_cases import GPUCases
from .script_cases import ScriptCases
from .server import ServerCase
from .worker_cases import WorkerCases


class ServerWorkerTests(CommandCases, ScriptCases, ServerCase):
    """The worker that `lehrd serve` starts."""

    OPTIONS = ["--workers", "1"]


class LoneWorkerTests(WorkerCases, GPUCases, CodeCases, ServerCase):
    """`lehrd work --only command`."""

    OPTIONS = ["--workers", "0"]
    run_command = CommandCases.run_command
    run_script = CommandCases.run_script
    check_next = CommandCases.check_next
    failure = CommandCases.failure

    def worker(self) -> List[str]:
        return [
            str(self.binaries / "lehrd"), "work", "--only", "command", "--server", self.url,
            "--cache", str(self.folder / "cache"),
        ]

    def setUp(self) -> None:
        super().setUp()
        self.start_worker()


class PythonWorkerTests(
    CommandCases, ScriptCases, WorkerCases, GPUCases, CodeCases, ServerCase
):
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

    def test_it_takes_no_code_either(self) -> None:
        with self.assertRaisesRegex(lehr.Refused, "takes no code"):
            self.client.post_bytes("/v1/archives", b"anything")


def load_tests(loader: unittest.TestLoader, tests: Any, pattern: Any) -> unittest.TestSuite:
    """All of these but the mixin."""
    cases = (ServerWorkerTests, LoneWorkerTests, PythonWorkerTests, RefusalTests)
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)


if __name__ == "__main__":
    unittest.main()
