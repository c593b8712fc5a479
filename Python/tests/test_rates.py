"""Which rates hold: granted ones, or the plan's."""

from __future__ import annotations

import threading
import unittest
from array import array
from typing import Optional

from lehr._rates import Block, RateBook


def block(start: int, end: int, planned: bool = False, offset: float = 0.0) -> Block:
    return Block(start, array("d", [step + offset for step in range(start, end)]), None, planned)


class RateBookTests(unittest.TestCase):
    def test_grants_in_a_row_are_one_block(self) -> None:
        book = RateBook()
        book.grant(block(0, 4))
        book.grant(block(4, 8))
        found = book.block(2)
        self.assertEqual((found.start, list(found.rates)), (2, [2, 3, 4, 5, 6, 7]))
        self.assertFalse(found.planned)

    def test_a_later_grant_takes_the_place_of_an_earlier_one(self) -> None:
        book = RateBook()
        book.grant(block(0, 8))
        book.revoke(4)
        book.grant(block(4, 8, offset=100.0))
        self.assertEqual(list(book.block(2).rates), [2, 3, 104, 105, 106, 107])

    def test_the_plan_holds_only_where_the_server_is_missed(self) -> None:
        book = RateBook(patience=0.0)
        book.plan([block(0, 1_000)])
        book.grant(block(0, 8))
        self.assertFalse(book.block(7).planned)
        book.set_healthy(False)
        found = book.block(8)
        self.assertEqual((found.planned, found.start, found.rates[0]), (True, 8, 8.0))
        self.assertLessEqual(len(found.rates), RateBook.PLANNED_STEPS)

    def test_a_grant_that_comes_is_waited_for(self) -> None:
        book = RateBook(patience=60.0)
        book.plan([block(0, 100)])
        asked = threading.Event()
        book.wanted = asked.set

        def answer() -> None:
            asked.wait()
            book.grant(block(0, 4))

        thread = threading.Thread(target=answer)
        thread.start()
        found = book.block(0)
        thread.join()
        self.assertFalse(found.planned)

    def test_a_server_that_is_missed_meanwhile_is_not_waited_for(self) -> None:
        book = RateBook(patience=60.0)
        book.plan([block(0, 100)])
        book.wanted = lambda: threading.Thread(target=book.set_healthy, args=(False,)).start()
        self.assertTrue(book.block(0).planned)

    def test_a_server_that_is_slow_is_waited_for_once(self) -> None:
        book = RateBook(patience=0.0)
        book.plan([block(0, 100)])
        asked = []
        book.wanted = lambda: asked.append(1)
        book.block(0)
        book.block(10)
        self.assertEqual(len(asked), 1)

    def test_the_last_rate_holds_past_all_that_is_known(self) -> None:
        book = RateBook()
        book.offline = True
        book.plan([block(0, 4)])
        found = book.block(9)
        self.assertEqual((found.start, found.rates[0], found.planned), (9, 3.0, False))

    def test_nothing_is_waited_for_at_the_end_of_the_run(self) -> None:
        book = RateBook(patience=60.0)
        book.total = 4
        book.grant(block(0, 4))
        book.block(0)
        self.assertEqual(book.block(4).rates[0], 3.0)

    def test_momenta_follow_the_steps(self) -> None:
        book = RateBook()
        book.grant(block(0, 2))
        book.grant(Block(2, array("d", [2.0, 3.0]), array("d", [0.9, 0.8]), False))
        found: Optional[array] = book.block(1).momenta
        assert found is not None
        self.assertEqual(list(found)[1:], [0.9, 0.8])
        self.assertNotEqual(found[0], found[0])


if __name__ == "__main__":
    unittest.main()
