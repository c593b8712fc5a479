#!/usr/bin/env python3
"""Proves that the models which jobs leave give the same predictions elsewhere.

Submits jobs to a running server, fetches what they leave, and compares, on the test rows:
  - PyTorch with model.py and model.safetensors,
  - ONNX Runtime with model.onnx,
with each other (largest difference of the outputs) and with the accuracy and loss that the job says it
reached. Fails where outputs differ by more than 1e-5 or the accuracy differs at all.

Needs torch (2.13), numpy and onnxruntime; the rows of fashion-mnist are read from Debian's package
dataset-fashion-mnist.

    lehrd serve --listen 127.0.0.1:8080 &
    python Scripts/prove-artifacts.py http://127.0.0.1:8080
"""

import gzip
import importlib.util
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
MODELS = {
    "softmax": {"type": "softmax"},
    "mlp": {"type": "mlp", "hidden": [256, 128]},
    "mlp, gelu, batch norm, dropout": {
        "type": "mlp", "hidden": [64, 64], "activation": "gelu", "batch_norm": True, "dropout": 0.1,
    },
    "mlp, silu, residual": {
        "type": "mlp", "hidden": [64, 64, 64], "activation": "silu", "residual": True,
    },
    "cnn": {"type": "cnn", "channels": [8, 16], "hidden": [32]},
    "cnn, batch norm, tanh, global average": {
        "type": "cnn", "channels": [8, 16], "batch_norm": True, "activation": "tanh",
        "global_average": True, "hidden": [],
    },
}


def call(server, path, body=None):
    request = urllib.request.Request(server + path)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def rows(name, width):
    for path in (IDX / name, IDX / f"{name}.gz"):
        if path.exists():
            data = path.read_bytes()
            if path.suffix == ".gz":
                data = gzip.decompress(data)
            return np.frombuffer(data, np.uint8, offset=16 if width > 1 else 8)
    sys.exit(f"{IDX}/{name} is missing: install dataset-fashion-mnist")


def main(server):
    images = rows("t10k-images-idx3-ubyte", 784).reshape(-1, 1, 28, 28).astype(np.float32)
    labels = rows("t10k-labels-idx1-ubyte", 1)
    failed = False
    print(f"torch {torch.__version__}, onnxruntime {onnxruntime.__version__}")
    for name, model in MODELS.items():
        job = {
            "dataset": {"name": "fashion-mnist"}, "model": model, "epochs": 1,
            "optimizer": {"type": "sgd"}, "schedule": {"learning_rate": 0.02},
        }
        try:
            submitted = json.loads(call(server, "/v1/jobs", job))
        except urllib.error.HTTPError as error:
            print(f"{name}: not accepted: {error.read().decode()[:200]}")
            failed = True
            continue
        while True:
            read = json.loads(call(server, f"/v1/jobs/{submitted['id']}"))
            if read["state"] in ("succeeded", "failed", "cancelled"):
                break
            time.sleep(0.2)
        if read["state"] != "succeeded":
            print(f"{name}: {read['state']}: {read['failure']}")
            failed = True
            continue
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            for file in ("model.safetensors", "best.safetensors", "model.py", "model.onnx"):
                content = call(server, f"/v1/jobs/{submitted['id']}/artifacts/{file}")
                (folder / file).write_bytes(content)
            spec = importlib.util.spec_from_file_location("left_model", folder / "model.py")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            with torch.no_grad():
                ours = module.load()(images)
                best = module.load("best.safetensors")(images)
            session = onnxruntime.InferenceSession(folder / "model.onnx")
            graph = session.run(None, {"features": images})[0]
        gap = float(np.abs(ours.numpy() - graph).max())
        truth = torch.from_numpy(labels.astype(np.int64))
        loss = float(torch.nn.functional.cross_entropy(ours.double(), truth))
        accuracy = int((ours.argmax(1) == truth).sum()) / len(labels)
        onnx_accuracy = int((graph.argmax(1) == labels).sum()) / len(labels)
        best_accuracy = int((best.argmax(1) == truth).sum()) / len(labels)
        summary = read["summary"]
        scale = max(1.0, float(np.abs(graph).max()))
        good = (
            gap <= 1e-5 * scale and abs(loss - summary["test_loss"]) <= 1e-5
            and accuracy == onnx_accuracy == summary["test_accuracy"]
            and best_accuracy == summary["best"]["test_accuracy"]
        )
        failed = failed or not good
        print(
            f"{name}: outputs differ by {gap:.1e}, loss by {abs(loss - summary['test_loss']):.1e};"
            f" accuracy {accuracy} torch, {onnx_accuracy} onnxruntime,"
            f" {summary['test_accuracy']} job: {'same' if good else 'NOT THE SAME'}"
        )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")
