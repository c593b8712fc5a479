"""The same epochs as TrainingBenchmark.swift, in PyTorch eager with one thread.

Reads a workload's name per line and answers with a line of JSON. The settings are the fastest that
were found: data as preloaded scaled floats, one gather per batch, fused SGD, subnormals flushed.
"""

import gzip
import json
import os
import sys
import time

import numpy
import torch

FOLDER = "/usr/share/datasets/fashion-mnist"
CNN = "cnn 16-pool-32-pool-128-10, batch 128"
WORKLOADS = {
    "softmax 784-10, batch 128": ([784, 10], 128),
    "mlp 784-256-128-10, batch 128": ([784, 256, 128, 10], 128),
    "mlp 784-256-128-10, batch 32": ([784, 256, 128, 10], 32),
    CNN: (None, 128),
}


def read(name, skip):
    with gzip.open(f"{FOLDER}/{name}.gz") as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=skip).copy()


class Job:
    def __init__(self, widths, batch, features, labels):
        torch.manual_seed(0)
        if widths is None:
            # channels_last is the faster layout here: 2,800 rows/s, and 2,300 without.
            features = features.reshape(-1, 1, 28, 28).to(memory_format=torch.channels_last)
            self.model = torch.nn.Sequential(
                torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
                torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
                torch.nn.Flatten(), torch.nn.Linear(1568, 128), torch.nn.ReLU(),
                torch.nn.Linear(128, 10)).to(memory_format=torch.channels_last)
        else:
            layers = []
            for inputs, outputs in zip(widths, widths[1:]):
                layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
            self.model = torch.nn.Sequential(*layers[:-1])
        self.batch = batch
        self.features, self.labels = features[:54_000], labels[:54_000]
        self.held_features, self.held_labels = features[54_000:], labels[54_000:]
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=0.01, momentum=0.9, fused=True)

    def epoch(self):
        loss_of = torch.nn.functional.cross_entropy
        total = 0.0
        start = time.perf_counter()
        for rows in torch.randperm(len(self.labels)).split(self.batch):
            loss = loss_of(
                self.model(self.features.index_select(0, rows)), self.labels.index_select(0, rows))
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(rows)
        middle = time.perf_counter()
        with torch.inference_mode():
            for place in range(0, len(self.held_labels), 1024):
                logits = self.model(self.held_features[place:place + 1024])
                loss_of(logits, self.held_labels[place:place + 1024], reduction="sum").item()
        end = time.perf_counter()
        return {
            "rows": len(self.labels), "loss": total / len(self.labels),
            "training": middle - start, "validation": end - middle}


def peak():
    left, right = torch.rand(1024, 1024), torch.rand(1024, 1024)
    best = float("inf")
    for _ in range(10):
        start = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - start)
    return {"gigaflops": 2 * 1024**3 / best / 1e9}


def main():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    images = torch.from_numpy(read("train-images-idx3-ubyte", 16)).reshape(-1, 784).float() / 255
    images = (images - images.mean()) / images.std()
    labels = torch.from_numpy(read("train-labels-idx1-ubyte", 8)).long()
    jobs = {}
    for line in sys.stdin:
        name = line.strip()
        if name == "peak":
            answer = peak()
        elif name == "version":
            answer = {"version": torch.__version__}
        else:
            if name not in jobs:
                jobs[name] = Job(*WORKLOADS[name], images, labels)
            answer = jobs[name].epoch()
        print(json.dumps(answer), flush=True)


main()
