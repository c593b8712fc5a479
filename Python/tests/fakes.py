"""Optimizers as scripts have them, without any library."""

from __future__ import annotations

from typing import Any, Callable, Dict, List


class PlainOptimizer:
    """An optimizer with `param_groups` and `step()`, and nothing else."""

    def __init__(self, *groups: Dict[str, Any]) -> None:
        self.param_groups: List[Dict[str, Any]] = list(groups) or [{"lr": 0.1}]
        self.updates = 0

    def step(self) -> None:
        self.updates += 1


class HookedOptimizer(PlainOptimizer):
    """An optimizer with hooks, as PyTorch's have them since 2.0."""

    def __init__(self, *groups: Dict[str, Any]) -> None:
        super().__init__(*groups)
        self.hooks: Dict[int, Callable[..., None]] = {}

    def register_step_post_hook(self, hook: Callable[..., None]) -> "Handle":
        key = len(self.hooks)
        self.hooks[key] = hook
        return Handle(self.hooks, key)

    def step(self) -> None:
        super().step()
        for hook in list(self.hooks.values()):
            hook(self, (), {})


class Handle:
    """What removes a hook."""

    def __init__(self, hooks: Dict[int, Callable[..., None]], key: int) -> None:
        self._hooks, self._key = hooks, key

    def remove(self) -> None:
        self._hooks.pop(self._key, None)


class Scaler:
    """A gradient scaler that leaves out the updates it is told to."""

    def __init__(self, skips: "set[int]") -> None:
        self._skips = skips
        self._calls = 0

    def step(self, optimizer: Any) -> None:
        if self._calls not in self._skips:
            optimizer.step()
        self._calls += 1


class Wrapped:
    """What a library makes of an optimizer: it steps the one within once every few calls."""

    def __init__(self, optimizer: Any, every: int = 1) -> None:
        self.optimizer = optimizer
        self.step_was_skipped = False
        self._every = every
        self._calls = 0

    @property
    def param_groups(self) -> List[Dict[str, Any]]:
        return self.optimizer.param_groups

    def step(self) -> None:
        self._calls += 1
        if self._calls % self._every == 0:
            self.optimizer.step()
