"""`python -m lehr send FILE…`: sends what a script could not."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import List, Optional

from . import _opening, _outbox
from ._errors import LehrError, Refused
from ._version import __version__


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs a command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m lehr", description="Lehr for Python scripts.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    send = commands.add_parser("send", help="send what a script left that lost its server")
    send.add_argument("files", nargs="*", type=Path, help="files; all that were left by default")
    send.add_argument("--server", help="the server, where it is not that of the script any more")
    send.add_argument("--token", help="the token; LEHR_TOKEN by default")
    options = parser.parse_args(arguments)
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
