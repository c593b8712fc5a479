"""Opens a job on the server and takes its lease."""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
import urllib.parse
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, TypeVar

from ._client import Client
from ._errors import LehrError, Refused, Unreachable

DEFAULT_SERVER = "http://127.0.0.1:8080"

Answer = TypeVar("Answer")


def client(server: Optional[str], token: Optional[str], patience: float = 1.0) -> Client:
    """A client of a server: the one that is named, or that of the environment."""
    return Client(
        server or os.environ.get("LEHR_SERVER") or DEFAULT_SERVER,
        token or os.environ.get("LEHR_TOKEN"),
        timeout=max(10.0, patience),
        token_source=None if token else _token_of_file,
    )


def _token_of_file() -> Optional[str]:
    """The token in the file that LEHR_TOKEN_FILE names, read anew so that it may be replaced."""
    path = os.environ.get("LEHR_TOKEN_FILE")
    if not path:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip() or None
    except OSError:
        # The server says that a token is wanted.
        return None


def patiently(ask: Callable[[], Answer], patience: float) -> Answer:
    """What `ask` answers, tried again for some seconds while the server is not there."""
    deadline = time.monotonic() + patience
    pause = 0.1
    while True:
        try:
            return ask()
        except Unreachable as error:
            if time.monotonic() + pause > deadline:
                raise LehrError(
                    f"{error}. A run begins with its server; without one, give a file of rates:"
                    " lehr schedule preview … --json > rates.json, lehr.run(schedule='rates.json')"
                ) from error
            time.sleep(error.retry_after or pause)
            pause = min(pause * 2, 2.0)


def submit(client: Client, job: Mapping[str, Any], patience: float) -> str:
    """Submits a job, once however often the answer is lost; its id."""
    key = {"Idempotency-Key": secrets.token_hex(16)}
    answer = patiently(lambda: client.post("/v1/jobs", job, key), patience)
    if "id" not in answer:
        raise LehrError(f"{client.server} answers as no Lehr server of this version does")
    return str(answer["id"])


def ready(client: Client, job: str, patience: float) -> Tuple[str, int]:
    """Makes a job wait for its script again that was paused or has failed; its full id and its step."""
    quoted = urllib.parse.quote(job, safe="")
    body = patiently(lambda: client.get(f"/v1/jobs/{quoted}"), patience)
    state, id = body.get("state"), str(body.get("id"))
    if body.get("kind") not in ("external", "command"):
        raise LehrError(f"job {id} is of kind {body.get('kind')}: its server trains it itself")
    if state == "paused":
        patiently(lambda: client.post(f"/v1/jobs/{id}/resume"), patience)
    elif state in ("failed", "cancelled"):
        patiently(lambda: client.post(f"/v1/jobs/{id}/retry"), patience)
    elif state == "succeeded":
        raise LehrError(f"job {id} has succeeded; lehr fork {id} makes one that goes on from it")
    return id, int(body.get("progress", {}).get("step", 0))


def lease(
    client: Client,
    job: str,
    worker: str,
    resume_step: Optional[int],
    patience: float,
) -> Dict[str, Any]:
    """Takes the lease of a job, at its newest checkpoint or at a step of the script's own."""
    wish: Dict[str, Any] = {
        "worker": worker,
        "host": socket.gethostname(),
        "request_id": secrets.token_hex(16),
        "capabilities": {"kinds": ["external"]},
        "job_id": job,
    }
    if resume_step is not None:
        wish["resume_step"] = resume_step
    answer = patiently(lambda: client.post("/v1/leases", wish), patience)
    for name in ("lease", "job", "grant", "resume_step", "schedule_version"):
        if name not in answer:
            raise LehrError(
                f"{client.server} answers as a Lehr server of another version does: {name} is missing;"
                " update the server or this package"
            )
    return answer


def given_lease(path: str) -> Dict[str, Any]:
    """The lease that a worker has put into a file for its script."""
    try:
        with open(path, encoding="utf-8") as file:
            lease: Dict[str, Any] = json.load(file)
        return lease
    except (OSError, ValueError) as error:
        raise LehrError(f"the lease in {path} cannot be read: {error}") from error


def worker_name() -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def why_lost(client: Client, job: str) -> str:
    """What became of a job whose lease is lost."""
    try:
        return str(client.get(f"/v1/jobs/{job}").get("state"))
    except (Unreachable, Refused, LehrError):
        return "unknown"
