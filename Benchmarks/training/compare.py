#!/usr/bin/env python3
"""Trains the same epochs with Lehr and with PyTorch, in turn, and prints the ratio of their speeds.

Usage: compare.py PYTHON [REPEATS]
PYTHON is an interpreter that has torch 2.13 and numpy; REPEATS is 10 by default. Build first:
swift build -c release --product TrainingBenchmark
"""

import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Multiplications and additions of one row's forward and backward products; the first layer needs no
# gradient of its input.
WORKLOADS = {
    "softmax 784-10, batch 128": 4 * 7_840,
    "mlp 784-256-128-10, batch 128": 4 * 200_704 + 6 * (32_768 + 1_280),
    "mlp 784-256-128-10, batch 32": 4 * 200_704 + 6 * (32_768 + 1_280),
    "cnn 16-pool-32-pool-128-10, batch 128":
        4 * 112_896 + 6 * (903_168 + 200_704 + 1_280),
}


class Side:
    def __init__(self, *command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    lehr = Side(HERE / "../../.build/release/TrainingBenchmark")
    peer = Side(sys.argv[1], HERE / "peer.py")
    version = peer.ask("version")["version"]
    peaks = [side.ask("peak")["gigaflops"] for side in (lehr, peer)]
    print(f"{processor()}, one core; sgemm of 1,024: oneDNN {peaks[0]:.0f} GF/s, "
          f"torch {version} {peaks[1]:.0f} GF/s; {repeats} epochs of 54,000 rows each, in turn")
    print(f"{'':40}{'Lehr rows/s':>13}{'torch rows/s':>14}{'ratio':>7}  spread       "
          f"{'share of peak':>13}  10 epochs")
    for name, operations in WORKLOADS.items():
        ours, theirs = [], []
        for repeat in range(repeats + 1):
            mine, other = lehr.ask(name), peer.ask(name)
            if repeat > 0:  # the first epoch warms up
                ours.append(mine)
                theirs.append(other)
        speeds = [sorted(epoch["rows"] / epoch["training"] for epoch in side)
                  for side in (ours, theirs)]
        ratios = [other["training"] / mine["training"] for mine, other in zip(ours, theirs)]
        median = statistics.median(speeds[0])
        whole = 10 * statistics.median(e["training"] + e["validation"] for e in ours)
        print(f"{name:40}{median:13,.0f}{statistics.median(speeds[1]):14,.0f}"
              f"{statistics.median(ratios):7.2f}  {min(ratios):.2f} to {max(ratios):.2f}"
              f"{median * operations / peaks[0] / 1e9:14.0%}  {whole:.2f} s")


main()
