"""A script without PyTorch: plain gradient descent in NumPy.

    LEHR_SERVER=http://127.0.0.1:8080 python Examples/numpy_regression.py

Anything with `param_groups` and `step()` can be attached.
"""

import lehr
import numpy as np


class Descent:
    """Gradient descent with momentum over one array of weights."""

    def __init__(self, weights: np.ndarray) -> None:
        self.param_groups = [{"lr": 0.1, "momentum": 0.9}]
        self.weights = weights
        self.gradient = np.zeros_like(weights)
        self._velocity = np.zeros_like(weights)

    def step(self) -> None:
        group = self.param_groups[0]
        self._velocity = group["momentum"] * self._velocity + self.gradient
        self.weights -= group["lr"] * self._velocity


def main() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(512, 8))
    targets = features @ random.normal(size=8) + 0.01 * random.normal(size=512)
    optimizer = Descent(np.zeros(8))
    with lehr.run(
        name="numpy", schedule={"type": "one_cycle", "learning_rate": 0.05}, steps=200
    ) as run:
        scheduler = run.attach(optimizer)
        for step in range(200):
            rows = random.integers(512, size=64)
            error = features[rows] @ optimizer.weights - targets[rows]
            optimizer.gradient = 2 * features[rows].T @ error / len(rows)
            optimizer.step()
            scheduler.step()
            run.report(step=step, loss=(error**2).mean())
    print(f"job {run.id}: loss {(error ** 2).mean():.5f}")


if __name__ == "__main__":
    main()
