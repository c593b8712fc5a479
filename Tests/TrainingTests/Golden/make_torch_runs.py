"""Records what PyTorch's losses and gradient norms are over 50 updates, in single and double
precision, for each optimizer and model, from given weights and rows in a given order.

Made torch_runs.json with torch 2.13.0+cpu: python make_torch_runs.py > torch_runs.json
"""

import json
import random

import torch

ROWS, FEATURES, CLASSES, BATCH, STEPS = 90, 12, 4, 16, 50
WIDTHS = {"softmax": [FEATURES, CLASSES], "mlp": [FEATURES, 16, 8, CLASSES]}
OPTIMIZERS = [
    {"type": "sgd", "rate": 0.1, "momentum": 0.0},
    {"type": "sgd", "rate": 0.05, "momentum": 0.9},
    {"type": "sgd", "rate": 0.05, "momentum": 0.9, "weight_decay": 0.1},
    {"type": "sgd", "rate": 0.05, "momentum": 0.9, "nesterov": True},
    {"type": "sgd", "rate": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.05},
    {"type": "sgd", "rate": 0.05, "momentum": 0.9, "cycled": True},
    {"type": "adam", "rate": 0.01},
    {"type": "adam", "rate": 0.01, "weight_decay": 0.1, "beta1": 0.8, "beta2": 0.99},
    {"type": "adamw", "rate": 0.01, "weight_decay": 0.1},
    {"type": "adamw", "rate": 0.02, "weight_decay": 0.3, "epsilon": 0.001, "cycled": True},
]


def make(settings, parameters):
    decay = settings.get("weight_decay", 0.0)
    if settings["type"] == "sgd":
        return torch.optim.SGD(
            parameters, lr=1.0, momentum=settings["momentum"], weight_decay=decay,
            nesterov=settings.get("nesterov", False))
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[settings["type"]]
    betas = (settings.get("beta1", 0.9), settings.get("beta2", 0.999))
    return kind(
        parameters, lr=1.0, betas=betas, eps=settings.get("epsilon", 1e-8), weight_decay=decay)


def run(widths, initial, settings, features, labels, dtype):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs, dtype=dtype), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    torch.nn.utils.vector_to_parameters(torch.tensor(initial, dtype=dtype), model.parameters())
    optimizer = make(settings, model.parameters())
    losses, norms = [], []
    batches = list(torch.arange(ROWS).split(BATCH))
    for step in range(STEPS):
        rows = batches[step % len(batches)]
        group = optimizer.param_groups[0]
        group["lr"] = settings["rate"]
        if settings.get("cycled"):
            group["lr"] *= (step + 1) / STEPS
            momentum = 0.95 - 0.1 * step / STEPS
            if "momentum" in group:
                group["momentum"] = momentum
            else:
                group["betas"] = (momentum, group["betas"][1])
        loss = torch.nn.functional.cross_entropy(
            model(features[rows].to(dtype)), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.get_total_norm(
            [p.grad for p in model.parameters()]).item())
        optimizer.step()
        losses.append(loss.item())
    return losses, norms


def main():
    torch.set_num_threads(1)
    generator = random.Random(20)
    labels = [generator.randrange(CLASSES) for _ in range(ROWS)]
    # Sixteenths, which every format holds exactly; each class has its own centre.
    features = [
        [generator.randrange(-24, 25) / 16 + (column % CLASSES == label)
         for column in range(FEATURES)] for label in labels]
    initial = {
        name: [generator.randrange(-256, 257) / 1024
               for _ in range(sum(i * o + o for i, o in zip(widths, widths[1:])))]
        for name, widths in WIDTHS.items()}
    runs = []
    for name, widths in WIDTHS.items():
        for settings in OPTIMIZERS:
            results = [
                run(widths, initial[name], settings, torch.tensor(features),
                    torch.tensor(labels), dtype) for dtype in (torch.float32, torch.float64)]
            runs.append({
                "model": name, "optimizer": settings,
                "losses": [float(f"{x:.9g}") for x in results[0][0]],
                "double_losses": [float(f"{x:.12g}") for x in results[1][0]],
                "gradient_norms": [float(f"{x:.9g}") for x in results[0][1]]})
    print(json.dumps({
        "library": f"torch {torch.__version__}", "batch_size": BATCH,
        "features": sum(features, []), "labels": labels, "hidden": WIDTHS["mlp"][1:-1],
        "initial": initial, "runs": runs}).replace('{"model"', '\n{"model"'))


main()
