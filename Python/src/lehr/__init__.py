"""Puts a training script of your own under a Lehr server's learning-rate schedule.

    import lehr

    run = lehr.run(name="cnn", schedule={"type": "cosine", "learning_rate": 0.1}, steps=1000)
    scheduler = run.attach(optimizer)
    ...
        optimizer.step()
        scheduler.step()
        run.report(loss=loss)
    run.finish()

The server grants the rates in blocks ahead of the training, which asks for nothing in a step. A server
that is lost stops no training: the run goes on by the plan, and everything arrives later.
"""

from __future__ import annotations

import os
from typing import Any, Dict, Mapping, Optional, Union

from . import _opening, _ranks, _schedule_file
from ._errors import (
    Cancelled,
    LehrError,
    Paused,
    Refused,
    Stopped,
    Superseded,
    Unreachable,
)
from ._rates import Block
from ._run import Run
from ._scheduler import Scheduler
from ._version import __version__

__all__ = [
    "Cancelled",
    "LehrError",
    "Paused",
    "Refused",
    "Run",
    "Scheduler",
    "Stopped",
    "Superseded",
    "Unreachable",
    "__version__",
    "run",
]


def run(
    name: Optional[str] = None,
    *,
    schedule: Union[None, str, "os.PathLike[str]", Mapping[str, Any]] = None,
    steps: Optional[int] = None,
    epochs: Optional[float] = None,
    steps_per_epoch: Optional[int] = None,
    server: Optional[str] = None,
    token: Optional[str] = None,
    job: Optional[str] = None,
    seed: Optional[int] = None,
    labels: Optional[Mapping[str, str]] = None,
    notes: Optional[str] = None,
    priority: Optional[int] = None,
    checkpoint: Optional[Mapping[str, Any]] = None,
    broadcast: Optional[_ranks.Broadcast] = None,
    patience: float = 1.0,
    finish_patience: float = 30.0,
    raise_on_stop: bool = True,
) -> Run:
    """Opens a job for this script, or goes on with one.

    - `schedule` is a schedule as in a job, the name of a stored one, or the path of a file of rates,
      with which nothing needs a server.
    - `steps` are the optimizer updates of the whole run; or `epochs` with `steps_per_epoch`.
    - `server` and `token` are LEHR_SERVER and LEHR_TOKEN where they are not given.
    - `job`, or LEHR_JOB, is the id of a job to go on with: `resume` then fetches its checkpoint.
    - `broadcast` gives every rank what rank 0 holds; torch.distributed's by default.
    - `patience` bounds every wait of the training thread, `finish_patience` that for a silent server at
      the end, in seconds.
    - With `raise_on_stop` a scheduler's `step` ends the script when the job is cancelled or paused;
      without, the script asks `run.stopping`.
    """
    rank, world = _ranks.rank(), _ranks.world()
    common: Dict[str, Any] = {
        "name": name,
        "rank": rank,
        "world": world,
        "broadcast": broadcast or _ranks.broadcast,
        "worker": _opening.worker_name(),
        "patience": patience,
        "finish_patience": finish_patience,
        "raise_on_stop": raise_on_stop,
    }
    if rank != 0:
        return Run(client=None, lease=None, rates=None, total_steps=steps, **common)
    if _schedule_file.is_file(schedule):
        loaded = _schedule_file.load(schedule)  # type: ignore[arg-type]
        if isinstance(loaded, Block):
            if server is not None:
                raise LehrError(
                    "a file of rates is for runs without a server; leave server out, or give the"
                    " schedule itself"
                )
            if steps is not None and steps > len(loaded.rates):
                raise LehrError(
                    f"the file has {len(loaded.rates)} rates, and the run has {steps} steps"
                )
            total = steps or len(loaded.rates)
            return Run(client=None, lease=None, rates=loaded, total_steps=total, **common)
        schedule = loaded
    client = _opening.client(server, token, patience)
    wait = patience * 10
    given = os.environ.pop("LEHR_LEASE", None)
    if given and job is None:
        # A worker runs this script, holds its lease and says how it ended.
        os.environ.pop("LEHR_JOB", None)
        lease = _opening.given_lease(given)
        result = os.path.join(os.path.dirname(given), "result.json")
        return Run(
            client=client, lease=lease, rates=None, total_steps=steps, result=result, **common
        )
    joined = job or os.environ.get("LEHR_JOB")
    step: Optional[int] = None
    if joined:
        # Nothing of what is there is given up before the script has said where it goes on.
        id, step = _opening.ready(client, joined, wait)
    else:
        wish: Dict[str, Any] = {
            "kind": "external",
            "name": name,
            "schedule": {"name": schedule} if isinstance(schedule, str) else schedule,
            "steps": steps,
            "epochs": epochs,
            "steps_per_epoch": steps_per_epoch,
            "seed": seed,
            "labels": labels,
            "notes": notes,
            "priority": priority,
            "checkpoint": checkpoint,
        }
        id = _opening.submit(client, {k: v for k, v in wish.items() if v is not None}, wait)
    lease = _opening.lease(client, id, common["worker"], step, wait)
    return Run(client=client, lease=lease, rates=None, total_steps=steps, **common)
