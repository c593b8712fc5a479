"""Asks the real libraries for the rates of schedulers with random parameters: one JSON file per library.

    python make_random_cases.py FOLDER [CASES] [SEED]

needs torch 2.13.0, keras 3.15.1 (numpy backend), optax 0.2.8, transformers 5.23.0, timm 1.0.31, mosaicml 0.32.1,
fastai 2.8.12 and pytorch_optimizer 4.1.0; of the last three only the files of the schedulers are loaded.
The recorded files were made with 12 cases for each scheduler's name and seed 1.
"""

import importlib.metadata
import importlib.util
import json
import math
import os
import random
import sys
import types
import warnings

os.environ["KERAS_BACKEND"] = "numpy"
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"
warnings.filterwarnings("ignore")

import torch
from torch.optim import lr_scheduler as T


def word(value):
    """A number of strict JSON."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def optimizer(lr):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, momentum=0.9)


def failure(error, step):
    return {"type": type(error).__name__, "message": str(error)[:200], "at_step": step}


def record(case, make, steps, read, step, momentum=None):
    """Steps what `make` gives and writes down what is in force at each update."""
    values, momenta = [], []
    try:
        state = make()
    except Exception as error:
        case.update(steps=0, values=[], error=failure(error, 0))
        return case
    for t in range(steps):
        try:
            if t > 0:
                step(state, t)
            value = float(read(state, t))
        except Exception as error:
            case["error"] = failure(error, t)
            break
        values.append(word(value))
        if momentum:
            momenta.append(momentum(state))
    case.update(steps=len(values), values=values)
    if momentum and momenta:
        case["momentum"] = momenta
    return case


def rate(r):
    return r.choice([0.1, 1.0, 0.5, 0.003, 3e-4, round(r.uniform(0.001, 2), 4)])


def warp(r, low, high):
    return round(math.exp(r.uniform(math.log(low), math.log(high))), 6)


# --- PyTorch

def torch_parameters(r, name, depth=0):
    n = r.randint(1, 20)
    if name == "StepLR":
        return {"step_size": n, "gamma": warp(r, 0.05, 1.5)}
    if name == "MultiStepLR":
        return {"milestones": [r.randint(0, 30) for _ in range(r.randint(0, 5))], "gamma": warp(r, 0.1, 1.2)}
    if name == "ConstantLR":
        return {"factor": r.choice([0.1, 1.0, round(r.random(), 3), 1.5]), "total_iters": r.randint(0, 12)}
    if name == "LinearLR":
        return {"start_factor": r.choice([1.0, round(r.random(), 4)]), "end_factor": r.choice([1.0, 0.0, round(r.random(), 4)]),
                "total_iters": r.randint(0, 20)}
    if name == "ExponentialLR":
        return {"gamma": warp(r, 0.7, 1.1)}
    if name == "MultiplicativeLR":
        return {"constant": warp(r, 0.7, 1.1)}
    if name == "PolynomialLR":
        return {"total_iters": n, "power": r.choice([1.0, 2.0, 0.5, warp(r, 0.2, 4)])}
    if name == "CosineAnnealingLR":
        return {"T_max": n, "eta_min": r.choice([0.0, 1e-3, 0.2])}
    if name == "CosineAnnealingWarmRestarts":
        return {"T_0": n, "T_mult": r.randint(1, 3), "eta_min": r.choice([0.0, 1e-3])}
    if name == "CyclicLR":
        p = {"base_lr": warp(r, 1e-4, 0.1), "max_lr": warp(r, 0.1, 1), "step_size_up": n,
             "mode": r.choice(["triangular", "triangular2", "exp_range"]), "gamma": warp(r, 0.9, 1)}
        if r.random() < 0.5:
            p["step_size_down"] = r.randint(1, 20)
        if r.random() < 0.3:
            p["cycle_momentum"] = False
        elif r.random() < 0.5:
            p.update(base_momentum=0.7, max_momentum=0.97)
        return p
    if name == "OneCycleLR":
        p = {"max_lr": warp(r, 0.01, 2), "pct_start": r.choice([0.3, round(r.random(), 3)]),
             "anneal_strategy": r.choice(["cos", "linear"]), "div_factor": warp(r, 1, 50),
             "final_div_factor": warp(r, 1, 1e5), "three_phase": r.random() < 0.4}
        if r.random() < 0.7:
            p["total_steps"] = r.randint(1, 60)
        else:
            p.update(epochs=r.randint(1, 5), steps_per_epoch=r.randint(1, 12))
        if r.random() < 0.3:
            p["cycle_momentum"] = False
        return p
    if name == "LambdaLR":
        return {"table": [round(r.uniform(0, 2), 4) for _ in range(60)]}
    if name == "SequentialLR":
        count = r.randint(2, 4)
        marks = sorted(r.sample(range(0 if r.random() < 0.2 else 1, 30), count - 1))
        return {"schedulers": [child(r, depth) for _ in range(count)], "milestones": marks}
    if name == "ChainedScheduler":
        return {"schedulers": [child(r, depth) for _ in range(r.randint(1, 4))]}
    if name == "ReduceLROnPlateau":
        return {"mode": r.choice(["min", "max"]), "factor": round(r.uniform(0.05, 0.95), 3), "patience": r.randint(0, 5),
                "threshold": r.choice([1e-4, 0.0, 0.05]), "threshold_mode": r.choice(["rel", "abs"]),
                "cooldown": r.randint(0, 4), "min_lr": r.choice([0, 0.001, 0.05]), "eps": r.choice([1e-8, 1e-3])}
    raise KeyError(name)


PLAIN = ["StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "ExponentialLR", "MultiplicativeLR", "PolynomialLR",
         "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "OneCycleLR", "CyclicLR", "LambdaLR"]


def child(r, depth):
    names = PLAIN + (["ChainedScheduler", "SequentialLR"] if depth == 0 and r.random() < 0.3 else [])
    name = r.choice(names)
    return {"schedule": name, "params": torch_parameters(r, name, depth + 1)}


def torch_make(opt, name, params):
    params = dict(params)
    if name == "LambdaLR":
        table = params.pop("table")
        return T.LambdaLR(opt, lambda t: table[min(t, len(table) - 1)])
    if name == "MultiplicativeLR":
        constant = params.pop("constant")
        return T.MultiplicativeLR(opt, lambda t: constant)
    if name == "SequentialLR":
        children = [torch_make(opt, c["schedule"], c["params"]) for c in params["schedulers"]]
        return T.SequentialLR(opt, children, params["milestones"])
    if name == "ChainedScheduler":
        children = [torch_make(opt, c["schedule"], c["params"]) for c in params["schedulers"]]
        return T.ChainedScheduler(children, optimizer=opt)
    return getattr(T, name)(opt, **params)


def moving(r, count):
    kind = r.choice(["noisy", "flat", "falling", "rising", "negative"])
    base = {"noisy": lambda i: 1 / (i + 1) + r.gauss(0, 0.1), "flat": lambda i: 0.5, "falling": lambda i: 1 - i / 100,
            "rising": lambda i: 0.1 + i / 50, "negative": lambda i: -i / 40 + r.gauss(0, 0.2)}[kind]
    values = [round(base(i), 6) for i in range(count)]
    if r.random() < 0.2:
        values[r.randrange(count)] = float("nan")
    return values


def torch_cases(r, count):
    names = PLAIN + ["SequentialLR"] * 3 + ["ChainedScheduler"] * 2
    for name in names:
        for _ in range(count):
            lr, params, steps = rate(r), torch_parameters(r, name), r.randint(1, 55)
            case = {"schedule": name, "params": params, "base_lr": lr}
            moves = name in ("OneCycleLR", "CyclicLR") and params.get("cycle_momentum", True)
            turn = r.random()
            nested = json.dumps(params)
            if turn < 0.15 and steps > 3 and "lambda" not in nested.lower() and "Multiplicative" not in nested and name not in ("LambdaLR", "MultiplicativeLR"):
                at = r.randint(1, steps - 1)
                loads = r.random() < 0.7
                first = torch_parameters(r, name) if name in ("StepLR", "CosineAnnealingLR", "ExponentialLR", "PolynomialLR") else params
                case["resume"] = {"at": at, "first_params": first, "load_scheduler_state": loads}

                def make():
                    opt = optimizer(lr)
                    return [opt, torch_make(opt, name, first)]

                def step(state, t, at=at, loads=loads):
                    state[0].step()
                    state[1].step()
                    if t == at:
                        saved = state[0].state_dict(), state[1].state_dict()
                        opt = optimizer(lr)
                        scheduler = torch_make(opt, name, params)
                        opt.load_state_dict(saved[0])
                        if loads:
                            scheduler.load_state_dict(saved[1])
                        state[0], state[1] = opt, scheduler
            elif turn < 0.3 and steps > 3:
                before, factor = r.randint(1, steps - 1), r.choice([0.5, 2.0, 0.1])
                case["manual_edit"] = {"before_step": before, "multiply_lr_by": factor}

                def make():
                    opt = optimizer(lr)
                    return [opt, torch_make(opt, name, params)]

                def step(state, t, before=before, factor=factor):
                    state[0].step()
                    state[1].step()
                    if t == before:
                        for group in state[0].param_groups:
                            group["lr"] *= factor
            else:
                def make():
                    opt = optimizer(lr)
                    return [opt, torch_make(opt, name, params)]

                def step(state, t):
                    state[0].step()
                    state[1].step()
            yield record(case, make, steps, lambda s, t: s[0].param_groups[0]["lr"], step,
                         (lambda s: s[0].param_groups[0]["momentum"]) if moves and "resume" not in case else None)
    for _ in range(count * 3):
        yield plateau(r, "ReduceLROnPlateau", torch_parameters(r, "ReduceLROnPlateau"), rate(r),
                      lambda opt, p: T.ReduceLROnPlateau(opt, **p))


def plateau(r, name, params, lr, make):
    metrics = moving(r, r.randint(5, 50))
    case = {"schedule": name, "params": params, "base_lr": lr, "metrics": [word(m) for m in metrics]}
    opt = optimizer(lr)
    try:
        scheduler = make(opt, params)
    except Exception as error:
        case.update(steps=0, values=[], error=failure(error, 0))
        return case
    values = []
    for metric in metrics:
        scheduler.step(metric)
        values.append(opt.param_groups[0]["lr"])
    case.update(steps=len(values), values=values)
    return case


# --- Keras

def keras_cases(r, count):
    import keras
    keras.config.set_floatx("float64")
    S = keras.optimizers.schedules

    def draw(name):
        b, n = rate(r), r.choice([r.randint(1, 30), r.randint(1, 30), 0])
        n = n or r.choice([0, 5])
        if name in ("ExponentialDecay", "InverseTimeDecay"):
            return {"initial_learning_rate": b, "decay_steps": n, "decay_rate": warp(r, 0.1, 2), "staircase": r.random() < 0.5}
        if name == "PiecewiseConstantDecay":
            marks = sorted(r.sample(range(0, 40), r.randint(1, 4)))
            return {"boundaries": marks, "values": [rate(r) for _ in range(len(marks) + r.choice([1, 1, 1, 1, 0]))]}
        if name == "PolynomialDecay":
            return {"initial_learning_rate": b, "decay_steps": n, "end_learning_rate": r.choice([1e-4, 0.0, 0.05]),
                    "power": r.choice([1.0, 2.0, 0.5, 3.3]), "cycle": r.random() < 0.5}
        if name == "CosineDecay":
            p = {"initial_learning_rate": b, "decay_steps": n, "alpha": r.choice([0.0, 0.1, 0.5])}
            if r.random() < 0.6:
                p.update(warmup_target=rate(r), warmup_steps=r.randint(0, 12))
            return p
        return {"initial_learning_rate": b, "first_decay_steps": n, "t_mul": r.choice([1.0, 2.0, 1.5, 3.0]),
                "m_mul": r.choice([1.0, 0.5, 0.9]), "alpha": r.choice([0.0, 0.1])}

    for name in ["ExponentialDecay", "InverseTimeDecay", "PiecewiseConstantDecay", "PolynomialDecay", "CosineDecay", "CosineDecayRestarts"]:
        for _ in range(count):
            params = draw(name)
            case = {"schedule": name, "params": params, "base_lr": None}
            # Keras keeps parts in 32 bits whatever its default float is.
            case["rtol"] = 1e-6
            yield record(case, lambda: getattr(S, name)(**params), r.randint(1, 60), lambda s, t: s(t), lambda s, t: None)
    for _ in range(count * 2):
        params = {"factor": round(r.uniform(0.1, 0.9), 3), "patience": r.randint(0, 4), "mode": r.choice(["auto", "min", "max"]),
                  "min_delta": r.choice([1e-4, 0.0, 0.05]), "cooldown": r.randint(0, 4), "min_lr": r.choice([0.0, 0.01])}
        lr, metrics = rate(r), moving(r, r.randint(5, 50))
        callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", **params)
        opt = types.SimpleNamespace(learning_rate=lr)
        callback.set_model(types.SimpleNamespace(optimizer=opt))
        callback.on_train_begin()
        values = []
        for epoch, metric in enumerate(metrics):
            callback.on_epoch_end(epoch, {"val_loss": metric})
            values.append(float(opt.learning_rate))
        yield {"schedule": "ReduceLROnPlateau", "params": params, "base_lr": lr, "metrics": [word(m) for m in metrics],
               "steps": len(values), "values": values, "rtol": 1e-6}


# --- Optax

def optax_cases(r, count):
    import jax
    import jax.numpy as jnp
    import numpy
    import optax
    import optax.contrib

    def simple():
        return r.choice(["linear_schedule", "cosine_decay_schedule", "constant_schedule", "exponential_decay", "polynomial_schedule"])

    def scales():
        return {str(k): warp(r, 0.1, 2) for k in sorted(r.sample(range(0, 40), r.randint(1, 4)))}

    def draw(name):
        n, begin = r.randint(1, 30), r.choice([0, r.randint(0, 10)])
        if name == "constant_schedule":
            return {"value": rate(r)}
        if name == "linear_schedule":
            return {"init_value": rate(r), "end_value": rate(r), "transition_steps": r.choice([n, n, 0, -3]), "transition_begin": begin}
        if name == "polynomial_schedule":
            return {"init_value": rate(r), "end_value": rate(r), "power": r.choice([1.0, 2.0, 0.5]), "transition_steps": n,
                    "transition_begin": r.choice([begin, -4])}
        if name == "piecewise_constant_schedule":
            return {"init_value": rate(r), "boundaries_and_scales": scales()}
        if name == "exponential_decay":
            p = {"init_value": rate(r), "transition_steps": r.choice([n, n, n, 0]), "decay_rate": r.choice([warp(r, 0.1, 2), 0.5, 0.0]),
                 "transition_begin": begin, "staircase": r.random() < 0.5}
            if r.random() < 0.5:
                p["end_value"] = r.choice([0.01, 0.2])
            return p
        if name == "cosine_decay_schedule":
            return {"init_value": rate(r), "decay_steps": n, "alpha": r.choice([0.0, 0.1]), "exponent": r.choice([1.0, 2.0, 0.7])}
        if name == "piecewise_interpolate_schedule":
            return {"interpolate_type": r.choice(["linear", "cosine"]), "init_value": rate(r), "boundaries_and_scales": scales()}
        if name == "linear_onecycle_schedule":
            return {"transition_steps": r.choice([n * 2, 0]) if r.random() < 0.1 else n * 2, "peak_value": rate(r), "pct_start": 0.3,
                    "pct_final": r.choice([0.85, 0.6]), "div_factor": warp(r, 2, 30), "final_div_factor": warp(r, 2, 1e4)}
        if name == "cosine_onecycle_schedule":
            return {"transition_steps": n * 2, "peak_value": rate(r), "pct_start": r.choice([0.3, 0.5, 0.9]),
                    "div_factor": warp(r, 2, 30), "final_div_factor": warp(r, 2, 1e4)}
        if name == "warmup_constant_schedule":
            return {"init_value": r.choice([0.0, rate(r)]), "peak_value": rate(r), "warmup_steps": r.randint(0, 15)}
        if name == "warmup_cosine_decay_schedule":
            w = r.randint(0, 12)
            return {"init_value": r.choice([0.0, rate(r)]), "peak_value": r.choice([rate(r), rate(r), 0.0]), "warmup_steps": w,
                    "decay_steps": w + r.randint(0, 40), "end_value": r.choice([0.0, 0.01]), "exponent": r.choice([1.0, 2.0])}
        if name == "warmup_exponential_decay_schedule":
            return {"init_value": 0.0, "peak_value": rate(r), "warmup_steps": r.randint(0, 12), "transition_steps": n,
                    "decay_rate": warp(r, 0.1, 1.5), "transition_begin": begin, "staircase": r.random() < 0.5}
        if name == "sgdr_schedule":
            return {"cosine_kwargs": [{"init_value": 0.0, "peak_value": rate(r), "warmup_steps": w, "decay_steps": w + r.randint(1, 20),
                                       "end_value": 0.01} for w in [r.randint(0, 5) for _ in range(r.randint(1, 3))]]}
        if name == "join_schedules":
            k = r.randint(1, 3)
            names = [simple() for _ in range(k)]
            return {"schedules": [{"schedule": c, "params": draw(c)} for c in names],
                    "boundaries": sorted(r.sample(range(0, 30), k - 1))}

    def make(name, params):
        params = dict(params)
        if "boundaries_and_scales" in params:
            params["boundaries_and_scales"] = {int(k): v for k, v in params["boundaries_and_scales"].items()}
        if name == "join_schedules":
            params["schedules"] = [make(c["schedule"], c["params"]) for c in params["schedules"]]
        return getattr(optax, name)(**params)

    names = ["constant_schedule", "linear_schedule", "polynomial_schedule", "piecewise_constant_schedule", "exponential_decay",
             "cosine_decay_schedule", "piecewise_interpolate_schedule", "linear_onecycle_schedule", "cosine_onecycle_schedule",
             "warmup_constant_schedule", "warmup_cosine_decay_schedule", "warmup_exponential_decay_schedule", "sgdr_schedule",
             "join_schedules"]
    for name in names:
        for _ in range(count):
            params = draw(name)
            case = {"schedule": name, "params": params, "base_lr": None}
            count_of_steps = r.randint(1, 50)

            def rates():
                # All at once: one compilation in place of one for each step.
                got = jax.vmap(make(name, params))(jnp.arange(50))
                return [float(x) for x in numpy.broadcast_to(numpy.asarray(got), (50,))]
            yield record(case, rates, count_of_steps, lambda s, t: s[t], lambda s, t: None)
    for _ in range(count):
        params = {"factor": round(r.uniform(0.1, 0.9), 3), "patience": r.randint(0, 4), "rtol": r.choice([1e-4, 0.0, 0.05]),
                  "atol": r.choice([0.0, 0.05]), "cooldown": r.randint(0, 4), "accumulation_size": r.choice([1, 1, 3]),
                  "min_scale": r.choice([0.0, 0.05])}
        lr, metrics = rate(r), moving(r, r.randint(5, 40))
        case = {"schedule": "reduce_on_plateau", "params": params, "base_lr": lr, "metrics": [word(m) for m in metrics]}
        try:
            transform = optax.contrib.reduce_on_plateau(**params)
        except Exception as error:
            case.update(steps=0, values=[], error=failure(error, 0))
            yield case
            continue
        weights = jnp.zeros(1)
        state = transform.init(weights)
        update = jax.jit(lambda state, value: transform.update(weights, state, value=value)[1])
        values = []
        for metric in metrics:
            state = update(state, metric)
            values.append(word(lr * float(state.scale)))
        case.update(steps=len(values), values=values, rtol=1e-6)
        yield case


# --- Transformers

def transformers_cases(r, count):
    from transformers import optimization as O

    def draw(name):
        w = r.randint(0, 15)
        n = w + r.randint(0, 45) if r.random() < 0.9 else max(1, w - 3)
        both = {"num_warmup_steps": w, "num_training_steps": n}
        floor = r.choice([{"min_lr_rate": 0.1}, {"min_lr": 1e-4}, {"min_lr_rate": 0.5}])
        if name == "constant":
            return {}
        if name == "constant_with_warmup":
            return {"num_warmup_steps": w}
        if name == "linear":
            return both
        if name == "cosine":
            return both | {"num_cycles": r.choice([0.5, 1.0, 2.5])}
        if name == "cosine_with_restarts":
            return both | {"num_cycles": r.randint(1, 4)}
        if name == "polynomial":
            return both | {"lr_end": r.choice([1e-7, 0.0, 1e-4]), "power": r.choice([1.0, 2.0, 0.5])}
        if name == "inverse_sqrt":
            return {"num_warmup_steps": w} | r.choice([{}, {"timescale": r.randint(1, 100)}])
        if name == "cosine_with_min_lr":
            return both | floor | r.choice([{}, {"num_cycles": 1.5}])
        if name == "cosine_warmup_with_min_lr":
            return both | floor | r.choice([{}, {"warmup_lr_rate": 0.1}])
        d = r.randint(0, 15)
        extent = {"num_training_steps": w + d + r.randint(-3, 20)} if r.random() < 0.6 else {"num_stable_steps": r.randint(0, 20)}
        return {"num_warmup_steps": w, "num_decay_steps": d} | extent | {
            "warmup_type": r.choice(["linear", "cosine", "1-sqrt"]), "decay_type": r.choice(["linear", "cosine", "1-sqrt"]),
            "min_lr_ratio": r.choice([0.0, 0.1]), "num_cycles": r.choice([0.5, 1.5])}

    functions = {"constant": O.get_constant_schedule, "constant_with_warmup": O.get_constant_schedule_with_warmup,
                 "linear": O.get_linear_schedule_with_warmup, "cosine": O.get_cosine_schedule_with_warmup,
                 "cosine_with_restarts": O.get_cosine_with_hard_restarts_schedule_with_warmup,
                 "polynomial": O.get_polynomial_decay_schedule_with_warmup, "inverse_sqrt": O.get_inverse_sqrt_schedule,
                 "cosine_with_min_lr": O.get_cosine_with_min_lr_schedule_with_warmup,
                 "cosine_warmup_with_min_lr": O.get_cosine_with_min_lr_schedule_with_warmup_lr_rate,
                 "warmup_stable_decay": O.get_wsd_schedule}
    for name, function in functions.items():
        for _ in range(count):
            lr, params = rate(r), draw(name)
            case = {"schedule": name, "params": params, "base_lr": lr}

            def make():
                opt = optimizer(lr)
                return [opt, function(opt, **params)]

            def step(state, t):
                state[0].step()
                state[1].step()
            yield record(case, make, r.randint(1, 65), lambda s, t: s[0].param_groups[0]["lr"], step)
    for _ in range(count * 2):
        params = {"mode": r.choice(["min", "max"]), "factor": round(r.uniform(0.3, 0.95), 3), "patience": r.randint(0, 4),
                  "threshold": r.choice([1e-6, 0.01]), "threshold_mode": r.choice(["abs", "rel"]), "cooldown": r.randint(0, 3),
                  "warmup": r.randint(0, 3), "min_lr": r.choice([1e-3, 0.05]), "max_lr": r.choice([1, 0.5]),
                  "smooth": r.random() < 0.4, "window_size": r.choice([5, 50]), "reset_start": r.choice([500, 2])}
        yield plateau(r, "greedy", params, r.choice([0.1, 0.3]), lambda opt, p: O.GreedyLR(opt, **p))


# --- timm

def timm_cases(r, count):
    bare("timm")
    import timm.scheduler as S

    def draw(name):
        p = {}
        if r.random() < 0.6:
            p.update(warmup_t=r.randint(1, 10), warmup_lr_init=r.choice([0.0, 1e-3, 0.01]))
            if r.random() < 0.5:
                p["warmup_prefix"] = r.random() < 0.5
        if name in ("CosineLRScheduler", "TanhLRScheduler", "PolyLRScheduler"):
            p.update(t_initial=r.randint(1, 40), lr_min=r.choice([0.0, 1e-4, 0.02]))
            if r.random() < 0.5:
                p.update(cycle_mul=r.choice([1.0, 2.0, 1.5]), cycle_decay=r.choice([1.0, 0.5]), cycle_limit=r.randint(1, 4))
            if name != "TanhLRScheduler" and r.random() < 0.4:
                p["k_decay"] = r.choice([2.0, 0.5, 1.5])
            if name == "TanhLRScheduler" and r.random() < 0.5:
                p.update(lb=-6.0, ub=4.0)
            if name == "PolyLRScheduler":
                p["power"] = r.choice([0.5, 1.0, 2.0])
        elif name == "StepLRScheduler":
            p.update(decay_t=r.choice([r.randint(1, 12), 2.4, 0.7]), decay_rate=warp(r, 0.1, 1.2))
        elif name == "MultiStepLRScheduler":
            p.update(decay_t=sorted(r.sample(range(0, 40), r.randint(1, 4))), decay_rate=warp(r, 0.1, 1.2))
        else:
            n = r.randint(2, 40)
            p.update(t_initial=n, decay_t=r.randint(0, n), lr_min=r.choice([0.0, 1e-3]), stable_fn=r.choice(["constant", "rsqrt", "power"]),
                     decay_fn=r.choice(["linear", "1-sqrt", "cosine", "power", "exp"]))
            if r.random() < 0.6:
                p["stable_timescale"] = r.randint(1, 20)
            if r.random() < 0.5:
                p.update(decay_power=r.choice([2.0, 0.5]), decay_ratio=0.05, stable_power=0.51)
        if r.random() < 0.2:
            p["t_in_epochs"] = False
        return p

    for name in ["CosineLRScheduler", "TanhLRScheduler", "PolyLRScheduler", "StepLRScheduler", "MultiStepLRScheduler", "WSDLRScheduler"]:
        for _ in range(count * 2):
            lr, params = rate(r), draw(name)
            case = {"schedule": name, "params": params, "base_lr": lr}

            def make():
                opt = optimizer(lr)
                return [opt, getattr(S, name)(opt, **params)]

            def step(state, t):
                if params.get("t_in_epochs", True):
                    state[1].step(t)
                else:
                    state[1].step_update(t)
            yield record(case, make, r.randint(1, 60), lambda s, t: s[0].param_groups[0]["lr"], step)
    for _ in range(count * 2):
        params = {"decay_rate": round(r.uniform(0.1, 0.9), 3), "patience_t": r.randint(0, 4), "cooldown_t": r.randint(0, 3),
                  "lr_min": r.choice([0, 0.01]), "threshold": r.choice([1e-4, 0.02]), "mode": r.choice(["min", "max"])}
        if r.random() < 0.5:
            params.update(warmup_t=r.randint(1, 6), warmup_lr_init=0.001)
        lr, metrics = rate(r), [m if m == m else 0.5 for m in moving(r, r.randint(5, 40))]
        opt = optimizer(lr)
        scheduler = S.PlateauLRScheduler(opt, **params)
        values = []
        for i, metric in enumerate(metrics):
            scheduler.step(i + 1, metric)
            values.append(opt.param_groups[0]["lr"])
        yield {"schedule": "PlateauLRScheduler", "params": params, "base_lr": lr, "metrics": metrics,
               "steps": len(values), "values": values}


def bare(name):
    """A package without what its `__init__` imports, so that one of its modules can be loaded alone."""
    outer, _, inner = name.rpartition(".")
    folders = sys.modules[outer].__path__ if outer else importlib.util.find_spec(name).submodule_search_locations
    package = types.ModuleType(name)
    package.__path__ = [os.path.join(folders[0], inner) if outer else folders[0]]
    sys.modules[name] = package
    return package


# --- Composer

def composer_cases(r, count):
    bare("composer")
    core = types.ModuleType("composer.core")
    sys.modules["composer.core"] = core
    for name in ["composer.utils", "composer.utils.string_enum"]:
        sys.modules[name] = types.ModuleType(name)
    import enum

    class StringEnum(enum.Enum):
        def __new__(cls, value):
            member = object.__new__(cls)
            member._value_ = value
            return member

        def __eq__(self, other):
            return self.value == (other.value if isinstance(other, enum.Enum) else str(other).lower())

        def __hash__(self):
            return hash(self.value)

        @classmethod
        def _missing_(cls, name):
            return next(m for m in cls if m.name.lower() == str(name).lower() or m.value == str(name).lower())

    sys.modules["composer.utils"].StringEnum = StringEnum
    sys.modules["composer.utils.string_enum"].StringEnum = StringEnum
    core.__path__ = [os.path.join(sys.modules["composer"].__path__[0], "core")]
    from composer.core.serializable import Serializable  # noqa: F401, what time.py needs
    from composer.core.time import Time, Timestamp, TimeUnit
    core.Time, core.TimeUnit, core.State = Time, TimeUnit, object
    bare("composer.optim")
    import composer.optim.scheduler as C

    def clock(t, context):
        """The state at batch t, as the trainer has it: the run's length is scaled beforehand."""
        length = context["dataloader_len"]
        most = Time.from_input(context["max_duration"], TimeUnit.EPOCH)
        most = Time(int(most.value * context["ssr"]), most.unit)
        stamp = Timestamp(epoch=t // length, batch=t, batch_in_epoch=t % length)
        state = types.SimpleNamespace(timestamp=stamp, max_duration=most, dataloader_len=Time(length, TimeUnit.BATCH))
        state.get_elapsed_duration = lambda: stamp.get(most.unit) / most
        return state

    def time(low=0):
        return r.choice([f"{r.randint(max(low, 1), 5)}ep", f"{r.randint(max(low, 1), 40)}ba", f"{r.choice([0.1, 0.3, 0.5, 0.9, 1])}dur"])

    def draw(name):
        p = {}
        if "WithWarmup" in name:
            p["t_warmup"] = r.choice([f"{r.randint(0, 8)}ba", "1ep", "0.1dur"])
            if r.random() < 0.4:
                p["scale_warmup"] = True
        if name == "StepScheduler":
            p.update(step_size=time(1), gamma=warp(r, 0.1, 1))
        elif name.startswith("MultiStep"):
            p.update(milestones=[time(1) for _ in range(r.randint(1, 3))], gamma=warp(r, 0.1, 1))
        elif name.startswith("Constant"):
            p.update(alpha=warp(r, 0.1, 1))
            if r.random() < 0.5:
                p["t_max"] = time(1) if "Warmup" not in name else "1dur"
        elif name.startswith("Linear"):
            p.update(alpha_i=r.choice([1.0, 0.5]), alpha_f=r.choice([0.0, 0.2]), t_max=time(1))
        elif name == "ExponentialScheduler":
            p.update(gamma=warp(r, 0.5, 1), decay_period=time(1))
        elif name == "CosineAnnealingWarmRestartsScheduler":
            p.update(t_0=time(1), t_mult=r.choice([1.0, 2.0, 1.5]), alpha_f=r.choice([0.0, 0.1]))
        elif name.startswith("Cosine"):
            p.update(t_max=time(1), alpha_f=r.choice([0.0, 0.1]))
        else:
            p.update(power=r.choice([1.0, 2.0, 0.5]), t_max=time(1), alpha_f=r.choice([0.0, 0.1]))
        return p

    names = ["StepScheduler", "MultiStepScheduler", "ConstantScheduler", "LinearScheduler", "ExponentialScheduler",
             "CosineAnnealingScheduler", "CosineAnnealingWarmRestartsScheduler", "PolynomialScheduler", "MultiStepWithWarmupScheduler",
             "ConstantWithWarmupScheduler", "LinearWithWarmupScheduler", "CosineAnnealingWithWarmupScheduler", "PolynomialWithWarmupScheduler"]
    for name in names:
        for _ in range(count):
            params, length = draw(name), r.randint(3, 12)
            context = {"max_duration": r.choice([f"{r.randint(1, 6)}ep", f"{r.randint(10, 50)}ba"]), "dataloader_len": length,
                       "ssr": r.choice([1.0, 1.0, 0.5, 2.0])}
            case = {"schedule": name, "params": params, "base_lr": 0.1, "context": context}
            yield record(case, lambda: getattr(C, name)(**params), r.randint(1, 60),
                         lambda s, t: 0.1 * s(clock(t, context), context["ssr"]), lambda s, t: None)


# --- fastai

def fastai_cases(r, count):
    import ast
    import functools
    import numpy as np
    from fastcore.basics import store_attr
    from fastcore.foundation import L

    folder = importlib.util.find_spec("fastai").submodule_search_locations[0]
    tree = ast.parse(open(os.path.join(folder, "callback", "schedule.py")).read())
    wanted = {"_Annealer", "sched_lin", "sched_cos", "sched_no", "sched_exp", "SchedLin", "SchedCos", "SchedNo", "SchedExp",
              "SchedPoly", "combine_scheds", "combined_cos", "fit_one_cycle", "fit_flat_cos", "fit_sgdr"}
    tree.body = [node for node in tree.body if getattr(node, "name", None) in wanted]
    F = {"functools": functools, "np": np, "L": L, "tensor": torch.tensor, "torch": torch, "math": math, "store_attr": store_attr,
         "Learner": object, "patch": lambda f: f, "ParamScheduler": lambda scheds: scheds}
    F["tensor"] = lambda x: torch.tensor(list(x), dtype=torch.float32)
    exec(compile(tree, "schedule.py", "exec"), F)

    def run(name, params):
        """What the policy gives at each batch: fastai counts the share of training up as this does."""
        params = dict(params)
        batches = params.pop("batches_per_epoch")
        found = {}

        class Group:
            hypers = [{"lr": 0.1}]

            def set_hyper(self, key, value):
                self.hypers[0][key] = value

        class Scheds(dict):
            def __add__(self, other):
                return self
        F["ParamScheduler"] = Scheds
        learner = types.SimpleNamespace(opt=Group(), lr=0.1, moms=(0.95, 0.85, 0.95), fit=lambda n, cbs, **_: found.update(n=n, s=cbs))
        F[name](learner, **params)
        rates, momenta = [], []
        epochs = int(found["n"])
        for epoch in range(epochs):
            share = epoch / epochs
            for _ in range(batches):
                rates.append(float(np.ravel(found["s"]["lr"](share))[0]))
                if "mom" in found["s"]:
                    momenta.append(float(found["s"]["mom"](share)))
                share += 1.0 / (batches * epochs)
        return rates, momenta

    for name in ["fit_one_cycle", "fit_flat_cos", "fit_sgdr"]:
        for _ in range(count):
            batches = r.randint(1, 15)
            if name == "fit_one_cycle":
                p = {"n_epoch": r.randint(1, 4), "lr_max": rate(r), "div": warp(r, 2, 30), "div_final": warp(r, 10, 1e5),
                     "pct_start": round(r.uniform(0.05, 0.9), 2), "moms": [0.95, 0.85, 0.95]}
            elif name == "fit_flat_cos":
                p = {"n_epoch": r.randint(1, 4), "lr": rate(r), "div_final": warp(r, 10, 1e5), "pct_start": round(r.uniform(0.05, 0.9), 2)}
            else:
                p = {"n_cycles": r.randint(1, 3), "cycle_len": r.randint(1, 3), "lr_max": rate(r), "cycle_mult": r.randint(2, 3)}
            p["batches_per_epoch"] = batches
            lr, momenta = run(name, p)
            case = {"schedule": name, "params": p, "base_lr": 0.1, "steps": len(lr), "values": lr, "rtol": 2e-5}
            if momenta:
                case["momentum"] = momenta
            yield case


# --- pytorch_optimizer

def pytorch_optimizer_cases(r, count):
    bare("pytorch_optimizer")
    import pytorch_optimizer.lr_scheduler as P
    for name in ["REXScheduler", "LinearScheduler", "CosineScheduler", "PolyScheduler", "CosineAnnealingWarmupRestarts",
                 "chebyshev", "get_wsd_schedule"]:
        for _ in range(count):
            lr, n, w = rate(r), r.randint(2, 40), r.randint(0, 8)
            if name == "REXScheduler":
                params = {"total_steps": n, "max_lr": lr, "min_lr": r.choice([0.0, 0.01])}
            elif name == "chebyshev":
                params = {"num_epochs": r.choice([n, 8, 16, 4])}
                if r.random() < 0.2:
                    params["is_warmup"] = True
            elif name == "get_wsd_schedule":
                params = {"num_warmup_steps": w, "num_stable_steps": r.randint(0, 20), "num_decay_steps": r.randint(1, 20),
                          "min_lr_ratio": r.choice([0.0, 0.1]), "cooldown_type": r.choice(["1-sqrt", "linear", "1-square", "cosine"])}
            elif name == "CosineAnnealingWarmupRestarts":
                params = {"first_cycle_steps": n + w, "cycle_mult": r.choice([1.0, 2.0, 1.5]), "max_lr": lr, "min_lr": 0.0005 * lr,
                          "warmup_steps": w, "gamma": r.choice([1.0, 0.5])}
            else:
                params = {"t_max": n + w, "max_lr": lr, "min_lr": r.choice([0.0, 1e-3 * lr]), "init_lr": r.choice([0.0, 1e-3 * lr]), "warmup_steps": w}
                if name == "PolyScheduler":
                    params["poly_order"] = r.choice([0.5, 2.0])
            case = {"schedule": name, "params": params, "base_lr": lr}

            def make():
                opt = optimizer(lr)
                function = P.get_chebyshev_schedule if name == "chebyshev" else getattr(P, name)
                scheduler = function(opt, **params)
                if name == "REXScheduler":
                    scheduler.step()  # It is stepped before each update.
                return [opt, scheduler]

            def step(state, t):
                state[1].step()
            steps = params.get("num_epochs") or r.randint(1, 60)
            yield record(case, make, steps, lambda s, t: s[0].param_groups[0]["lr"], step)


def main():
    folder, count, seed = sys.argv[1], int((sys.argv + [12])[2] if len(sys.argv) > 2 else 12), int(sys.argv[3]) if len(sys.argv) > 3 else 1
    versions = {"torch": "torch", "keras": "keras", "optax": "optax", "transformers": "transformers", "timm": "timm",
                "composer": "mosaicml", "fastai": "fastai", "pytorch_optimizer": "pytorch_optimizer"}
    chosen = sys.argv[4].split(",") if len(sys.argv) > 4 else list(versions)
    for library in chosen:
        r = random.Random(f"{seed} {library}")
        cases = globals()[f"{library}_cases"](r, count)
        rows = []
        for index, case in enumerate(cases):
            head = {"id": f"{library}/random/{index:04}", "library": library,
                    "version": importlib.metadata.version(versions[library])}
            rows.append(json.dumps(head | case))
        with open(os.path.join(folder, f"{library}.json"), "w") as file:
            file.write("[\n" + ",\n".join(rows) + "\n]\n")
        print(library, len(rows))


if __name__ == "__main__":
    main()
