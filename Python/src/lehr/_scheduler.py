"""Sets an optimizer's rate, with the interface of PyTorch's schedulers."""

from __future__ import annotations

import math
import sys
import warnings
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from ._columns import NO_MOMENTUM
from ._rates import Block

#: What was in force at one update: rate, momentum, whether planned.
Applied = Tuple[float, float, bool]


class Scheduler:
    """Sets the rate of the update to come, by the number of updates that were completed.

    Calling `step` again without an update in between changes nothing, so a scaler's skipped steps and
    a library's multiplied calls do not shift the schedule.
    """

    def __init__(
        self,
        optimizer: Any,
        next_block: Callable[[int], Block],
        applied: Deque[Applied],
        count: int = 0,
        scaler: Any = None,
    ) -> None:
        self.optimizer = optimizer
        self._next_block = next_block
        self._applied = applied
        #: Called with the count at each `step`, where a run wants to stop the script.
        self.attention: Optional[Callable[[], None]] = None
        #: Called with the step of a state that is loaded, before its rate is looked up.
        self.restarted: Optional[Callable[[int], None]] = None
        self._count = count
        self._moved = -1
        self._rates: Any = ()
        self._momenta: Any = None
        self._start = 0
        self._end = 0
        self._planned = False
        self._current: Applied = (0.0, NO_MOMENTUM, False)
        self.skipped_steps = 0
        self._counts_skips = scaler is None and not _is_accelerated(optimizer)
        self.factors = _factors(optimizer.param_groups)
        self._hook = _watch(optimizer, self._completed)
        if scaler is not None:
            self._watch_scaler(scaler)
        self._move()

    # What a training loop calls

    def step(self, *_: Any, **__: Any) -> None:
        """Moves to the rate of the number of completed updates; arguments are ignored."""
        if self.attention is not None:
            self.attention()
        if self._count != self._moved:
            self._move()
        elif self._counts_skips:
            self.skipped_steps += 1

    def get_last_lr(self) -> List[float]:
        """The rate in force of each parameter group."""
        return [self._current[0] * factor for factor in self.factors]

    def state_dict(self) -> Dict[str, Any]:
        """What a checkpoint must hold to go on at the same place."""
        return {
            "step": self._count,
            "factors": list(self.factors),
            "skipped_steps": self.skipped_steps,
        }

    def load_state_dict(self, state: Dict[str, Any]) -> None:
        """Goes on where a checkpoint was taken."""
        count = int(state["step"])
        if count < 0:
            raise ValueError(f"a state has a step of at least 0, not {count}")
        factors = [float(factor) for factor in state.get("factors", self.factors)]
        if len(factors) != len(self.optimizer.param_groups):
            raise ValueError(
                f"the state is of {len(factors)} parameter groups, and the optimizer has"
                f" {len(self.optimizer.param_groups)}"
            )
        self.factors = factors
        self.skipped_steps = int(state.get("skipped_steps", 0))
        if self.restarted is not None:
            self.restarted(count)
        self.restart(count)

    # What a run calls

    @property
    def count(self) -> int:
        """The completed updates."""
        return self._count

    @property
    def last_epoch(self) -> int:
        """The completed updates, by the name that PyTorch's schedulers give them."""
        return self._count

    def restart(self, count: int) -> None:
        """Goes on after `count` updates."""
        self._count = count
        self._end = 0
        self._move()

    def reload(self) -> None:
        """Looks up the rate of the next update again, because what was granted has changed."""
        self._end = 0
        self._move()

    def detach(self) -> None:
        """Leaves the optimizer alone from now on."""
        self._hook()

    # Parts

    def _completed(self) -> None:
        self._applied.append(self._current)
        self._count += 1

    def _move(self) -> None:
        count = self._count
        if not self._start <= count < self._end:
            block = self._next_block(count)
            self._rates, self._momenta = block.rates, block.momenta
            self._start, self._end, self._planned = block.start, block.end, block.planned
        place = count - self._start
        rate = self._rates[place]
        momentum = NO_MOMENTUM if self._momenta is None else self._momenta[place]
        self._moved = count
        self._current = (rate, momentum, self._planned)
        groups = self.optimizer.param_groups
        if len(groups) > len(self.factors):
            self.factors += _factors(groups, self._current[0])[len(self.factors):]
        for group, factor in zip(groups, self.factors):
            value = group.get("lr")
            if type(value) is not float and hasattr(value, "fill_"):
                value.fill_(rate * factor)
            else:
                group["lr"] = rate * factor
        if momentum == momentum:
            _set_momentum(groups, momentum)

    def _watch_scaler(self, scaler: Any) -> None:
        """Counts the updates that a gradient scaler leaves out."""
        original = scaler.step

        def step(optimizer: Any, *args: Any, **kwargs: Any) -> Any:
            before = self._count
            result = original(optimizer, *args, **kwargs)
            if _innermost(optimizer) is _innermost(self.optimizer) and self._count == before:
                self.skipped_steps += 1
            return result

        scaler.step = step


def _innermost(optimizer: Any) -> Any:
    """The optimizer within what libraries wrap around one."""
    seen = 0
    while seen < 8:
        inner = getattr(optimizer, "optimizer", None)
        if inner is None or not hasattr(inner, "param_groups") or not hasattr(inner, "step"):
            return optimizer
        optimizer = inner
        seen += 1
    return optimizer


def _is_accelerated(optimizer: Any) -> bool:
    """Whether a library calls the scheduler more than once an update."""
    return hasattr(optimizer, "step_was_skipped") or "accelerate" in sys.modules


def _factors(groups: List[Dict[str, Any]], first: Optional[float] = None) -> List[float]:
    """Each group's rate over the first group's; 1 where that is 0 or not finite."""
    rates = [_number(group.get("lr", 0.0)) for group in groups]
    base = rates[0] if rates and first is None else first or 0.0
    if base == 0 or not math.isfinite(base):
        return [1.0] * len(rates)
    factors = [rate / base for rate in rates]
    if first is None and factors:
        factors[0] = 1.0
    return factors


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        warnings.warn(f"a parameter group's lr is {value!r}, which is no number", stacklevel=4)
        return 0.0


def _set_momentum(groups: List[Dict[str, Any]], momentum: float) -> None:
    for group in groups:
        if "momentum" in group:
            group["momentum"] = momentum
        elif "betas" in group:
            group["betas"] = (momentum,) + tuple(group["betas"])[1:]


def _watch(optimizer: Any, completed: Callable[[], None]) -> Callable[[], None]:
    """Calls `completed` after each update that was made; the answer ends that."""
    inner = _innermost(optimizer)
    if hasattr(inner, "register_step_post_hook"):

        def after(made: Any, *_: Any) -> None:
            # A scaler tells fused optimizers what it found, and they leave the update out themselves.
            found = getattr(made, "found_inf", None)
            if found is None or not float(found):
                completed()

        handle = inner.register_step_post_hook(after)

        def remove() -> None:
            handle.remove()

        return remove
    original = inner.step

    def step(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        completed()
        return result

    inner.step = step

    def undo() -> None:
        inner.step = original

    return undo
