"""`python -m lehr work` runs commands for a server; `python -m lehr send` sends what a script could not."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from typing import List, Optional

from . import _gpus, _opening, _outbox
from ._command import VARIABLES
from ._errors import LehrError, Refused
from ._place import Terms
from ._version import __version__
from ._worker import Worker


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs a command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m lehr", description="Lehr for Python scripts.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    send = commands.add_parser("send", help="send what a script left that lost its server")
    send.add_argument("files", nargs="*", type=Path, help="files; all that were left by default")
    send.add_argument("--server", help="the server, where it is not that of the script any more")
    send.add_argument("--token", help="the token; LEHR_TOKEN by default")
    work = commands.add_parser("work", help="run jobs of kind command for a server, one at a time")
    work.add_argument("--server", help="the server's address; LEHR_SERVER by default")
    work.add_argument("--token", help="a token of scope worker; LEHR_TOKEN by default")
    work.add_argument("--name", help="the worker's name; host and process by default")
    work.add_argument("--folder", type=Path, default=Path("lehr-commands"), help="its own folder")
    work.add_argument(
        "--command-variable",
        action="append",
        default=[],
        metavar="NAME",
        help="a variable that commands see too, beside " + ", ".join(sorted(VARIABLES)),
    )
    work.add_argument(
        "--command-folder",
        action="append",
        type=Path,
        metavar="FOLDER",
        help="a folder in and below which commands may be told to start; any by default",
    )
    work.add_argument("--command-user", metavar="NAME", help="the user as whom commands run")
    work.add_argument(
        "--gpus",
        metavar="GPUS",
        help="the GPUs that commands may ask for: none, or 0,1 or UUIDs as nvidia-smi -L shows them, or"
        " 0:24GiB where it is not there; all that it shows and CUDA_VISIBLE_DEVICES leaves by default",
    )
    options = parser.parse_args(arguments)
    if options.command == "work":
        return run_worker(options)
    files = options.files or sorted(_outbox.folder().glob("*.jsonl"))
    status = 0
    for path in files:
        try:
            count = send_file(path, options.server, options.token)
            print(f"{path.name}: sent {count} reports")
        except (LehrError, OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            status = 1
    return status


def run_worker(options: argparse.Namespace) -> int:
    """Runs a worker until a signal; the first one gives its job back, the second one ends it at once."""
    try:
        gpus = _gpus.find(options.gpus)
    except LehrError as error:
        print(f"lehr: {error}", file=sys.stderr)
        return 1
    worker = Worker(
        _opening.client(options.server, options.token),
        options.name or _opening.worker_name(),
        options.folder.absolute(),
        Terms(
            token=options.token or os.environ.get("LEHR_TOKEN"),
            variables=VARIABLES | frozenset(options.command_variable),
            folders=options.command_folder,
            user=options.command_user,
            gpus=gpus,
        ),
    )

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker.work()
    return 0


def send_file(path: Path, server: Optional[str] = None, token: Optional[str] = None) -> int:
    """Sends the reports in a file, and how the run ended; removes the file then."""
    header, bodies = _outbox.read(path)
    client = _opening.client(server or os.environ.get("LEHR_SERVER") or header["server"], token)
    lease = f"/v1/leases/{header['lease']}"
    count = 0
    for body in bodies:
        content = json.loads(body)
        is_end = "outcome" in content
        try:
            client.post_bytes(f"{lease}/completion" if is_end else f"{lease}/report", body)
        except Refused as error:
            if error.type == "lease_lost":
                raise LehrError(
                    f"job {header['job']} has gone on without this run, which counts for nothing now"
                ) from error
            raise
        count += 0 if is_end else 1
    path.unlink()
    return count


if __name__ == "__main__":
    sys.exit(main())
