"""Rates from a file, for scripts that run without any server."""

from __future__ import annotations

import json
import os
from array import array
from pathlib import Path
from typing import Any, Dict, List, Optional, Union

from ._columns import decode
from ._errors import LehrError
from ._rates import Block


def is_file(schedule: Any) -> bool:
    """Whether what was given as a schedule names a file rather than a stored schedule."""
    if isinstance(schedule, os.PathLike):
        return True
    return isinstance(schedule, str) and (schedule.endswith(".json") or os.sep in schedule)


def load(path: Union[str, "os.PathLike[str]"]) -> "Union[Block, Dict[str, Any]]":
    """The rates in a file, or the schedule that it describes.

    A file of rates is what `lehr schedule preview --json`, a preview or a job's `/schedule` answers,
    with one rate a step.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise LehrError(f"the schedule {os.fspath(path)} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise LehrError(f"{os.fspath(path)} is not JSON: {error}") from error
    if isinstance(content, list) and len(content) == 1:
        content = content[0]
    if not isinstance(content, dict):
        raise LehrError(f"{os.fspath(path)} holds no schedule and no rates")
    rates = content.get("learning_rates")
    if rates is None:
        return content
    if content.get("steps") is not None and list(content["steps"]) != list(range(len(rates))):
        raise LehrError(
            f"{os.fspath(path)} has rates of some steps alone; preview it without max_points"
        )
    start = int(content.get("from_step") or 0)
    if start:
        raise LehrError(f"{os.fspath(path)} begins at step {start}; it must begin at step 0")
    column = _column(rates, path)
    momenta = content.get("momenta")
    if momenta is not None:
        momenta = _column(momenta, path)
        if len(momenta) != len(column):
            raise LehrError(f"{os.fspath(path)} has {len(momenta)} momenta for {len(column)} rates")
    if not column:
        raise LehrError(f"{os.fspath(path)} has no rates")
    return Block(0, column, momenta, False)


def _column(values: "Union[str, List[Optional[float]]]", path: Any) -> array[float]:
    try:
        return decode(values)
    except (TypeError, ValueError) as error:
        raise LehrError(f"{os.fspath(path)} has a rate that is no number") from error
