"""With PyTorch, where it is installed: optimizers, scalers, ranks, and libraries around them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any, List

import lehr

from .server import ServerCase

COSINE = {"type": "cosine", "learning_rate": 0.1}
EXAMPLES = Path(__file__).parents[2] / "Examples"


def has(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


@unittest.skipUnless(has("torch"), "torch is not installed")
class TorchTests(ServerCase):
    def setUp(self) -> None:
        super().setUp()
        import torch

        torch.manual_seed(0)
        self.model = torch.nn.Linear(4, 1)

    def backward(self, value: float = 1.0) -> Any:
        import torch

        loss = (self.model(torch.ones(2, 4)) * value).square().mean()
        return loss

    def assert_exact(self, run: lehr.Run, used: List[float], steps: int) -> None:
        self.assertEqual(used, self.preview(COSINE, steps))
        audit = self.audit(run.id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (steps, 0))
        self.assertEqual(audit["digest"], audit["expected_digest"])

    def test_optimizers_keep_their_group_ratios_and_states(self) -> None:
        import torch

        parameters = list(self.model.parameters())
        for kind in (torch.optim.SGD, torch.optim.AdamW):
            groups = [{"params": parameters[:1], "lr": 0.02}, {"params": parameters[1:], "lr": 0.01}]
            optimizer = kind(groups, lr=0.02)
            with lehr.run(schedule=COSINE, steps=100) as run:
                scheduler = run.attach(optimizer)
                used = []
                for step in range(100):
                    rates = [group["lr"] for group in optimizer.param_groups]
                    self.assertEqual(rates[1], rates[0] * 0.5)
                    used.append(rates[0])
                    self.backward().backward()
                    optimizer.step()
                    scheduler.step()
                    run.report(step=step, loss=self.backward())
            self.assert_exact(run, used, 100)
            # The tensors were reported as numbers, without their graphs.
            self.assertEqual(self.curve(run.id, "loss")["source_points"], 100)

    def test_a_gradient_scalers_skipped_steps_shift_nothing(self) -> None:
        import torch

        optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=1.0, growth_interval=10_000)
        bad = {2, 3, 30}
        with lehr.run(schedule=COSINE, steps=100) as run:
            scheduler = run.attach(optimizer, scaler)
            used: List[float] = []
            call = 0
            while run.step < 100:
                rate = optimizer.param_groups[0]["lr"]
                before = run.step
                optimizer.zero_grad()
                value = float("inf") if call in bad else 1e-3
                scaler.scale(self.backward(value)).backward()
                scaler.step(optimizer)
                scaler.update()
                scheduler.step()
                if run.step > before:
                    used.append(rate)
                call += 1
        self.assert_exact(run, used, 100)
        self.assertEqual(self.job(run.id)["summary"]["skipped_steps"], 3)

    @unittest.skipUnless(has("accelerate"), "accelerate is not installed")
    def test_accelerates_calls_shift_nothing(self) -> None:
        import torch
        from accelerate import Accelerator

        accelerator = Accelerator(cpu=True, gradient_accumulation_steps=2)
        plain = torch.optim.SGD(self.model.parameters(), lr=0.1)
        model, optimizer = accelerator.prepare(self.model, plain)
        with lehr.run(schedule=COSINE, steps=50) as run:
            scheduler = accelerator.prepare_scheduler(run.attach(optimizer))
            used: List[float] = []
            for _ in range(100):
                with accelerator.accumulate(model):
                    rate, before = plain.param_groups[0]["lr"], run.step
                    accelerator.backward((model(torch.ones(2, 4)) * 1e-3).square().mean())
                    optimizer.step()
                    scheduler.step()
                    # As with several processes, where accelerate calls a scheduler once for each.
                    scheduler.step()
                    optimizer.zero_grad()
                if run.step > before:
                    used.append(rate)
        self.assert_exact(run, used, 50)
        self.assertEqual(self.job(run.id)["summary"]["skipped_steps"], 0)

    @unittest.skipUnless(has("lightning"), "lightning is not installed")
    def test_a_lightning_trainer_runs_under_a_schedule(self) -> None:
        import lightning
        import torch
        from lehr.lightning import LehrCallback

        class Module(lightning.LightningModule):
            def __init__(self) -> None:
                super().__init__()
                self.layer = torch.nn.Linear(4, 1)
                self.used: List[float] = []

            def training_step(self, batch: Any, index: int) -> Any:
                self.used.append(self.optimizers().param_groups[0]["lr"])
                return self.layer(batch[0]).square().mean()

            def configure_optimizers(self) -> Any:
                return torch.optim.SGD(self.parameters(), lr=0.1)

        data = torch.utils.data.TensorDataset(torch.randn(64, 4))
        loader = torch.utils.data.DataLoader(data, batch_size=8)
        module = Module()
        run = lehr.run(schedule=COSINE, steps=16)
        trainer = lightning.Trainer(
            max_epochs=2,
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=[LehrCallback(run)],
        )
        trainer.fit(module, loader)
        self.wait_for_state(run.id, "succeeded")
        self.assert_exact(run, module.used, 16)
        self.assertEqual(self.curve(run.id, "loss")["source_points"], 16)

    @unittest.skipUnless(has("transformers") and has("accelerate"), "transformers is not installed")
    def test_a_trainer_of_hugging_face_runs_under_a_schedule(self) -> None:
        import torch
        from lehr.transformers import LehrCallback
        from transformers import Trainer, TrainingArguments

        class Model(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.layer = torch.nn.Linear(4, 1)

            def forward(self, x: Any, labels: Any = None) -> Any:
                return {"loss": self.layer(x).square().mean()}

        used: List[float] = []

        class Watched(Trainer):
            def training_step(self, *args: Any, **kwargs: Any) -> Any:
                used.append(self.optimizer.param_groups[0]["lr"])
                return super().training_step(*args, **kwargs)

        rows = [{"x": torch.randn(4), "labels": torch.zeros(1)} for _ in range(40)]
        run = lehr.run(schedule=COSINE, steps=10)
        arguments = TrainingArguments(
            output_dir=str(self.folder / "trainer"),
            max_steps=10,
            per_device_train_batch_size=4,
            use_cpu=True,
            report_to=[],
            save_strategy="no",
            logging_steps=5,
            disable_tqdm=True,
        )
        Watched(Model(), arguments, train_dataset=rows, callbacks=[LehrCallback(run)]).train()
        self.wait_for_state(run.id, "succeeded")
        self.assert_exact(run, used, 10)
        self.assertEqual(self.curve(run.id, "loss")["steps"], [5, 10])

    def test_two_gloo_ranks_use_the_same_rates(self) -> None:
        done = subprocess.run(
            [
                sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2",
                "--master-port", "0", "--rdzv-backend", "c10d", "--rdzv-endpoint", "127.0.0.1:0",
                str(EXAMPLES / "two_ranks.py"), "--steps", "1000",
            ],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(Path(lehr.__file__).parents[1]), *sys.path]),
                "OMP_NUM_THREADS": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("rank ")]
        self.assertEqual(len(lines), 2, done.stderr)
        self.assertEqual(len({line.rsplit(" ", 1)[-1] for line in lines}), 1, lines)
        id = lines[0].split("job ")[1].split(":")[0]
        audit = self.audit(id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (1_000, 0))

    def test_the_example_after_differs_from_the_one_before_by_a_few_lines(self) -> None:
        import difflib

        texts = [(EXAMPLES / name).read_text().splitlines() for name in ("before.py", "after.py")]
        changed = [
            line
            for line in difflib.unified_diff(*texts, n=0)
            if line[0] in "+-" and line[:3] not in ("+++", "---")
        ]
        # Without what the two say of themselves.
        code = [line for line in changed if "import lehr" in line or "run" in line]
        self.assertLessEqual(len(code), 6, code)
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / "after.py")],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
