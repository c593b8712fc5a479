"""The same updates as TrainingBenchmark.swift, in PyTorch eager with one thread.

Started with the folder for what both sides read. A question per line, each answered by a line of
JSON. The settings are the fastest that were found: data as preloaded scaled floats, one gather per
batch, fused SGD, subnormals flushed; of both layouts of images the one that is faster here.
"""

import copy
import gzip
import json
import os
import pathlib
import sys
import time

import numpy
import safetensors
import torch

IMAGES = "/usr/share/datasets/fashion-mnist"
FOLDER = pathlib.Path(sys.argv[1])


def idx(name, skip):
    with gzip.open(f"{IMAGES}/{name}.gz") as file:
        return torch.from_numpy(numpy.frombuffer(file.read(), numpy.uint8, offset=skip).copy())


def rows(name):
    if "64-32-10" in name:
        digits = numpy.load(FOLDER / "digits.npz")
        return torch.from_numpy(digits["x"]), torch.from_numpy(digits["y"]).long()
    images = idx("train-images-idx3-ubyte", 16).reshape(-1, 784)
    return images, idx("train-labels-idx1-ubyte", 8).long()


def module(name):
    if name.startswith("cnn"):
        return torch.nn.Sequential(
            torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
            torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
            torch.nn.Flatten(), torch.nn.Linear(1568, 128), torch.nn.ReLU(),
            torch.nn.Linear(128, 10))
    widths = [int(width) for width in name.split()[1].rstrip(",").split("-")]
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


class Job:
    def __init__(self, name):
        self.batch = int(name.split()[-1])
        self.model = module(name)
        with safetensors.safe_open(FOLDER / f"{name}.safetensors", "pt") as file:
            scaling = json.loads(file.metadata()["normalization"])
            keys = sorted(file.keys(), key=lambda key: (int(key.split(".")[0]), key[-1] != "t"))
            with torch.no_grad():
                for parameter, key in zip(self.model.parameters(), keys, strict=True):
                    parameter.copy_(file.get_tensor(key))
        features, self.labels = rows(name)
        scale, shift = torch.tensor(scaling["scale"]), torch.tensor(scaling["shift"])
        self.features = features.float() * scale + shift
        order = numpy.fromfile(FOLDER / f"{name}.order", numpy.uint32).astype(int)
        self.batches = [
            batch for epoch in torch.from_numpy(order).split(len(numpy.unique(order)))
            for batch in epoch.split(self.batch)]
        if name.startswith("cnn"):
            self.features = self.features.reshape(-1, 1, 28, 28)
            self.pick_layout()
        self.optimizer = self.make_optimizer()

    def make_optimizer(self):
        return torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, fused=True)

    def pick_layout(self):
        speeds = {}
        start, features = self.model, self.features
        for layout in (torch.contiguous_format, torch.channels_last):
            self.model = copy.deepcopy(start).to(memory_format=layout)
            self.features = features.to(memory_format=layout)
            self.optimizer = self.make_optimizer()
            self.updates(self.batches[:5])
            begin = time.perf_counter()
            self.updates(self.batches[:25])
            speeds[layout] = time.perf_counter() - begin
        layout = min(speeds, key=speeds.get)
        self.model = start.to(memory_format=layout)
        self.features = features.to(memory_format=layout)

    def updates(self, batches):
        """Makes an update for each batch of rows; their number and the sum of their losses."""
        loss_of = torch.nn.functional.cross_entropy
        rows, total = 0, 0.0
        for batch in batches:
            loss = loss_of(
                self.model(self.features.index_select(0, batch)),
                self.labels.index_select(0, batch))
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            rows += len(batch)
            total += loss.item() * len(batch)
        return rows, total

    def train(self, steps):
        batches, self.batches = self.batches[:steps], self.batches[steps:]
        start = time.perf_counter()
        rows, total = self.updates(batches)
        return {"rows": rows, "loss": total / rows, "seconds": time.perf_counter() - start}


def final(seed, epochs, name):
    """Trains from torch's own weights in torch's own order, and reads the test images once."""
    torch.manual_seed(seed)
    job = Job.__new__(Job)
    job.batch = int(name.split()[-1])
    job.model = module(name)
    images, job.labels = rows(name)
    shuffled = torch.randperm(len(images))
    training = shuffled[:54_000]
    pixels = images[training].float() / 255
    mean, deviation = pixels.mean(), pixels.std()
    job.features = (images.float() / 255 - mean) / deviation
    test = (idx("t10k-images-idx3-ubyte", 16).reshape(-1, 784).float() / 255 - mean) / deviation
    truth = idx("t10k-labels-idx1-ubyte", 8).long()
    if name.startswith("cnn"):
        job.features, test = (x.reshape(-1, 1, 28, 28) for x in (job.features, test))
    job.optimizer = job.make_optimizer()
    for _ in range(epochs):
        job.updates(training[torch.randperm(len(training))].split(job.batch))
    with torch.inference_mode():
        found = torch.cat([job.model(part).argmax(1) for part in test.split(1024)])
    return {"accuracy": float((found == truth).double().mean())}


def peak():
    left, right = torch.rand(1024, 1024), torch.rand(1024, 1024)
    best = float("inf")
    for _ in range(10):
        start = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - start)
    return {"gigaflops": 2 * 1024**3 / best / 1e9}


def write_digits():
    from sklearn.datasets import load_digits
    digits = load_digits()
    numpy.savez(
        FOLDER / "digits.npz", x=digits.data.astype(numpy.float32),
        y=digits.target.astype(numpy.int64))
    return {}


def main():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    jobs = {}
    for line in sys.stdin:
        question = line.strip().split(" ", 2)
        if question[0] == "peak":
            answer = peak()
        elif question[0] == "version":
            answer = {"version": torch.__version__}
        elif question[0] == "digits":
            answer = write_digits()
        elif question[0] == "final":
            seed, name = question[2].split(" ", 1)
            answer = final(int(seed), int(question[1]), name)
        else:
            _, steps, name = question
            if name not in jobs:
                jobs[name] = Job(name)
            answer = jobs[name].train(int(steps))
        print(json.dumps(answer), flush=True)


main()
