#!/usr/bin/env python3
"""Trains with Lehr and with PyTorch from several seeds each, and compares the accuracy on the test
images, which chose nothing, by Welch's test.

Usage: seeds.py PYTHON [SEEDS] [WORD]
PYTHON is an interpreter that has torch 2.13, numpy and safetensors; SEEDS is 8 by default; WORD picks
the workloads whose names have it. Each side draws weights, order and the held rows by itself. Build
first:
swift build -c release --product TrainingBenchmark
"""

import math
import statistics
import sys
import tempfile

from compare import CNN, HERE, Side

EPOCHS = {
    "softmax 784-10, batch 128": 2,
    "mlp 784-256-128-10, batch 128": 2,
    CNN: 1,
}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    word = sys.argv[3] if len(sys.argv) > 3 else ""
    with tempfile.TemporaryDirectory() as folder:
        lehr = Side(HERE / "../../.build/release/TrainingBenchmark", folder, "0")
        peer = Side(sys.argv[1], HERE / "peer.py", folder)
        version = peer.ask("version")["version"]
        print(f"accuracy on 10,000 test images after SGD at 0.01 with momentum 0.9, {seeds} seeds each: "
              f"mean and standard deviation, Lehr and torch {version}")
        for name, epochs in EPOCHS.items():
            if word not in name:
                continue
            ours, theirs = ([
                side.ask(f"final {epochs} {seed} {name}")["accuracy"] for seed in range(seeds)
            ] for side in (lehr, peer))
            means = [statistics.mean(side) for side in (ours, theirs)]
            deviations = [statistics.stdev(side) for side in (ours, theirs)]
            t = (means[0] - means[1]) / math.sqrt(sum(d * d / seeds for d in deviations))
            print(f"{name:40} {epochs} epochs  {means[0]:.4f} ± {deviations[0]:.4f}  "
                  f"{means[1]:.4f} ± {deviations[1]:.4f}  t = {t:+.2f}", flush=True)


main()
