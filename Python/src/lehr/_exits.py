"""Tells the server how a script ended that does not say so itself."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import traceback
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Any, Dict, Optional, Type

if TYPE_CHECKING:
    from ._run import Run

_runs: "weakref.WeakSet[Run]" = weakref.WeakSet()
_uncaught: Optional[BaseException] = None
_installed = False


def register(run: "Run") -> None:
    """Ends a run when the script ends, unless it has ended before."""
    global _installed
    _runs.add(run)
    if _installed or threading.current_thread() is not threading.main_thread():
        return
    _installed = True
    pid = os.getpid()
    before = sys.excepthook

    def hook(
        kind: Type[BaseException], error: BaseException, trace: Optional[TracebackType]
    ) -> Any:
        global _uncaught
        _uncaught = error
        return before(kind, error, trace)

    def at_exit() -> None:
        if os.getpid() != pid:
            return
        for run in list(_runs):
            if _uncaught is not None:
                run.fail(_uncaught)
            else:
                run.finish()

    sys.excepthook = hook
    atexit.register(at_exit)


def failure(error: BaseException) -> Dict[str, Any]:
    """How the protocol tells of an exception that ended a script."""
    code, detail = "nonzero_exit", f"the script raised {type(error).__name__}"
    if isinstance(error, SystemExit):
        detail = f"the script exited with {error.code!r}"
    elif isinstance(error, KeyboardInterrupt):
        code, detail = "signal", "the script was interrupted from its keyboard"
    else:
        if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
            code = "out_of_memory"
        text = str(error)
        if text:
            detail += f": {text}"
        frames = traceback.extract_tb(error.__traceback__)
        if frames:
            detail += f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})"
    line = "".join(letter if letter.isprintable() else " " for letter in detail)
    return {"code": code, "detail": line[:2_000], "permanent": True}
