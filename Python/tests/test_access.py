"""Servers that refuse: tokens that expire in the night, and servers of another version."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Dict
from unittest import mock

import lehr

from .fakes import PlainOptimizer
from .server import PATIENCE, ServerCase, wait_for

COSINE = {"type": "cosine", "learning_rate": 0.1}


class TokenTests(ServerCase):
    def token(self, name: str) -> str:
        """A new token of scope write, in the server's file."""
        done = subprocess.run(
            [
                str(self.binaries / "lehrd"), "token", name, "--scope", "write",
                "--file", str(self.folder / "tokens"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def setUp(self) -> None:
        super().setUp()
        self.kill()
        self.first = self.token("first")
        self.OPTIONS = [*self.OPTIONS, "--token-file", str(self.folder / "tokens")]
        self.start()

    def test_a_token_that_expires_stops_nothing_and_may_be_replaced(self) -> None:
        path = self.folder / "token"
        path.write_text(self.first)
        with mock.patch.dict(os.environ, {"LEHR_TOKEN_FILE": str(path)}):
            with lehr.run(schedule=COSINE, steps=2_000, patience=PATIENCE) as run:
                wait_for(lambda: run._book.planned_through == 2_000, "the plan")
                optimizer = PlainOptimizer({"lr": 0.1})
                scheduler = run.attach(optimizer)
                (self.folder / "tokens").unlink()
                second = self.token("second")
                assert self._process is not None
                self._process.send_signal(signal.SIGHUP)
                # The server reads its file again some time after the signal.
                def is_missed() -> bool:
                    run.log("is the token still good?")
                    return run.unreachable is not None

                wait_for(is_missed, "the refusal")
                self.assertIn("token", str(run.unreachable))
                used = []
                while run.step < 2_000:
                    used.append(optimizer.param_groups[0]["lr"])
                    optimizer.step()
                    scheduler.step()
                path.write_text(second)
                wait_for(lambda: run.unreachable is None, "the server's return")
            client = lehr._client.Client(self.url, second)
            self.addCleanup(client.close)
            audit = client.get(f"/v1/jobs/{run.id}/audit")
            self.assertEqual((audit["steps"], audit["mismatches"]), (2_000, 0))
            preview = client.post("/v1/schedules/preview", {"schedule": COSINE, "steps": 2_000})
            self.assertEqual(used, preview["learning_rates"])

    def test_a_script_without_a_token_is_told(self) -> None:
        with self.assertRaisesRegex(lehr.Refused, "wants a token"):
            lehr.run(schedule=COSINE, steps=10, patience=PATIENCE)


class OtherServer(BaseHTTPRequestHandler):
    """Answers every request with what is set."""

    answers: Dict[str, Any] = {}

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = self.answers.get(self.path, (404, b"<html>"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class VersionTests(unittest.TestCase):
    def setUp(self) -> None:
        self.server = HTTPServer(("127.0.0.1", 0), OtherServer)
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def refusal(self, answers: Dict[str, Any]) -> str:
        with mock.patch.object(OtherServer, "answers", answers):
            with self.assertRaises(lehr.LehrError) as caught:
                lehr.run(schedule=COSINE, steps=10, server=self.url, patience=PATIENCE)
        return str(caught.exception)

    def test_a_server_of_another_version_is_told(self) -> None:
        job = (201, json.dumps({"id": "j"}).encode())
        lease = (200, json.dumps({"lease": {}, "job": {}, "resume_step": 0}).encode())
        text = self.refusal({"/v1/jobs": job, "/v1/leases": lease})
        self.assertIn("of another version", text)

    def test_what_is_no_lehr_server_is_told(self) -> None:
        self.assertIn("is it a Lehr server?", self.refusal({}))
        self.assertIn("no Lehr server", self.refusal({"/v1/jobs": (200, b"{}")}))


if __name__ == "__main__":
    unittest.main()
