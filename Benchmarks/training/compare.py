#!/usr/bin/env python3
"""Trains the same epochs with Lehr and with PyTorch, in turn, and prints the ratio of their speeds.

Usage: compare.py PYTHON [REPEATS] [WORD]
PYTHON is an interpreter that has torch 2.13, numpy, safetensors and scikit-learn; REPEATS is 5 by
default; WORD picks the workloads whose names have it. Both sides begin with the same weights and take
the same rows in the same order. Build first: swift build -c release --product TrainingBenchmark
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CNN = "cnn 16-pool-32-pool-128-10, batch 128"
# How many updates are timed at once.
STEPS = {
    "softmax 784-10, batch 128": 1266,
    "mlp 784-256-128-10, batch 128": 422,
    "mlp 784-256-128-10, batch 32": 1688,
    "mlp 784-1024-1024-10, batch 256": 60,
    CNN: 100,
    "mlp 64-32-10, batch 32": 2000,
}


def operations(name):
    """One row's multiplications and additions; the first layer's input has no gradient."""
    if name == CNN:
        return 4 * 112_896 + 6 * (903_168 + 200_704 + 1_280)
    widths = [int(width) for width in name.split()[1].rstrip(",").split("-")]
    products = [inputs * outputs for inputs, outputs in zip(widths, widths[1:])]
    return 4 * products[0] + 6 * sum(products[1:])


class Side:
    def __init__(self, *command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def ask(self, line):
        self.tell(line)
        return self.hear()


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def speed(answer):
    return answer["rows"] / answer["seconds"]


def compare(name, repeats, lehr, peer, peak):
    steps = STEPS[name]
    lehr.ask(f"start {steps * (repeats + 1)} {name}")
    question = f"train {steps} {name}"
    pairs = [(lehr.ask(question), peer.ask(question)) for _ in range(repeats + 1)]
    gap = abs(pairs[0][0]["loss"] / pairs[0][1]["loss"] - 1)
    pairs = pairs[1:]  # the first ones warm up
    ratios = [other["seconds"] / mine["seconds"] for mine, other in pairs]
    ours = statistics.median(speed(mine) for mine, _ in pairs)
    theirs = statistics.median(speed(other) for _, other in pairs)
    print(f"{name:38}{ours:12,.0f}{theirs:11,.0f}{statistics.median(ratios):8.2f}  "
          f"{min(ratios):5.2f} to {max(ratios):5.2f}{ours * operations(name) / peak / 1e9:9.0%}"
          f"{gap:10.0e}{pairs[-1][0]['allocations']:13.1f}", flush=True)


def compare_two(name, repeats, lehr, second):
    question = f"train {STEPS[name]} {name}"
    gains = []
    for repeat in range(repeats + 1):
        alone = speed(lehr.ask(question))
        lehr.tell(question)
        second.tell(question)
        both = speed(lehr.hear()) + speed(second.hear())
        if repeat > 0:
            gains.append(both / alone)
    print(f"two jobs at once, {name:38} {statistics.median(gains):.2f} times one, "
          f"{min(gains):.2f} to {max(gains):.2f}", flush=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    word = sys.argv[3] if len(sys.argv) > 3 else ""
    names = [name for name in STEPS if word in name]
    with tempfile.TemporaryDirectory() as folder:
        binary = HERE / "../../.build/release/TrainingBenchmark"
        lehr, second = Side(binary, folder, "0"), Side(binary, folder, "1")
        peer = Side(sys.argv[1], HERE / "peer.py", folder)
        version = peer.ask("version")["version"]
        peer.ask("digits")
        peaks = [side.ask("peak")["gigaflops"] for side in (lehr, peer)]
        print(f"{processor()}, one core; sgemm of 1,024: oneDNN {peaks[0]:.0f} GF/s, "
              f"torch {version} {peaks[1]:.0f} GF/s; medians of {repeats} repeats in turn")
        print(f"{'':38}{'Lehr rows/s':>12}{'torch':>11}{'ratio':>8}  {'spread':14}"
              f"{'of peak':>9}{'loss gap':>10}{'allocations':>13}", flush=True)
        for name in names:
            compare(name, repeats, lehr, peer, peaks[0])
        for name in names:
            compare_two(name, repeats, lehr, second)
        large = "mlp 784-1024-1024-10, batch 256"
        if large in names:
            stall = lehr.ask(f"checkpoint {repeats} {large}")
            print(f"a checkpoint of {stall['bytes'] / 1e6:.0f} MB stops the training for at most "
                  f"{stall['seconds'] * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
