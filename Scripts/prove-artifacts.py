#!/usr/bin/env python3
"""Proves that the models which jobs leave give the same predictions elsewhere.

Submits jobs to a running server, fetches what they leave, and compares, on the test rows:
  - PyTorch with model.py and model.safetensors,
  - ONNX Runtime with model.onnx,
with each other (largest difference of the outputs) and with the accuracy and loss that the job says it
reached. Fails where outputs differ by more than 1e-5 of the largest, the loss by more than 1e-5 or the
accuracy at all.

Needs torch (2.13), numpy and onnxruntime; the rows of fashion-mnist are read from Debian's package
dataset-fashion-mnist, those with values are made here and stored as the dataset prove-values.

    lehrd serve --listen 127.0.0.1:8080 &
    python Scripts/prove-artifacts.py http://127.0.0.1:8080
"""

import gzip
import importlib.util
import io
import json
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import onnxruntime
import torch

IDX = Path("/usr/share/datasets/fashion-mnist")
EVERY_LAYER = [
    {"type": "convolution", "channels": 8, "kernel": 5, "stride": 2, "padding": 2},
    {"type": "batch_norm"}, "silu",
    {"type": "residual", "layers": [
        {"type": "convolution", "channels": 8, "kernel": 3, "padding": 1, "bias": False},
        {"type": "batch_norm", "momentum": 0.2, "eps": 0.001}, "gelu"]},
    {"type": "max_pool", "size": 3, "stride": 2, "padding": 1},
    {"type": "convolution", "channels": 12, "kernel": 2}, "tanh",
    {"type": "average_pool", "size": 2, "stride": 1, "padding": 1},
    {"type": "dropout", "rate": 0.1}, "global_average_pool", "flatten",
    {"type": "linear", "units": 20}, "relu", {"type": "linear"},
]
CLASSES = {
    "softmax": {"type": "softmax"},
    "mlp": {"type": "mlp", "hidden": [256, 128]},
    "mlp, gelu, batch norm, dropout": {
        "type": "mlp", "hidden": [64, 64], "activation": "gelu", "batch_norm": True, "dropout": 0.1,
    },
    "mlp, silu, residual": {
        "type": "mlp", "hidden": [64, 64, 64], "activation": "silu", "residual": True,
    },
    "mlp, tanh": {"type": "mlp", "hidden": [64], "activation": "tanh"},
    "cnn": {"type": "cnn", "channels": [8, 16], "hidden": [32]},
    "cnn, batch norm, tanh, global average": {
        "type": "cnn", "channels": [8, 16], "batch_norm": True, "activation": "tanh",
        "global_average": True, "hidden": [],
    },
    "sequential, every layer": {"type": "sequential", "layers": EVERY_LAYER},
}
VALUES = {
    "linear regression": {"type": "softmax"},
    "mlp, mean squared error": {"type": "mlp", "hidden": [32, 32], "activation": "gelu"},
    "mlp, huber, residual": {
        "type": "mlp", "hidden": [32, 32], "residual": True, "loss": "huber", "huber_delta": 0.5,
    },
}


def call(server, path, body=None, method=None):
    request = urllib.request.Request(server + path, method=method)
    if isinstance(body, bytes):
        request.data = body
    elif body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def idx(name, width):
    for path in (IDX / name, IDX / f"{name}.gz"):
        if path.exists():
            data = path.read_bytes()
            if path.suffix == ".gz":
                data = gzip.decompress(data)
            return np.frombuffer(data, np.uint8, offset=16 if width > 1 else 8)
    sys.exit(f"{IDX}/{name} is missing: install dataset-fashion-mnist")


def store_values(server):
    """Stores rows with two values to predict, and returns those of the split test."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(3_000, 6)) * [1, 20, 0.01, 3, 1, 1] + [0, 100, 0, -5, 1, 2]
    y = np.stack([np.sin(x[:, 0]) + x[:, 1] / 50, x[:, 3] * x[:, 4] / 5], 1)
    x, y = x.astype(np.float32), y.astype(np.float32)
    file = io.BytesIO()
    np.savez(file, x_train=x[:2_500], y_train=y[:2_500], x_test=x[2_500:], y_test=y[2_500:])
    call(server, "/v1/datasets/prove-values", file.getvalue(), "PUT")
    return x[2_500:], y[2_500:]


def loss_of(outputs, truth, model):
    outputs = outputs.double()
    if truth.dtype == torch.int64:
        return float(torch.nn.functional.cross_entropy(outputs, truth))
    if model.get("loss") == "huber":
        return float(torch.nn.functional.huber_loss(
            outputs, truth.double(), delta=model["huber_delta"]))
    return float(torch.nn.functional.mse_loss(outputs, truth.double()))


def accuracy_of(outputs, truth):
    if truth.dtype != torch.int64:
        return None
    return int((torch.as_tensor(outputs).argmax(1) == truth).sum()) / len(truth)


def run(server, dataset, model):
    """Trains a model, and returns the job once it has ended."""
    submitted = json.loads(call(server, "/v1/jobs", {
        "dataset": {"name": dataset}, "model": model, "epochs": 1 if dataset[0] == "f" else 5,
        "optimizer": {"type": "sgd"}, "schedule": {"learning_rate": 0.02},
    }))
    while True:
        read = json.loads(call(server, f"/v1/jobs/{submitted['id']}"))
        if read["state"] in ("succeeded", "failed", "cancelled"):
            return read
        time.sleep(0.2)


def prove(server, dataset, features, truth, model):
    """Whether all programs agree on a model, and a sentence on how far."""
    job = run(server, dataset, model)
    if job["state"] != "succeeded":
        return False, f"{job['state']}: {job['failure']}"
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for file in ("model.safetensors", "best.safetensors", "model.py", "model.onnx"):
            content = call(server, f"/v1/jobs/{job['id']}/artifacts/{file}")
            (folder / file).write_bytes(content)
        spec = importlib.util.spec_from_file_location("left_model", folder / "model.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        with torch.no_grad():
            ours = module.load()(features)
            best = module.load("best.safetensors")(features)
        session = onnxruntime.InferenceSession(folder / "model.onnx")
        graph = session.run(None, {"features": features})[0]
    summary = job["summary"]
    gap = float(np.abs(ours.numpy() - graph).max()) / max(1.0, float(np.abs(graph).max()))
    loss_gap = abs(loss_of(ours, truth, model) - summary["test_loss"])
    best_gap = abs(loss_of(best, truth, model) - summary["best"]["test_loss"])
    accuracies = [accuracy_of(outputs, truth) for outputs in (ours, graph)]
    good = (
        gap <= 1e-5 and max(loss_gap, best_gap) <= 1e-5 * max(1, summary["test_loss"])
        and accuracies == [summary.get("test_accuracy")] * 2
        and accuracy_of(best, truth) == summary["best"].get("test_accuracy")
    )
    return good, (
        f"outputs differ by {gap:.1e}, losses by {loss_gap:.1e} and {best_gap:.1e}; accuracy"
        f" {accuracies[0]} torch, {accuracies[1]} onnxruntime, {summary.get('test_accuracy')} job")


def main(server):
    images = idx("t10k-images-idx3-ubyte", 784).reshape(-1, 1, 28, 28).astype(np.float32)
    labels = torch.from_numpy(idx("t10k-labels-idx1-ubyte", 1).astype(np.int64))
    x, y = store_values(server)
    cases = [("fashion-mnist", images, labels, *case) for case in CLASSES.items()]
    cases += [("prove-values", x, torch.from_numpy(y), *case) for case in VALUES.items()]
    print(f"torch {torch.__version__}, onnxruntime {onnxruntime.__version__}")
    failed = False
    for dataset, features, truth, name, model in cases:
        try:
            good, found = prove(server, dataset, features, truth, model)
        except urllib.error.HTTPError as error:
            good, found = False, f"not accepted: {error.read().decode()[:300]}"
        failed = failed or not good
        print(f"{name}: {found}: {'same' if good else 'NOT THE SAME'}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")
