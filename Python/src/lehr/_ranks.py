"""Data-parallel scripts: one rank talks to the server, the others receive what it has got."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable, Optional

#: Gives every rank what rank 0 holds; every rank calls it at the same place.
Broadcast = Callable[[Any], Any]


def rank() -> int:
    """This process's place among those that train together; 0 where it is alone."""
    found = _initialized()
    return int(found.get_rank()) if found is not None else _number("RANK", 0)


def world() -> int:
    """How many processes train together."""
    found = _initialized()
    return int(found.get_world_size()) if found is not None else _number("WORLD_SIZE", 1)


def broadcast(value: Any) -> Any:
    """The value of rank 0, by torch.distributed over its default group, be that gloo or nccl."""
    found = _initialized()
    if found is None:
        raise RuntimeError(
            "call torch.distributed.init_process_group before attach, or give lehr.run a broadcast"
        )
    holder = [value]
    found.broadcast_object_list(holder, src=0)
    return holder[0]


def _initialized() -> Optional[Any]:
    # Where torch was never imported, nothing of it can have been initialised.
    torch = sys.modules.get("torch")
    distributed = getattr(torch, "distributed", None)
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return None
    return distributed


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    return int(text) if text.isdigit() else default
