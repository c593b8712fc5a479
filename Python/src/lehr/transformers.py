"""A callback for Hugging Face's Trainer: `Trainer(…, callbacks=[LehrCallback(run)])`.

The trainer's own scheduler goes on beside it and is overruled after each of its steps. What the trainer
logs is reported under the names that it has there.
"""

from __future__ import annotations

import importlib
from numbers import Number
from typing import Any, Mapping, Optional

from ._run import Run
from ._scheduler import Scheduler


def _base() -> Any:
    try:
        return importlib.import_module("transformers").TrainerCallback
    except ImportError:
        # A class of one's own will do for whoever calls the same methods.
        return object


class LehrCallback(_base()):  # type: ignore[misc]
    """Puts the trainer's optimizer under a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.scheduler: Optional[Scheduler] = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        self.scheduler = self.run.attach(given["optimizer"])
        if state.global_step:
            # The trainer goes on from a checkpoint of its own.
            self.scheduler.load_state_dict({"step": state.global_step})

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        assert self.scheduler is not None
        self.scheduler.step()
        if self.run.stopping is not None:
            control.should_training_stop = True

    def on_log(
        self,
        args: Any,
        state: Any,
        control: Any,
        logs: Optional[Mapping[str, Any]] = None,
        **_: Any,
    ) -> None:
        numbers = {
            name: value
            for name, value in (logs or {}).items()
            if isinstance(value, Number) and name != "learning_rate"
        }
        if numbers:
            self.run.report(step=state.global_step, **numbers)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.run.finish()
