"""What every worker does with scripts that use the package."""

from __future__ import annotations

from typing import Any

from .server import wait_for


class ScriptCases:
    """Scripts under a worker's lease."""

    SCRIPT = """
import lehr
class Optimizer:
    param_groups = [{'lr': 0.1}]
    def step(self): pass
with lehr.run() as run:
    optimizer = Optimizer()
    scheduler = run.attach(optimizer)
    for step in range(run.total_steps):
        optimizer.step()
        scheduler.step()
        run.report(step=step, loss=1 / (step + 1))
    BODY
"""
    COSINE = {"type": "cosine", "learning_rate": 0.1}

    def test_a_script_is_granted_its_rates_under_the_workers_lease(self: Any) -> None:
        id = self.run_script(self.SCRIPT.replace("BODY", "pass"), schedule=self.COSINE, steps=1_000)
        job = self.wait_for_state(id, "succeeded")
        self.assertEqual(job["progress"]["step"], 1_000)
        audit = self.audit(id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (1_000, 0))
        self.assertEqual(self.curve(id, "learning_rate")["values"], self.preview(self.COSINE, 1_000))
        self.assertEqual(self.curve(id, "loss")["source_points"], 1_000)

    def test_a_script_that_raises_is_told_by_its_exception(self: Any) -> None:
        script = self.SCRIPT.replace("BODY", "raise ValueError('bad weights')")
        found = self.failure(self.run_script(script, schedule=self.COSINE, steps=100))
        self.assertIn("ValueError: bad weights", found["detail"])

    def test_a_script_that_never_reports_is_told(self: Any) -> None:
        id = self.run_command("true", schedule=self.COSINE, steps=100)
        job = self.wait_for_state(id, "succeeded")
        self.assertIn("without reporting a step of its 100", job["state_reason"])

    def test_a_loss_that_is_no_number_fails_the_job(self: Any) -> None:
        script = self.SCRIPT.replace("BODY", "run.report(step=200, loss=float('nan'))")
        found = self.failure(self.run_script(script, schedule=self.COSINE, steps=100))
        self.assertEqual(found["code"], "diverged")

    def test_a_step_that_goes_backwards_is_left_out_and_told(self: Any) -> None:
        script = self.SCRIPT.replace("BODY", "run.report(step=5, loss=1.0)")
        id = self.run_script(script, schedule=self.COSINE, steps=100)
        self.wait_for_state(id, "succeeded")
        self.assertIn("loss at step 5 was left out", self.log(id))
        self.assertEqual(self.curve(id, "loss")["source_points"], 100)

    def test_a_paused_script_saves_and_goes_on(self: Any) -> None:
        script = """
import lehr, pathlib, time
class Optimizer:
    param_groups = [{'lr': 0.1}]
    def step(self): pass
with lehr.run() as run:
    path = run.resume()
    print('from', pathlib.Path(path).read_text() if path else 'nothing', flush=True)
    optimizer = Optimizer()
    scheduler = run.attach(optimizer)
    run.save_with(lambda path: pathlib.Path(path).write_text(f'the state of {run.step}'))
    while run.step < run.total_steps:
        optimizer.step()
        scheduler.step()
        if path is None: time.sleep(0.001)
"""
        id = self.run_script(script, schedule=self.COSINE, steps=100_000)
        wait_for(lambda: self.job(id)["progress"]["step"] > 0, "a step")
        self.client.post(f"/v1/jobs/{id}/pause")
        step = self.wait_for_state(id, "paused")["progress"]["step"]
        self.assertLess(step, 100_000)
        self.client.post(f"/v1/jobs/{id}/resume")
        self.wait_for_state(id, "succeeded")
        self.assertIn(f"from the state of {step}", self.log(id))
        audit = self.audit(id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (100_000, 0))

    def test_a_script_that_goes_on_from_a_state_of_its_own_keeps_its_curve(self: Any) -> None:
        script = f"""
import lehr, os, pathlib, signal, time
state = pathlib.Path({str(self.folder / "state")!r})
class Optimizer:
    param_groups = [{{'lr': 0.1}}]
    def step(self): pass
run = lehr.run()
optimizer = Optimizer()
scheduler = run.attach(optimizer)
if state.exists():
    scheduler.load_state_dict({{'step': int(state.read_text())}})
while run.step < 300:
    optimizer.step()
    scheduler.step()
    run.report(loss=float(run.step))
    if run.step == 150 and not state.exists():
        state.write_text('120')
        while lehr._client.Client(os.environ['LEHR_SERVER']).get(
            '/v1/jobs/' + run.id)['progress']['step'] < 150: time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)
run.finish()
"""
        id = self.run_script(script, schedule=self.COSINE, steps=300, maximum_attempts=2)
        self.wait_for_state(id, "succeeded")
        curve = self.curve(id, "loss")
        self.assertEqual(curve["steps"], list(range(1, 301)))
        self.assertEqual(curve["values"], [float(step) for step in range(1, 301)])
        audit = self.audit(id)
        self.assertEqual((audit["steps"], audit["mismatches"]), (300, 0))
        self.check_next()
