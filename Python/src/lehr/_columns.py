"""Doubles as the protocol carries them: big-endian bytes, in base64 within JSON."""

from __future__ import annotations

import base64
import hashlib
import sys
from array import array
from typing import Iterable, Optional, Sequence, Tuple, Union

#: What stands for a momentum that the schedule leaves to the optimizer.
NO_MOMENTUM = float("nan")


def _big_endian(values: Iterable[float]) -> bytes:
    column = array("d", values)
    if sys.byteorder == "little":
        column.byteswap()
    return column.tobytes()


def encode(values: Iterable[float]) -> str:
    """Some doubles as the text of a JSON string, exact to the bit."""
    return base64.b64encode(_big_endian(values)).decode("ascii")


def decode(text: Union[str, Sequence[Optional[float]]]) -> array[float]:
    """The doubles of a JSON string or of a JSON list, in which null is not a number."""
    if not isinstance(text, str):
        return array("d", (NO_MOMENTUM if value is None else float(value) for value in text))
    column = array("d")
    column.frombytes(base64.b64decode(text, validate=True))
    if sys.byteorder == "little":
        column.byteswap()
    return column


def digest(pairs: Iterable[Tuple[float, float]]) -> str:
    """SHA-256, in hexadecimal, over each applied rate and momentum as big-endian doubles."""
    flat = array("d")
    for pair in pairs:
        flat.extend(pair)
    return hashlib.sha256(_big_endian(flat)).hexdigest()
