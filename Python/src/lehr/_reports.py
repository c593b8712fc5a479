"""Turns what the training thread has noted into the bodies of reports."""

from __future__ import annotations

import json
import math
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Optional, Tuple

from ._columns import digest, encode
from ._scheduler import Applied

#: Names under which Lehr itself keeps what was applied.
RESERVED = frozenset(["learning_rate", "momentum", "planned", "seconds"])
#: The most updates of one report, and the most metrics.
REPORT_STEPS, REPORT_SERIES = 4_096, 500
#: The most lines for the log in one report, and the most characters of one.
LOG_LINES, LOG_LINE = 100, 2_000

#: A step, and the metrics there as the script gave them.
Point = Tuple[int, Dict[str, Any]]


class Ledger:
    """What was applied and measured and is not yet on its way.

    The training thread only appends to two queues; everything else is the reporting thread's.
    """

    def __init__(self, fence: int, from_step: int, seconds: Callable[[], float]) -> None:
        self.fence = fence
        self.applied: Deque[Applied] = deque()
        self.points: Deque[Point] = deque()
        self.lines: Deque[str] = deque()
        self._from = from_step
        self._sequence = 0
        self._seconds = seconds
        self._last_steps: Dict[str, int] = {}
        self._told: Dict[str, bool] = {}
        #: The last value of each series, and whether it was finite.
        self.last_values: Dict[str, float] = {}
        #: Whether steps count by what is reported, because no optimizer is attached.
        self.follows_points = False

    def start(self, from_step: int, follows_points: bool) -> None:
        """Begins with the reports, the first of which is of `from_step`."""
        self._from = from_step
        self.follows_points = follows_points

    @property
    def has_news(self) -> bool:
        """Whether there is something to report."""
        return bool(self.applied or self.points or self.lines)

    @property
    def through(self) -> int:
        """The first step of which no report speaks."""
        return self._from

    def say(self, line: str, once: Optional[str] = None) -> None:
        """Adds a line for the job's log; with `once` only the first of that kind."""
        if once is not None:
            if once in self._told:
                return
            self._told[once] = True
        text = "".join(letter if letter == "\t" or letter.isprintable() else " " for letter in line)
        self.lines.append(text[:LOG_LINE])

    def bodies(self, holds: bool = False) -> List[bytes]:
        """The bodies of the reports of all that is there, in order.

        Each is of steps that were either all granted or all planned.
        """
        points = [self.points.popleft() for _ in range(len(self.points))]
        applied = [self.applied.popleft() for _ in range(len(self.applied))]
        parts = _parts(applied)
        series = self._series(points)
        if not parts:
            parts = [[]]
        # The metrics come with the last updates; of very many, the rest comes in reports of its own.
        columns = [series[at : at + REPORT_SERIES] for at in range(0, len(series), REPORT_SERIES)]
        groups: List[List[Dict[str, Any]]] = [[] for _ in parts]
        groups[-1:] = columns or [[]]
        last = len(parts) - 1
        parts += [[] for _ in groups[len(parts) :]]
        made: List[bytes] = []
        for place, (part, group) in enumerate(zip(parts, groups)):
            is_last = place >= last
            lines = [self.lines.popleft() for _ in range(min(LOG_LINES, len(self.lines)))]
            if not (part or lines or group or is_last and (holds or not made)):
                continue
            made.append(self._body(part, group, lines, holds and is_last))
        return made

    def _body(
        self,
        part: List[Applied],
        series: List[Dict[str, Any]],
        lines: List[str],
        holds: bool,
    ) -> bytes:
        start = self._from
        end = start + len(part)
        if self.follows_points and not part:
            end = max([start] + [column["steps"][-1] for column in series])
        self._sequence += 1
        self._from = end
        seconds = self._seconds()
        columns = list(series)
        if part:
            columns.append(
                {"name": "learning_rate", "values": encode(rate for rate, _, _ in part)}
            )
            if any(momentum == momentum for _, momentum, _ in part):
                columns.append({"name": "momentum", "values": encode(m for _, m, _ in part)})
        if end > start:
            columns.append({"name": "seconds", "steps": [end], "values": encode([seconds])})
        body: Dict[str, Any] = {
            "fence": self.fence,
            "sequence": self._sequence,
            "from_step": start,
            "to_step": end,
            "series": columns,
            "update_seconds": seconds,
            "seconds": seconds,
            "applied_digest": digest((rate, momentum) for rate, momentum, _ in part),
        }
        if part and part[0][2]:
            body["planned"] = True
        if holds:
            body["holds"] = True
        if lines:
            body["log_lines"] = lines
        return json.dumps(body).encode()

    def _series(self, points: List[Point]) -> List[Dict[str, Any]]:
        columns: Dict[str, Tuple[List[int], List[float]]] = {}
        for step, values in points:
            if not self._is_step(step):
                continue
            for name, given in values.items():
                value = self._value(name, given, step)
                if value is None:
                    continue
                last = self._last_steps.get(name, -1)
                if step <= last:
                    self.say(
                        f"{name} at step {step} was left out: it was reported at step {last}"
                        " already, and steps only go forward",
                        once=f"backwards {name}",
                    )
                    continue
                self._last_steps[name] = step
                self.last_values[name] = value
                steps, column = columns.setdefault(name, ([], []))
                steps.append(step)
                column.append(value)
        return [
            {"name": name, "steps": steps, "values": encode(values)}
            for name, (steps, values) in columns.items()
        ]

    def _is_step(self, step: Any) -> bool:
        try:
            if 0 <= step.__index__() <= 1_000_000_000:
                return True
        except (AttributeError, TypeError):
            pass
        self.say(
            f"a report was left out: its step is {str(step)[:100]}, and must be a whole number from 0",
            once="step",
        )
        return False

    def _value(self, name: str, given: Any, step: int) -> Optional[float]:
        if name in RESERVED:
            self.say(f"{name} was left out: Lehr records it itself", once=f"reserved {name}")
            return None
        if not 1 <= len(name) <= 100 or not name.isprintable():
            self.say(
                f"{name[:100]!r} was left out: a name has 1 to 100 printable characters",
                once=f"name {name[:100]}",
            )
            return None
        try:
            value = float(given)
        except (TypeError, ValueError):
            self.say(
                f"{name} at step {step} was left out: {type(given).__name__} is no number",
                once=f"type {name}",
            )
            return None
        if not math.isfinite(value):
            self.say(f"{name} is not finite at step {step}", once=f"finite {name}")
        return value


def _parts(applied: List[Applied]) -> List[List[Applied]]:
    """The updates in runs that were all granted or all planned, each fit for one report."""
    parts: List[List[Applied]] = []
    for item in applied:
        if not parts or len(parts[-1]) >= REPORT_STEPS or parts[-1][-1][2] != item[2]:
            parts.append([])
        parts[-1].append(item)
    return parts


def stopwatch() -> Callable[[], float]:
    """The seconds since now."""
    began = time.monotonic()
    return lambda: time.monotonic() - began
