#!/usr/bin/env python3
"""Steps the same schedules with Lehr and with PyTorch, in turn, and prints what a step takes in each.

Usage: PYTHON compare.py [ROUNDS]
PYTHON is an interpreter that has torch 2.13; ROUNDS is 10 by default. Build first:
swift build -c release --product ScheduleBenchmark
Lehr answers the rate of a step of a resolved schedule; PyTorch's scheduler.step() writes it into the optimizer's
groups. Ends with 1 where a step of Lehr's asks for memory, or a figure is missed: 20 ns a step at the median, 100 ms
for the rates of a run of 1,000,000 steps.
"""

import bisect
import json
import pathlib
import statistics
import subprocess
import sys
import time
import warnings

import torch
from torch.optim import lr_scheduler as torch_schedulers

HERE = pathlib.Path(__file__).resolve().parent
STEPS = 1_000_000
KNOTS = [(index * STEPS // 100, 0.01 + 0.09 * (index * 37 % 100) / 100) for index in range(100)]


def warmed_cosine(optimizer):
    rise = torch_schedulers.LinearLR(optimizer, 0.001, total_iters=50_000)
    fall = torch_schedulers.CosineAnnealingLR(optimizer, STEPS - 50_000)
    return torch_schedulers.SequentialLR(optimizer, [rise, fall], [50_000])


def three_phases(optimizer):
    parts = [torch_schedulers.ConstantLR(optimizer, 1, 0),
             torch_schedulers.ExponentialLR(optimizer, 0.99999),
             torch_schedulers.CosineAnnealingLR(optimizer, 400_000)]
    return torch_schedulers.SequentialLR(optimizer, parts, [300_000, 600_000])


def product(optimizer):
    return torch_schedulers.ChainedScheduler([
        torch_schedulers.CosineAnnealingLR(optimizer, STEPS),
        torch_schedulers.StepLR(optimizer, 100_000, 0.7)])


def interpolated(optimizer):
    marks = [mark for mark, _ in KNOTS]

    def factor(step):
        place = bisect.bisect_right(marks, step) - 1
        if place + 1 == len(KNOTS):
            return KNOTS[place][1] / 0.1
        (a, p), (b, q) = KNOTS[place:place + 2]
        return (p + (q - p) * (step - a) / (b - a)) / 0.1
    return torch_schedulers.LambdaLR(optimizer, factor)


# The schedule in Lehr's written form, and the scheduler that PyTorch has for it.
WORKLOADS = {
    "constant": (
        {"type": "constant"},
        lambda optimizer: torch_schedulers.ConstantLR(optimizer, 1, 0)),
    "cosine after a warm-up": (
        {"type": "cosine", "warmup": {"length": "5%"}},
        warmed_cosine),
    "one_cycle": (
        {"type": "one_cycle"},
        lambda optimizer: torch_schedulers.OneCycleLR(optimizer, 0.1, total_steps=STEPS)),
    "sequence of three phases": (
        {"type": "sequence", "phases": [
            {"type": "constant", "length": {"steps": 300_000}},
            {"type": "exponential", "length": {"steps": 300_000}, "factor": 0.99999,
             "every": {"steps": 1}},
            {"type": "cosine"}]},
        three_phases),
    "product of two": (
        {"type": "product", "factors": [
            {"type": "cosine"}, {"type": "step", "every": {"steps": 100_000}, "factor": 0.7}]},
        product),
    "interpolated, 100 knots": (
        {"type": "interpolated", "knots": [
            {"at": {"steps": mark}, "rate": rate} for mark, rate in KNOTS]},
        interpolated),
    "cosine_restarts": (
        {"type": "cosine_restarts", "first_cycle": {"steps": 1000}, "cycle_factor": 2},
        lambda optimizer: torch_schedulers.CosineAnnealingWarmRestarts(optimizer, 1000, 2)),
    "torch's own OneCycleLR": (
        {"library": "torch", "name": "OneCycleLR",
         "params": {"max_lr": 0.1, "total_steps": STEPS}},
        lambda optimizer: torch_schedulers.OneCycleLR(optimizer, 0.1, total_steps=STEPS)),
}


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def make_scheduler(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1, momentum=0.9)
    optimizer.step()
    return make(optimizer)


def torch_step(scheduler):
    """The nanoseconds of a step at the median of 40 stretches of 50 steps."""
    times = []
    for _ in range(40):
        start = time.perf_counter_ns()
        for _ in range(50):
            scheduler.step()
        times.append((time.perf_counter_ns() - start) / 50)
    return statistics.median(times)


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    lehr = subprocess.Popen(
        [HERE / "../../.build/release/ScheduleBenchmark"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(schedule):
        lehr.stdin.write(json.dumps(schedule | {"learning_rate": 0.1}) + "\n")
        lehr.stdin.flush()
        return json.loads(lehr.stdout.readline())

    schedulers = {name: make_scheduler(make) for name, (_, make) in WORKLOADS.items()}
    ours = {name: [] for name in WORKLOADS}
    theirs = {name: [] for name in WORKLOADS}
    for turn in range(rounds + 1):
        for name, (schedule, _) in WORKLOADS.items():
            answer, other = ask(schedule), torch_step(schedulers[name])
            if turn > 0:  # the first round warms up
                ours[name].append(answer)
                theirs[name].append(other)

    print(f"{processor()}; Python {sys.version.split()[0]}, torch {torch.__version__}; "
          f"{rounds} rounds in turn, medians; a run of {STEPS:,} steps")
    print(f"{'':26}{'Lehr ns':>9}  spread          {'torch ns':>9}{'ratio':>7}  spread      "
          f"{'allocations':>13}{'preview ms':>12}")
    missed = []
    for name in WORKLOADS:
        mine = [answer["step_ns"] for answer in ours[name]]
        ratios = [other / own for own, other in zip(mine, theirs[name])]
        allocations = sum(answer["allocations"] for answer in ours[name])
        previews = [answer["preview_ms"] for answer in ours[name]]
        preview = None if None in previews else statistics.median(previews)
        print(f"{name:26}{statistics.median(mine):9.1f}  {min(mine):5.1f} to {max(mine):5.1f}"
              f"{statistics.median(theirs[name]):12,.0f}{statistics.median(ratios):7,.0f}"
              f"  {min(ratios):4,.0f} to {max(ratios):5,.0f}{allocations:10}"
              f"{'' if preview is None else f'{preview:.1f}':>12}")
        if statistics.median(mine) >= 20 or allocations or (preview or 0) >= 100:
            missed.append(name)
    sys.exit(f"missed: {', '.join(missed)}" if missed else 0)


main()
