"""Data-parallel training on two processes that use the same rate at every step.

    LEHR_SERVER=http://127.0.0.1:8080 torchrun --nproc-per-node 2 Examples/two_ranks.py

Rank 0 alone talks to the server; the other receives the granted rates by broadcast, over gloo here and
over nccl alike. Each rank prints a hash of the rates that it used.
"""

from __future__ import annotations

import argparse
import hashlib
import struct

import lehr
import torch
import torch.distributed as distributed
from torch import nn
from torch.nn.parallel import DistributedDataParallel


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=2_000)
    options = parser.parse_args()
    distributed.init_process_group("gloo")
    rank = distributed.get_rank()
    torch.manual_seed(0)
    model = DistributedDataParallel(nn.Linear(16, 1))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    torch.manual_seed(rank)
    used = hashlib.sha256()
    with lehr.run(
        name="two-ranks",
        schedule={"type": "cosine", "learning_rate": 0.01},
        steps=options.steps,
    ) as run:
        scheduler = run.attach(optimizer)
        for step in range(options.steps):
            features = torch.randn(32, 16)
            loss = nn.functional.mse_loss(model(features), features[:, :1])
            optimizer.zero_grad()
            loss.backward()
            used.update(struct.pack(">d", optimizer.param_groups[0]["lr"]))
            optimizer.step()
            scheduler.step()
            # Only rank 0's reports are sent.
            run.report(step=step, loss=loss)
    print(f"rank {rank} of job {run.id}: rates {used.hexdigest()}", flush=True)
    distributed.destroy_process_group()


if __name__ == "__main__":
    main()
