"""A Lightning callback: `Trainer(callbacks=[LehrCallback(run)])`.

Leave schedulers out of `configure_optimizers`; with `automatic_optimization` nothing else changes.
"""

from __future__ import annotations

import importlib
from typing import Any, Dict, Mapping, Optional

from ._run import Run
from ._scheduler import Scheduler


def _base() -> Any:
    for name in ("lightning.pytorch.callbacks", "pytorch_lightning.callbacks"):
        try:
            return importlib.import_module(name).Callback
        except ImportError:
            continue
    # A class of one's own will do for whoever calls the same methods.
    return object


class LehrCallback(_base()):  # type: ignore[misc]
    """Puts the trainer's first optimizer under a run, and reports what the trainer logs."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
        self.scheduler: Optional[Scheduler] = None
        self._state: Optional[Dict[str, Any]] = None

    def on_train_start(self, trainer: Any, module: Any) -> None:
        self.scheduler = self.run.attach(trainer.optimizers[0])
        if self._state is not None:
            self.scheduler.load_state_dict(self._state)

    def on_train_batch_end(
        self, trainer: Any, module: Any, outputs: Any, batch: Any, index: int, *_: Any
    ) -> None:
        assert self.scheduler is not None
        self.scheduler.step()
        loss = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
        if loss is not None:
            self.run.report(loss=loss)
        if self.run.stopping is not None:
            trainer.should_stop = True

    def on_validation_end(self, trainer: Any, module: Any) -> None:
        if not getattr(trainer, "sanity_checking", False):
            self.run.report(**{str(name): value for name, value in trainer.callback_metrics.items()})

    def on_fit_end(self, trainer: Any, module: Any) -> None:
        self.run.finish()

    def on_exception(self, trainer: Any, module: Any, exception: BaseException) -> None:
        self.run.fail(exception)

    def state_dict(self) -> Dict[str, Any]:
        return {} if self.scheduler is None else self.scheduler.state_dict()

    def load_state_dict(self, state_dict: Dict[str, Any]) -> None:
        self._state = state_dict or None
