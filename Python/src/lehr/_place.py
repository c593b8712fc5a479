"""The folder of one run of a command: what it starts in, and the lease for its script."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import threading
from pathlib import Path
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

from ._archives import ArchiveError, unpack
from ._client import Client
from ._command import VARIABLES, Command, StartError
from ._errors import LehrError, Refused, Unreachable
from ._gpus import VISIBLE, Inventory


class Terms(NamedTuple):
    """What the commands of people may see of a worker's machine."""

    #: The token that scripts show where they report for themselves.
    token: Optional[str] = None
    #: The variables of the worker's own environment that are passed on.
    variables: FrozenSet[str] = VARIABLES
    #: The folders in and below which a command may be told to start; None for any.
    folders: Optional[List[Path]] = None
    #: The user as whom commands run; None for the worker's own.
    user: Optional[str] = None
    #: The GPUs that commands may ask for.
    gpus: Inventory = Inventory()


class Place:
    """A run's folder; `remove` it in the end."""

    def __init__(self, parent: Path, lease: Dict[str, Any], terms: Terms) -> None:
        self._lease = lease
        self._terms = terms
        self._folder = parent / f"{lease['job']['id']}-{lease['lease']['fence']}"
        self._work = self._folder / "work"
        self._lease_file = self._folder / "lease.json"

    def prepare(self) -> None:
        """Makes the folder, with the lease in it."""
        try:
            self._work.mkdir(parents=True, mode=0o700)
            descriptor = os.open(self._lease_file, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(self._lease, file)
        except OSError as error:
            raise StartError(f"the worker cannot make {self._work}: {error}") from error
        owner = self._owner()
        if owner is None:
            return
        try:
            for path in (self._folder, self._work, self._lease_file):
                os.chown(path, *owner)
        except OSError as error:
            raise StartError(
                f"the worker cannot run commands as {self._terms.user}: {error.strerror}"
            ) from error

    def fetch(self, client: Client, hash: str) -> Optional[Tuple[str, str, bool]]:
        """Brings code into the folder; why it cannot be had, where that does not pass by itself."""
        archive = self._folder / "code.partial"
        try:
            with archive.open("w+b") as file:
                client.get_file(f"/v1/archives/{hash}/content", file)
                file.seek(0)
                found = hashlib.sha256()
                for piece in iter(lambda: file.read(1 << 20), b""):
                    found.update(piece)
                size = file.tell()
            if found.hexdigest() != hash:
                detail = f"the archive {hash[:12]} came with {size} bytes and the hash"
                return "code_changed", f"{detail} {found.hexdigest()}", False
            unpack(archive, self._work, self._owner())
        except Refused as error:
            if error.status in (404, 410):
                return "code_missing", f"the server has no archive {hash[:12]} any more", True
            return "code_missing", f"the archive {hash[:12]} could not be fetched: {error}", False
        except ArchiveError as error:
            return "invalid", f"the code could not be unpacked: {error}", True
        except OSError as error:
            return "code_missing", f"the code could not be unpacked: {error}", False
        finally:
            try:
                archive.unlink()
            except OSError:
                # It goes with the folder.
                pass
        return None

    def start(self, server: str) -> Command:
        """Starts the command."""
        job = self._lease["job"]
        spec = job["spec"]
        folder = spec.get("working_directory") or str(self._work)
        self._check(folder)
        environment = {k: v for k, v in os.environ.items() if k in self._terms.variables}
        user = self._user()
        if user is not None:
            environment.update(HOME=user.pw_dir, USER=user.pw_name, LOGNAME=user.pw_name)
        environment["PYTHONUNBUFFERED"] = "1"
        environment.update(spec.get("environment", {}))
        environment.update(
            LEHR_SERVER=server,
            LEHR_JOB=job["id"],
            LEHR_LEASE=str(self._lease_file),
            LEHR_SEED=str(spec.get("seed", 0)),
        )
        if self._terms.token:
            environment["LEHR_TOKEN"] = self._terms.token
        visible = self._terms.gpus.visible(self._lease["lease"].get("gpus", []))
        if visible is not None:
            environment[VISIBLE] = visible
        limits = spec.get("limits", {})
        return Command(spec["argv"], environment, folder, limits, user)

    def result(self) -> Optional[Tuple[str, str]]:
        """What the script itself has said of its failure."""
        try:
            said = json.loads((self._folder / "result.json").read_text())
            return str(said["code"])[:40], str(said["detail"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remove(self) -> None:
        """Removes the folder with all that is in it."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _user(self) -> Optional[pwd.struct_passwd]:
        if self._terms.user is None:
            return None
        try:
            return pwd.getpwnam(self._terms.user)
        except KeyError:
            raise StartError(f"the worker knows no user {self._terms.user}") from None

    def _owner(self) -> Optional[Tuple[int, int]]:
        user = self._user()
        return None if user is None else (user.pw_uid, user.pw_gid)

    def _check(self, folder: str) -> None:
        if self._terms.folders is None or folder == str(self._work):
            return
        place = Path(folder).resolve()
        allowed = [path.resolve() for path in self._terms.folders]
        if not any(place == path or path in place.parents for path in allowed):
            raise StartError(f"the working directory {folder} is not among those that are allowed")


class Fetch:
    """Code on its way, on a thread of its own."""

    def __init__(self, work: Callable[[], Optional[Tuple[str, str, bool]]]) -> None:
        self._work = work
        #: Why there is no code, and whether another attempt would meet the same.
        self.failure: Optional[Tuple[str, str, bool]] = None
        #: Why the server was missed; None where it was not.
        self.missed: Optional[str] = None
        self.again()

    def again(self) -> None:
        """Begins anew."""
        self.missed = None
        self._thread = threading.Thread(target=self._run, name="code", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after at most some seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.failure = self._work()
        except Unreachable as error:
            self.missed = str(error)
        except (LehrError, StartError) as error:
            self.failure = ("code_missing", str(error), False)
