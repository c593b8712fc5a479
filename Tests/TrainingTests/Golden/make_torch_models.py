"""Records what PyTorch's losses are over 50 updates of each kind of model, layer and loss, in single and
double precision, from weights and rows that are given by formulas.

Made torch_models.json with torch 2.13.0+cpu: python make_torch_models.py > torch_models.json
"""

import json

import torch
from torch import nn

ROWS, BATCH, STEPS, RATE = 48, 16, 50, 0.05
FLAT, IMAGE = [6], [8, 8, 2]
CLASSES, VALUES = 3, 2
ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "tanh": nn.Tanh, "silu": nn.SiLU}


class Residual(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, x):
        return x + self.layers(x)


def sequential(layers, shape, outputs):
    """The module of a list of layers from `shape`, without the batch, and the shape that it gives."""
    modules = []
    for layer in layers:
        kind = layer if isinstance(layer, str) else layer["type"]
        get = (lambda *_: None) if isinstance(layer, str) else layer.get
        if kind == "linear":
            module = nn.Linear(shape[0], get("units") or outputs)
        elif kind == "convolution":
            module = nn.Conv2d(
                shape[0], get("channels"), get("kernel"), get("stride") or 1, get("padding") or 0)
        elif kind == "max_pool":
            module = nn.MaxPool2d(get("size"), get("stride"), get("padding") or 0)
        elif kind == "average_pool":
            module = nn.AvgPool2d(get("size"), get("stride"), get("padding") or 0)
        elif kind == "global_average_pool":
            module = nn.AdaptiveAvgPool2d(1)
        elif kind == "batch_norm":
            module = (nn.BatchNorm1d if len(shape) == 1 else nn.BatchNorm2d)(shape[0])
        elif kind == "flatten":
            module = nn.Flatten()
        elif kind == "residual":
            module = Residual(sequential(layer["layers"], shape, outputs)[0])
        else:
            module = ACTIVATIONS[kind]()
        modules.append(module)
        module.eval()
        shape = list(module(torch.zeros(2, *shape)).shape[1:])
        module.train()
    return nn.Sequential(*modules), shape


def expand(model, image):
    """The list of layers that a model is short for."""
    kind = model["type"]
    if kind == "sequential":
        return model["layers"]
    layers = []
    stages = model.get("channels", []) if kind == "cnn" else []
    for channels in stages:
        kernel = model.get("kernel", 3)
        layers.append({"type": "convolution", "channels": channels, "kernel": kernel,
                       "padding": (kernel - 1) // 2})
        layers += ["batch_norm"] * model.get("batch_norm", False)
        layers += [model.get("activation", "relu"), {"type": "max_pool", "size": 2}]
    layers += ["global_average_pool"] * model.get("global_average", False)
    layers += ["flatten"] * image
    before = None
    for units in model.get("hidden", []):
        stage = [{"type": "linear", "units": units}]
        stage += ["batch_norm"] * (kind == "mlp" and model.get("batch_norm", False))
        stage.append(model.get("activation", "relu"))
        if model.get("residual") and before == units:
            stage = [{"type": "residual", "layers": stage}]
        layers += stage
        before = units
    return layers + [{"type": "linear"}]


MODELS = [
    ("softmax", FLAT, "classes", {"type": "softmax"}),
    ("softmax of images", IMAGE, "classes", {"type": "softmax"}),
] + [
    (f"mlp, {name}", FLAT, "classes", {"type": "mlp", "hidden": [12, 8], "activation": name})
    for name in ACTIVATIONS
] + [
    ("mlp, batch normalization", FLAT, "classes",
     {"type": "mlp", "hidden": [12, 8], "batch_norm": True}),
    ("mlp, residual", FLAT, "classes",
     {"type": "mlp", "hidden": [8, 8, 8], "activation": "tanh", "residual": True}),
    ("cnn", IMAGE, "classes", {"type": "cnn", "channels": [5, 7], "hidden": [9]}),
    ("cnn, gelu, batch normalization, global average", IMAGE, "classes",
     {"type": "cnn", "channels": [4, 6], "hidden": [], "activation": "gelu", "batch_norm": True,
      "global_average": True}),
    ("sequential", IMAGE, "classes", {"type": "sequential", "layers": [
        {"type": "convolution", "channels": 6, "kernel": 3, "stride": 2, "padding": 1}, "silu",
        {"type": "residual", "layers": [
            "batch_norm", "relu",
            {"type": "convolution", "channels": 6, "kernel": 3, "padding": 1}]},
        {"type": "max_pool", "size": 3, "stride": 1, "padding": 1},
        {"type": "average_pool", "size": 2}, "flatten", {"type": "linear", "units": 10}, "tanh",
        "batch_norm", {"type": "linear"}]}),
    ("label smoothing and class weights", FLAT, "classes",
     {"type": "mlp", "hidden": [12], "label_smoothing": 0.1, "class_weights": [1, 2, 0.5]}),
    ("mean squared error", FLAT, "values", {"type": "mlp", "hidden": [12], "activation": "tanh"}),
    ("huber", FLAT, "values",
     {"type": "mlp", "hidden": [12], "activation": "tanh", "loss": "huber", "huber_delta": 0.5}),
]


def feature(row, index):
    """Of row and place in the data's order, an image's channels varying fastest; a multiple of 1/256."""
    return ((row * 331 + index * 173 + row * index * 71) % 997 - 498) / 256


def weight(tensor, index):
    return ((index * 7919 + tensor * 104729) % 1009 - 504) / 2048


def label(row):
    return (row * 7 + row // 5) % CLASSES


def value(row, index):
    return ((row * 5 + index * 3) % 13 - 6) / 4


def run(shape, target, model, dtype):
    count = 1
    for side in shape:
        count *= side
    features = torch.tensor([[feature(r, i) for i in range(count)] for r in range(ROWS)], dtype=dtype)
    if len(shape) == 3:
        features = features.reshape(ROWS, *shape).permute(0, 3, 1, 2).contiguous()
    outputs = CLASSES if target == "classes" else VALUES
    module, _ = sequential(
        expand(model, len(shape) == 3), list(features.shape[1:]), outputs)
    module = module.to(dtype)
    with torch.no_grad():
        for tensor, (name, parameter) in enumerate(module.named_parameters()):
            flat = [weight(tensor, i) for i in range(parameter.numel())]
            parameter.copy_(torch.tensor(flat, dtype=dtype).reshape(parameter.shape))
        for part in module.modules():
            if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d)):
                part.weight += 1
    if target == "classes":
        weights = model.get("class_weights")
        targets = torch.tensor([label(r) for r in range(ROWS)])
        loss_of = nn.CrossEntropyLoss(
            weight=torch.tensor(weights, dtype=dtype) if weights else None,
            label_smoothing=model.get("label_smoothing", 0.0))
    else:
        targets = torch.tensor(
            [[value(r, i) for i in range(VALUES)] for r in range(ROWS)], dtype=dtype)
        delta = model.get("huber_delta")
        loss_of = nn.HuberLoss(delta=delta) if delta else nn.MSELoss()
    optimizer = torch.optim.SGD(module.parameters(), lr=RATE, momentum=0.9)
    losses = []
    for step in range(STEPS):
        place = step * BATCH % ROWS
        loss = loss_of(module(features[place:place + BATCH]), targets[place:place + BATCH])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, [name for name, _ in module.named_parameters()]


def main():
    torch.set_num_threads(1)
    runs = []
    for name, shape, target, model in MODELS:
        single, names = run(shape, target, model, torch.float32)
        double, _ = run(shape, target, model, torch.float64)
        runs.append({
            "name": name, "shape": shape, "target": target, "model": json.dumps(model),
            "parameters": names, "losses": [float(f"{x:.9g}") for x in single],
            "double_losses": [float(f"{x:.12g}") for x in double]})
    print(json.dumps({
        "library": f"torch {torch.__version__}", "rows": ROWS, "batch_size": BATCH, "rate": RATE,
        "classes": CLASSES, "values": VALUES, "runs": runs}).replace('{"name"', '\n{"name"'))


main()
