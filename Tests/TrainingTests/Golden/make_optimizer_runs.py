"""Records what PyTorch's losses and gradient norms are over 50 updates of a small network, in single
and double precision, for every optimizer and for what can be set around it, from given weights and rows
in a given order.

Lion, which PyTorch has not, is written out below after its paper. Decay coupled to the schedule is
Loshchilov & Hutter's: weights shrink by rate / peak times the decay before the update.

Made optimizer_runs.json with torch 2.13.0+cpu: python make_optimizer_runs.py > optimizer_runs.json
"""

import fnmatch
import json
import random

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

ROWS, FEATURES, CLASSES, BATCH, STEPS = 90, 12, 4, 16, 50
WIDTHS = [FEATURES, 16, 8, CLASSES]
# What stands beside "rate" is a job's `optimizer`; "accumulation" is its `gradient_accumulation`.
RUNS = [
    {"type": "sgd", "momentum": 0.0, "rate": 0.1},
    {"type": "sgd", "momentum": 0.9, "rate": 0.05},
    {"type": "sgd", "momentum": 0.9, "dampening": 0.5, "rate": 0.1},
    {"type": "sgd", "momentum": 0.9, "nesterov": True, "weight_decay": 0.05, "rate": 0.05},
    {"type": "adam", "rate": 0.01},
    {"type": "adam", "weight_decay": 0.1, "betas": [0.8, 0.99], "rate": 0.01},
    {"type": "adamw", "rate": 0.01, "weight_decay": 0.1},
    {"type": "nadam", "rate": 0.01},
    {"type": "nadam", "weight_decay": 0.1, "betas": [0.8, 0.99], "momentum_decay": 0.05,
     "rate": 0.01},
    {"type": "rmsprop", "rate": 0.003},
    {"type": "rmsprop", "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.02, "rate": 0.002},
    {"type": "rmsprop", "centered": True, "rate": 0.003},
    {"type": "rmsprop", "centered": True, "momentum": 0.9, "alpha": 0.95, "eps": 0.001,
     "rate": 0.002},
    {"type": "adagrad", "rate": 0.05},
    {"type": "adagrad", "initial_accumulator_value": 0.1, "weight_decay": 0.02, "rate": 0.05},
    {"type": "lion", "rate": 0.002},
    {"type": "lion", "betas": [0.95, 0.98], "weight_decay": 0.5, "rate": 0.002},
    {"type": "sgd", "momentum": 0.9, "gradient_clip": {"norm": 0.2}, "rate": 0.1},
    {"type": "adamw", "gradient_clip": {"value": 0.02}, "weight_decay": 0.01, "rate": 0.01},
    {"type": "sgd", "momentum": 0.9, "accumulation": 2, "rate": 0.1},
    {"type": "adam", "accumulation": 3, "rate": 0.02},
    {"type": "adamw", "weight_decay": 0.3, "weight_decay_exclude": ["bias"], "rate": 0.02},
    {"type": "sgd", "momentum": 0.9, "weight_decay": 0.02, "rate": 0.05,
     "groups": [{"match": "0.*", "rate_factor": 0.1}, {"match": "bias", "rate_factor": 2,
                                                        "weight_decay": 0.2}]},
    {"type": "adamw", "weight_decay": 0.1, "layer_decay": 0.5, "rate": 0.02},
    {"type": "adamw", "weight_decay": 0.01, "weight_decay_coupling": "schedule",
     "layer_decay": 0.7, "rate": 0.02},
    {"type": "sgd", "momentum": 0.9, "weight_decay": 0.02, "weight_decay_coupling": "schedule",
     "rate": 0.05},
    {"type": "sgd", "momentum": 0.9, "rate": 0.1, "ema": {"decay": 0.9}},
    {"type": "nadam", "rate": 0.01, "cycled": True},
    {"type": "rmsprop", "rate": 0.002, "cycled": True},
    {"type": "lion", "rate": 0.002, "cycled": True},
]


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2."""

    def __init__(self, parameters, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                update = (beta1 * mean + (1 - beta1) * p.grad).sign()
                p.sub_(group["lr"] * (update + group["weight_decay"] * p))
                mean.mul_(beta2).add_(p.grad, alpha=1 - beta2)


KINDS = {
    "sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
    "nadam": torch.optim.NAdam, "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad,
    "lion": Lion}
OWN = ["dampening", "nesterov", "betas", "eps", "momentum_decay", "alpha", "centered",
       "initial_accumulator_value"]


def matches(pattern, name):
    return name.endswith(".bias") if pattern == "bias" else fnmatch.fnmatchcase(name, pattern)


def groups(model, settings):
    """One group a tensor, with its factor of the rate and its decay."""
    default = 0.01 if settings["type"] == "adamw" else 0.0
    layers = list(dict.fromkeys(n.split(".")[0] for n, _ in model.named_parameters()))
    result = []
    for name, p in model.named_parameters():
        decay = settings.get("weight_decay", default)
        if any(matches(kind, name) for kind in settings.get("weight_decay_exclude", [])):
            decay = 0.0
        above = len(layers) - 1 - layers.index(name.split(".")[0])
        factor = settings.get("layer_decay", 1.0) ** above
        for group in settings.get("groups", []):
            if matches(group["match"], name):
                factor *= group.get("rate_factor", 1.0)
                decay = group.get("weight_decay", decay)
                break
        result.append({"params": [p], "factor": factor, "decay": decay})
    return result


def grant(settings, step):
    """The rate and, where it moves, the momentum of a step."""
    if settings.get("weight_decay_coupling"):
        return settings["rate"] * (1 - step / STEPS), None
    if settings.get("cycled"):
        return settings["rate"] * ((step + 1) / STEPS), 0.95 - 0.1 * step / STEPS
    return settings["rate"], None


def run(initial, settings, features, labels, dtype):
    layers = []
    for inputs, outputs in zip(WIDTHS, WIDTHS[1:]):
        layers += [torch.nn.Linear(inputs, outputs, dtype=dtype), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    torch.nn.utils.vector_to_parameters(torch.tensor(initial, dtype=dtype), model.parameters())
    scheduled = settings.get("weight_decay_coupling") == "schedule"
    parts = groups(model, settings)
    for part in parts:
        part["weight_decay"] = 0.0 if scheduled else part["decay"]
    own = {name: settings[name] for name in OWN if name in settings}
    if settings["type"] in ("sgd", "rmsprop"):
        own["momentum"] = settings.get("momentum", 0.0)
    optimizer = KINDS[settings["type"]](parts, lr=1.0, **own)
    average = None
    if "ema" in settings:
        average = AveragedModel(
            model, multi_avg_fn=get_ema_multi_avg_fn(settings["ema"]["decay"]))
    losses, norms = [], []
    updates = list(torch.arange(ROWS).split(BATCH * settings.get("accumulation", 1)))
    for step in range(STEPS):
        rate, momentum = grant(settings, step)
        for group in optimizer.param_groups:
            group["lr"] = rate * group["factor"]
            if momentum is not None and "momentum" in group:
                group["momentum"] = momentum
            elif momentum is not None:
                group["betas"] = (momentum, group["betas"][1])
        optimizer.zero_grad()
        rows = updates[step % len(updates)]
        total = 0.0
        for batch in rows.split(BATCH):
            loss = torch.nn.functional.cross_entropy(
                model(features[batch].to(dtype)), labels[batch], reduction="sum") / len(rows)
            loss.backward()
            total += loss.item()
        clip = settings.get("gradient_clip", {})
        norm = torch.nn.utils.get_total_norm([p.grad for p in model.parameters()]).item()
        if "norm" in clip:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip["norm"])
        if "value" in clip:
            torch.nn.utils.clip_grad_value_(model.parameters(), clip["value"])
        if scheduled:
            with torch.no_grad():
                for group in optimizer.param_groups:
                    for p in group["params"]:
                        p.mul_(1 - rate / settings["rate"] * group["decay"])
        optimizer.step()
        if average is not None:
            average.update_parameters(model)
        losses.append(total)
        norms.append(norm)
    final = (average or model)(features.to(dtype))
    return losses, norms, torch.nn.functional.cross_entropy(final, labels).item()


def main():
    torch.set_num_threads(1)
    generator = random.Random(20)
    labels = [generator.randrange(CLASSES) for _ in range(ROWS)]
    # Sixteenths, which every format holds exactly; each class has its own centre.
    features = [
        [generator.randrange(-24, 25) / 16 + (column % CLASSES == label)
         for column in range(FEATURES)] for label in labels]
    count = sum(i * o + o for i, o in zip(WIDTHS, WIDTHS[1:]))
    initial = [generator.randrange(-256, 257) / 1024 for _ in range(count)]
    runs = []
    for settings in RUNS:
        single, double = [
            run(initial, settings, torch.tensor(features), torch.tensor(labels), dtype)
            for dtype in (torch.float32, torch.float64)]
        runs.append({
            "optimizer": settings,
            "losses": [float(f"{x:.9g}") for x in single[0]],
            "double_losses": [float(f"{x:.12g}") for x in double[0]],
            "gradient_norms": [float(f"{x:.9g}") for x in double[1]],
            "final_losses": [float(f"{x:.12g}") for x in (single[2], double[2])]})
    print(json.dumps({
        "library": f"torch {torch.__version__}", "batch_size": BATCH,
        "features": sum(features, []), "labels": labels, "hidden": WIDTHS[1:-1],
        "initial": initial, "runs": runs}).replace('{"optimizer"', '\n{"optimizer"'))


main()
