"""What can go wrong, and what ends a script that is told to stop."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class LehrError(Exception):
    """What keeps a run from starting, in a sentence that says what to do."""


class Refused(LehrError):
    """The server answered with a problem document.

    `status` is the HTTP status, `type` the problem's last path component such as `lease_lost`,
    `errors` names every faulty field.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        self.type = str(problem.get("type", "")).rsplit("/", 1)[-1]
        self.errors = list(problem.get("errors") or [])
        lines = [str(problem.get("detail") or problem.get("title") or f"status {status}")]
        if len(self.errors) > 1:
            lines += [f"  {item.get('pointer')}: {item.get('detail')}" for item in self.errors]
        super().__init__("\n".join(lines))


class Unreachable(LehrError):
    """No answer came, or one that asks for patience."""

    def __init__(self, detail: str, retry_after: Optional[float] = None) -> None:
        self.retry_after = retry_after
        super().__init__(detail)


class Stopped(SystemExit):
    """Ends a script that the server has told to stop, with status 0 where nothing catches it.

    Leaving the `with` block of a run by it goes on behind the block. It is no `Exception`, so that a
    script's own handlers do not swallow it.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(0)

    def __str__(self) -> str:
        return self.reason


class Cancelled(Stopped):
    """The job was cancelled."""


class Paused(Stopped):
    """The job is paused; it goes on from its last checkpoint."""


class Superseded(Stopped):
    """Another run of the script goes on with the job: of two writers the first is fenced out."""
