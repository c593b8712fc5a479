"""The GPUs that a worker offers to commands."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from typing import Any, Dict, List, NamedTuple, Optional

from ._errors import LehrError

#: The variable that shows programs their GPUs.
VISIBLE = "CUDA_VISIBLE_DEVICES"

_UNITS = {
    "": 1,
    "kB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}


class Device(NamedTuple):
    """A GPU: what the server is told of it, and what CUDA calls it."""

    body: Dict[str, Any]
    name: str


class Listed(NamedTuple):
    """A GPU as nvidia-smi lists it."""

    number: int
    uuid: str
    model: str
    memory: int

    def is_called(self, name: str) -> bool:
        """Whether a person or a variable means this one."""
        return name == str(self.number) or name.startswith("GPU-") and self.uuid.startswith(name)

    def device(self, memory: Optional[int] = None) -> Device:
        """The GPU as it is offered."""
        memory = self.memory if memory is None else memory
        return Device({"id": self.uuid, "model": self.model, "memory_bytes": memory}, self.uuid)


class Inventory:
    """The GPUs that a worker offers; with None it knows of none, and commands see what they see."""

    def __init__(self, devices: Optional[List[Device]] = None) -> None:
        self._devices = devices

    @property
    def bodies(self) -> List[Dict[str, Any]]:
        """What the server is told."""
        return [device.body for device in self._devices or []]

    def visible(self, ids: List[str]) -> Optional[str]:
        """What CUDA_VISIBLE_DEVICES is for a job that has some of them; None for no change."""
        if self._devices is None:
            return None
        return ",".join(device.name for device in self._devices if device.body["id"] in ids)


def find(choice: Optional[str]) -> Inventory:
    """The GPUs of this machine: all that may be used, `none`, or those that are named.

    Without a choice a machine whose driver does not answer offers none.
    """
    if choice == "none":
        return Inventory([])
    if choice is not None:
        return Inventory(_named(choice, listed() or []))
    try:
        entries = listed()
    except LehrError as error:
        print(f"lehr: no GPUs are offered: {error}", file=sys.stderr, flush=True)
        return Inventory()
    if entries is None:
        return Inventory()
    return Inventory([entry.device() for entry in _left(os.environ.get(VISIBLE), entries)])


def listed() -> Optional[List[Listed]]:
    """The GPUs that nvidia-smi shows; None where it is not there."""
    command = ["nvidia-smi", "--query-gpu=index,uuid,name,memory.total"]
    command.append("--format=csv,noheader,nounits")
    try:
        # A driver that hangs must not keep a worker from its work.
        answer = subprocess.run(command, capture_output=True, text=True, timeout=15)
    except FileNotFoundError:
        return None
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise LehrError(f"nvidia-smi could not be asked: {error}") from error
    if answer.returncode != 0:
        raise LehrError(
            f"nvidia-smi ended with status {answer.returncode}, so that GPUs are not known; mend its"
            " driver, or say which GPUs there are: --gpus 0:24GiB, or --gpus none"
        )
    return [_entry(line) for line in answer.stdout.splitlines() if line.strip()]


def _entry(line: str) -> Listed:
    words = [word.strip() for word in line.split(",")]
    if len(words) < 4 or not words[0].isdigit() or not words[1].startswith("GPU-"):
        raise LehrError(f"nvidia-smi lists what is no GPU: {line[:200]}")
    # Machines whose GPUs share the main memory list "[N/A]".
    memory = int(words[-1]) << 20 if words[-1].isdigit() else 0
    return Listed(int(words[0]), words[1], ", ".join(words[2:-1]), memory)


def _left(visible: Optional[str], entries: List[Listed]) -> List[Listed]:
    """Those that CUDA_VISIBLE_DEVICES leaves, in its order; it ends at the first name of none."""
    if visible is None:
        return entries
    seen: List[Listed] = []
    for word in visible.split(","):
        entry = next((entry for entry in entries if entry.is_called(word.strip())), None)
        if entry is None or entry in seen:
            break
        seen.append(entry)
    return seen


def _named(choice: str, entries: List[Listed]) -> List[Device]:
    devices: List[Device] = []
    for word in choice.split(","):
        name, colon, size = word.partition(":")
        memory = _bytes(size) if colon else None
        if not name or re.search(r"\s", name) or colon and memory is None:
            raise LehrError(f"--gpus {choice}: write none, or GPUs such as 0,1 or 0:24GiB")
        entry = next((entry for entry in entries if entry.is_called(name)), None)
        if entry is not None:
            devices.append(entry.device(memory))
        elif memory is not None:
            # A number is the machine's own; every other name is said to be unique.
            id = f"{socket.gethostname()}/{name}" if name.isdigit() else name
            devices.append(Device({"id": id, "memory_bytes": memory}, name))
        else:
            raise LehrError(
                f"nvidia-smi shows no GPU {name}; to offer one that it does not show, say its memory:"
                f" {name}:24GiB"
            )
    if len(set(device.name for device in devices)) < len(devices):
        raise LehrError(f"--gpus {choice} names a GPU twice")
    return devices


def _bytes(text: str) -> Optional[int]:
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)", text)
    if found is None or found[2] not in _UNITS:
        return None
    return int(float(found[1]) * _UNITS[found[2]])
