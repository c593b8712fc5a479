"""What becomes of reports: their bodies, what is left out, what is kept on disk."""

from __future__ import annotations

import json
import math
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, List
from unittest import mock

from lehr import _columns, _outbox
from lehr._outbox import Outbox
from lehr._reports import REPORT_STEPS, Ledger

NAN = float("nan")


def bodies(ledger: Ledger, holds: bool = False) -> List[Dict[str, Any]]:
    return [json.loads(body) for body in ledger.bodies(holds)]


class ColumnTests(unittest.TestCase):
    def test_doubles_keep_every_bit(self) -> None:
        values = [0.1, -0.0, 5e-324, math.inf, NAN, 1 / 3]
        back = list(_columns.decode(_columns.encode(values)))
        self.assertEqual(str(back), str(values))

    def test_the_digest_is_that_of_the_protocol(self) -> None:
        # 0.1 and 0.9 as big-endian doubles: 3fb999999999999a 3feccccccccccccd
        self.assertEqual(
            _columns.digest([(0.1, 0.9)]),
            __import__("hashlib")
            .sha256(bytes.fromhex("3fb999999999999a3feccccccccccccd"))
            .hexdigest(),
        )
        self.assertEqual(_columns.digest([])[:8], "e3b0c442")

    def test_null_in_a_list_is_not_a_number(self) -> None:
        self.assertTrue(math.isnan(_columns.decode([None])[0]))  # type: ignore[list-item]


class LedgerTests(unittest.TestCase):
    def setUp(self) -> None:
        self.ledger = Ledger(3, 10, lambda: 2.5)

    def test_a_report_goes_on_where_the_last_one_ended(self) -> None:
        for steps in (2, 3):
            self.ledger.applied.extend([(0.5, NAN, False)] * steps)
            made = bodies(self.ledger)
        self.assertEqual(
            (made[0]["sequence"], made[0]["from_step"], made[0]["to_step"], made[0]["fence"]),
            (2, 12, 15, 3),
        )

    def test_granted_and_planned_steps_are_never_in_one_report(self) -> None:
        self.ledger.applied.extend(
            [(0.5, NAN, False)] * 2 + [(0.5, NAN, True)] * 3 + [(0.5, NAN, False)]
        )
        made = bodies(self.ledger)
        self.assertEqual([body.get("planned", False) for body in made], [False, True, False])
        self.assertEqual([body["to_step"] for body in made], [12, 15, 16])

    def test_many_steps_make_several_reports(self) -> None:
        self.ledger.applied.extend([(0.5, NAN, False)] * (REPORT_STEPS + 1))
        self.assertEqual([b["to_step"] - b["from_step"] for b in bodies(self.ledger)], [4096, 1])

    def test_metrics_keep_their_names_and_steps(self) -> None:
        self.ledger.points.append((3, {"loss": 0.5, "val/acc @ top 1": 1}))
        self.ledger.points.append((4, {"loss": 0.25}))
        series = {column["name"]: column for column in bodies(self.ledger)[0]["series"]}
        self.assertEqual(series["loss"]["steps"], [3, 4])
        self.assertEqual(list(_columns.decode(series["loss"]["values"])), [0.5, 0.25])
        self.assertEqual(series["val/acc @ top 1"]["steps"], [3])

    def test_very_many_metrics_come_in_several_reports(self) -> None:
        self.ledger.applied.extend([(0.5, NAN, False)] * 3)
        self.ledger.points.append((3, {f"layer {place}": float(place) for place in range(1_201)}))
        made = bodies(self.ledger, holds=True)
        self.assertEqual(
            [(body["from_step"], body["to_step"], body["holds"]) for body in made],
            [(10, 13, True), (13, 13, True), (13, 13, True)],
        )
        self.assertTrue(all(len(body["series"]) < 1_000 for body in made))
        names = [column["name"] for body in made for column in body["series"]]
        self.assertEqual(len(set(names)), 1_203)
        self.assertEqual(len(names), len(set(names)))

    def test_what_cannot_be_a_metric_is_left_out_and_told_once(self) -> None:
        for step, metrics in [
            (3, {"loss": 0.5}),
            (3, {"loss": 0.25}),
            (1, {"loss": 0.125}),
            (4, {"loss": "high", "": 1.0, "learning_rate": 0.1}),
            (-1, {"loss": 1.0}),
            (1.5, {"loss": 1.0}),
        ]:
            self.ledger.points.append((step, metrics))  # type: ignore[arg-type]
        made = bodies(self.ledger)
        column = made[0]["series"][0]
        self.assertEqual((column["name"], column["steps"]), ("loss", [3]))
        lines = [line for body in made + bodies(self.ledger) for line in body.get("log_lines", [])]
        self.assertEqual(len(lines), 5, lines)
        self.assertIn("steps only go forward", lines[0])

    def test_a_value_that_is_not_finite_is_kept_and_told(self) -> None:
        self.ledger.points.append((3, {"loss": NAN}))
        made = bodies(self.ledger)
        self.assertTrue(math.isnan(_columns.decode(made[0]["series"][0]["values"])[0]))
        self.assertEqual(made[0]["log_lines"], ["loss is not finite at step 3"])

    def test_momenta_are_told_where_the_schedule_moves_them(self) -> None:
        self.ledger.applied.extend([(0.5, 0.9, False), (0.5, NAN, False)])
        names = [column["name"] for column in bodies(self.ledger)[0]["series"]]
        self.assertIn("momentum", names)

    def test_steps_follow_the_metrics_where_no_optimizer_is_attached(self) -> None:
        self.ledger.start(0, follows_points=True)
        self.ledger.points.append((40, {"loss": 1.0}))
        body = bodies(self.ledger)[0]
        self.assertEqual((body["from_step"], body["to_step"]), (0, 40))

    def test_a_report_that_holds_says_so_once(self) -> None:
        self.ledger.applied.extend([(0.5, NAN, True), (0.5, NAN, False)])
        made = bodies(self.ledger, holds=True)
        self.assertEqual([body.get("holds", False) for body in made], [False, True])


class OutboxTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "deep" / "job.jsonl"
        self.outbox = Outbox(self.path, {"lease": "l"})
        self.addCleanup(self.outbox.close)

    def drain(self) -> List[bytes]:
        found = []
        while True:
            body = self.outbox.first()
            if body is None:
                return found
            found.append(body)
            self.outbox.pop()

    def test_nothing_is_written_while_the_server_answers(self) -> None:
        self.outbox.append(b"1")
        self.assertEqual(self.drain(), [b"1"])
        self.assertFalse(self.path.exists())

    def test_everything_is_on_disk_once_the_server_is_missed(self) -> None:
        self.outbox.append(b"1")
        self.outbox.keep_on_disk()
        self.outbox.append(b"2")
        header, lines = _outbox.read(self.path)
        self.assertEqual((header["lease"], list(lines)), ("l", [b"1", b"2"]))

    def test_what_memory_does_not_hold_comes_back_in_order(self) -> None:
        expected = [b"%d" % number * 100 for number in range(200)]
        with mock.patch.object(Outbox, "MEMORY_BYTES", 1_000):
            self.outbox.append(expected[0])
            self.outbox.keep_on_disk()
            for body in expected[1:150]:
                self.outbox.append(body)
            found = [self.outbox.first()]
            self.outbox.pop()
            for body in expected[150:]:
                self.outbox.append(body)
            self.assertEqual(len(self.outbox), 199)
            self.assertEqual(found + self.drain(), expected)
        self.assertFalse(self.path.exists())

    def test_a_disk_that_is_full_loses_nothing(self) -> None:
        with mock.patch.object(Outbox, "MEMORY_BYTES", 10):
            self.outbox.keep_on_disk()
            expected = [b"%03d" % number for number in range(20)]
            for body in expected[:15]:
                self.outbox.append(body)

            class Full:
                def __init__(self, file: Any) -> None:
                    self._file = file

                def write(self, data: bytes) -> int:
                    raise OSError(28, "No space left on device")

                def __getattr__(self, name: str) -> Any:
                    return getattr(self._file, name)

            self.outbox._file = Full(self.outbox._file)
            for body in expected[15:]:
                self.outbox.append(body)
            self.assertIn("No space left on device", str(self.outbox.fault))
            self.assertEqual(self.drain(), expected)

    def test_a_folder_that_cannot_be_written_leaves_the_memory(self) -> None:
        self.path.parent.write_text("a file in place of the folder")
        self.outbox.append(b"1")
        self.outbox.keep_on_disk()
        self.outbox.append(b"2")
        self.assertIsNotNone(self.outbox.fault)
        self.assertEqual(self.drain(), [b"1", b"2"])

    def test_a_line_that_was_cut_off_is_passed_over(self) -> None:
        self.outbox.append(b"1")
        self.outbox.keep_on_disk()
        with self.path.open("ab") as file:
            file.write(b"half of a li")
        self.assertEqual(list(_outbox.read(self.path)[1]), [b"1"])


if __name__ == "__main__":
    unittest.main()
