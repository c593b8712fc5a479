"""A CNN on Fashion-MNIST under a cosine, whose rate is halved while it trains.

    LEHR_SERVER=http://127.0.0.1:8080 python Examples/cnn_fashion.py [--epochs 2] [--no-edit]

The images are those of Debian's package dataset-fashion-mnist. The script asks for its own edit, as a
person would with `lehr edit-schedule @last --scale 0.5`. Where the job is paused it saves a checkpoint;
LEHR_JOB=ID in the environment goes on from there.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import urllib.error
import urllib.request

import lehr
import torch
from torch import nn

FOLDER = "/usr/share/datasets/fashion-mnist"
BATCH = 128


def images(kind: str, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The first images of a part, [count, 1, 28, 28], and their classes."""
    with gzip.open(f"{FOLDER}/{kind}-images-idx3-ubyte.gz") as file:
        pixels = torch.frombuffer(bytearray(file.read()[16:]), dtype=torch.uint8)
    with gzip.open(f"{FOLDER}/{kind}-labels-idx1-ubyte.gz") as file:
        labels = torch.frombuffer(bytearray(file.read()[8:]), dtype=torch.uint8)
    return pixels.view(-1, 1, 28, 28)[:count].float() / 255, labels[:count].long()


def halve(run: lehr.Run, server: str) -> None:
    """Halves the rate of a job that runs, as anybody may."""
    request = urllib.request.Request(
        f"{server}/v1/jobs/{run.id}/schedule-edits",
        json.dumps({"scale": 0.5, "note": "the loss is noisy"}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            print(f"halved from step {json.load(answer)['from_step']} on")
    except urllib.error.HTTPError as error:
        # A run of a few hundred steps may have all its rates already.
        print(f"not halved: {json.load(error)['detail']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--no-edit", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(0)
    features, labels = images("train", options.rows)
    test_features, test_labels = images("t10k", 10_000)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 49, 10),
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    per_epoch = (len(features) + BATCH - 1) // BATCH
    server = os.environ.get("LEHR_SERVER", "http://127.0.0.1:8080")
    with lehr.run(
        name="cnn-fashion",
        schedule={"type": "cosine", "learning_rate": 0.05},
        epochs=options.epochs,
        steps_per_epoch=per_epoch,
    ) as run:
        if (path := run.resume()) is not None:
            state = torch.load(path)
            model.load_state_dict(state["model"])
            optimizer.load_state_dict(state["optimizer"])
        scheduler = run.attach(optimizer)
        run.save_with(
            lambda path: torch.save(
                {"model": model.state_dict(), "optimizer": optimizer.state_dict()}, path
            )
        )
        while run.step < options.epochs * per_epoch:
            epoch, place = divmod(run.step, per_epoch)
            order = torch.randperm(
                len(features), generator=torch.Generator().manual_seed(epoch)
            )
            for rows in order.split(BATCH)[place:]:
                loss = nn.functional.cross_entropy(model(features[rows]), labels[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                scheduler.step()
                run.report(loss=loss)
                if run.step == per_epoch // 2 and not options.no_edit:
                    halve(run, server)
            with torch.no_grad():
                outputs = torch.cat([model(part) for part in test_features.split(1_000)])
                accuracy = (outputs.argmax(1) == test_labels).float().mean().item()
                run.report(
                    validation_loss=nn.functional.cross_entropy(outputs, test_labels),
                    validation_accuracy=accuracy,
                )
            print(f"epoch {epoch + 1}: accuracy {accuracy:.4f}, rate {scheduler.get_last_lr()[0]:.5f}")
    print(f"job {run.id}")


if __name__ == "__main__":
    main()
