"""The scheduler: whose rate is set when."""

from __future__ import annotations

import unittest
from array import array
from collections import deque
from typing import Any, Optional

from lehr._rates import Block
from lehr._scheduler import Scheduler

from .fakes import HookedOptimizer, PlainOptimizer, Scaler, Wrapped

RATES = array("d", [1.0 / (step + 1) for step in range(100)])


def scheduler(optimizer: Any, momenta: Optional[array] = None, **options: Any) -> Scheduler:
    def block(step: int) -> Block:
        return Block(0, RATES, momenta, False)

    return Scheduler(optimizer, block, deque(), **options)


class SchedulerTests(unittest.TestCase):
    def test_the_first_rate_is_set_at_once(self) -> None:
        optimizer = PlainOptimizer({"lr": 0.3})
        scheduler(optimizer)
        self.assertEqual(optimizer.param_groups[0]["lr"], 1.0)

    def test_every_update_uses_the_rate_of_its_number(self) -> None:
        for kind in (PlainOptimizer, HookedOptimizer):
            optimizer = kind()
            tested = scheduler(optimizer)
            used = []
            for _ in range(50):
                used.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                tested.step()
            self.assertEqual(used, list(RATES[:50]))
            self.assertEqual([rate for rate, _, _ in tested._applied], used)

    def test_groups_keep_their_ratios(self) -> None:
        optimizer = PlainOptimizer({"lr": 0.2}, {"lr": 0.1}, {"lr": 0.0})
        tested = scheduler(optimizer)
        optimizer.step()
        tested.step()
        self.assertEqual([group["lr"] for group in optimizer.param_groups], [0.5, 0.25, 0.0])
        self.assertEqual(tested.get_last_lr(), [0.5, 0.25, 0.0])

    def test_groups_have_one_rate_where_the_first_one_has_none(self) -> None:
        optimizer = PlainOptimizer({"lr": 0.0}, {"lr": 0.1})
        scheduler(optimizer)
        self.assertEqual([group["lr"] for group in optimizer.param_groups], [1.0, 1.0])

    def test_a_rate_in_a_tensor_stays_in_it(self) -> None:
        class Tensor:
            def __init__(self, value: float) -> None:
                self.value = value

            def __float__(self) -> float:
                return self.value

            def fill_(self, value: float) -> None:
                self.value = value

        tensor = Tensor(0.1)
        optimizer = PlainOptimizer({"lr": tensor})
        scheduler(optimizer)
        self.assertIs(optimizer.param_groups[0]["lr"], tensor)
        self.assertEqual(tensor.value, 1.0)

    def test_momentum_follows_by_the_key_that_a_group_has(self) -> None:
        optimizer = PlainOptimizer(
            {"lr": 1.0, "momentum": 0.9}, {"lr": 1.0, "betas": (0.9, 0.999)}, {"lr": 1.0}
        )
        scheduler(optimizer, array("d", [0.85] * 100))
        self.assertEqual(optimizer.param_groups[0]["momentum"], 0.85)
        self.assertEqual(optimizer.param_groups[1]["betas"], (0.85, 0.999))
        self.assertNotIn("momentum", optimizer.param_groups[2])

    def test_a_momentum_that_is_no_number_leaves_the_optimizers_own(self) -> None:
        optimizer = PlainOptimizer({"lr": 1.0, "momentum": 0.9})
        scheduler(optimizer, array("d", [float("nan")] * 100))
        self.assertEqual(optimizer.param_groups[0]["momentum"], 0.9)

    def test_more_calls_than_updates_shift_nothing(self) -> None:
        optimizer = PlainOptimizer()
        tested = scheduler(optimizer)
        optimizer.step()
        for _ in range(4):
            tested.step()
        self.assertEqual(optimizer.param_groups[0]["lr"], 0.5)
        self.assertEqual(tested.count, 1)

    def test_the_updates_that_a_scaler_leaves_out_are_counted_and_shift_nothing(self) -> None:
        optimizer = HookedOptimizer()
        scaler = Scaler({1, 2})
        tested = scheduler(optimizer, scaler=scaler)
        used = []
        for call in range(6):
            rate = optimizer.param_groups[0]["lr"]
            before = optimizer.updates
            scaler.step(optimizer)
            tested.step()
            if optimizer.updates > before:
                used.append(rate)
        self.assertEqual(used, list(RATES[:4]))
        self.assertEqual((tested.count, tested.skipped_steps), (4, 2))

    def test_a_skipped_step_is_counted_without_knowing_the_scaler(self) -> None:
        optimizer = PlainOptimizer()
        tested = scheduler(optimizer)
        optimizer.step()
        tested.step()
        tested.step()
        self.assertEqual(tested.skipped_steps, 1)

    def test_an_update_that_a_fused_optimizer_leaves_out_itself_does_not_count(self) -> None:
        optimizer = HookedOptimizer()
        tested = scheduler(optimizer)
        optimizer.found_inf = 1.0  # type: ignore[attr-defined]
        optimizer.step()
        del optimizer.found_inf  # type: ignore[attr-defined]
        optimizer.step()
        self.assertEqual(tested.count, 1)

    def test_the_optimizer_within_a_librarys_counts(self) -> None:
        inner = HookedOptimizer()
        wrapped = Wrapped(inner, every=2)
        tested = scheduler(wrapped)
        for _ in range(6):
            wrapped.step()
            tested.step()
        self.assertEqual((tested.count, tested.skipped_steps), (3, 0))
        self.assertEqual(inner.param_groups[0]["lr"], 0.25)

    def test_a_state_goes_on_at_its_step(self) -> None:
        first = PlainOptimizer({"lr": 0.2}, {"lr": 0.1})
        tested = scheduler(first)
        for _ in range(7):
            first.step()
            tested.step()
        state = tested.state_dict()
        # An optimizer that was loaded from a checkpoint has the rates of that moment.
        second = PlainOptimizer({"lr": 0.0}, {"lr": 0.0})
        other = scheduler(second)
        other.load_state_dict(state)
        self.assertEqual(second.param_groups, first.param_groups)
        self.assertEqual(other.last_epoch, 7)

    def test_a_state_of_other_groups_is_refused(self) -> None:
        tested = scheduler(PlainOptimizer())
        with self.assertRaisesRegex(ValueError, "2 parameter groups, and the optimizer has 1"):
            tested.load_state_dict({"step": 3, "factors": [1.0, 1.0]})
        with self.assertRaisesRegex(ValueError, "at least 0, not -1"):
            tested.load_state_dict({"step": -1})

    def test_a_group_that_is_added_later_gets_its_ratio(self) -> None:
        optimizer = PlainOptimizer({"lr": 0.2})
        tested = scheduler(optimizer)
        optimizer.param_groups.append({"lr": 0.25})
        optimizer.step()
        tested.step()
        self.assertEqual(tested.factors, [1.0, 0.5])

    def test_nothing_is_set_any_more_once_it_is_detached(self) -> None:
        for kind in (PlainOptimizer, HookedOptimizer):
            optimizer = kind()
            tested = scheduler(optimizer)
            tested.detach()
            optimizer.step()
            self.assertEqual(tested.count, 0)


if __name__ == "__main__":
    unittest.main()
