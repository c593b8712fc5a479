import Schedules
import Testing

/// A library's scheduler that the native vocabulary can say exactly.
struct ConvertedCase: Sendable, CustomTestStringConvertible {
    let library: Library
    let name: String
    let parameters: [String: LibraryValue]

    var testDescription: String { "\(library.rawValue) \(name) \(parameters)" }

    static let exact = table.map { library, name, parameters in
        ConvertedCase(library: library, name: name, parameters: parameters)
    }

    private static let table: [(Library, String, [String: LibraryValue])] = [
        (.torch, "StepLR", ["step_size": 7, "gamma": 0.5]),
        (.torch, "MultiStepLR", ["milestones": [30, 5], "gamma": 0.1]),
        (.torch, "MultiStepLR", ["milestones": [0, 5, 5, 12], "gamma": 0.5]),
        (.torch, "ConstantLR", ["factor": 0.5, "total_iters": 4]),
        (.torch, "LinearLR", ["start_factor": 0.25, "total_iters": 9]),
        (.torch, "LinearLR", ["start_factor": 1, "end_factor": 0, "total_iters": 60]),
        (.torch, "ExponentialLR", ["gamma": 0.9]),
        (.torch, "MultiplicativeLR", ["constant": 0.95]),
        (.torch, "PolynomialLR", ["total_iters": 40, "power": 0.5]),
        (.torch, "CosineAnnealingLR", ["T_max": 60, "eta_min": 0.001]),
        (.torch, "CosineAnnealingWarmRestarts", ["T_0": 4, "T_mult": 2]),
        (
            .torch, "CyclicLR",
            ["base_lr": 0.01, "max_lr": 0.1, "step_size_up": 5, "mode": "triangular2"]
        ),
        (
            .torch, "CyclicLR",
            [
                "base_lr": 0.01, "max_lr": 0.1, "step_size_up": 5, "mode": "exp_range",
                "gamma": 0.97,
            ]
        ),
        (.torch, "OneCycleLR", ["max_lr": 0.3, "total_steps": 60]),
        (
            .torch, "SequentialLR",
            [
                "milestones": [10],
                "schedulers": [
                    [
                        "schedule": "LinearLR",
                        "params": ["start_factor": 0.1, "total_iters": 10],
                    ],
                    ["schedule": "CosineAnnealingLR", "params": ["T_max": 50]],
                ],
            ]
        ),
        (
            .torch, "ChainedScheduler",
            [
                "schedulers": [
                    [
                        "schedule": "LinearLR",
                        "params": ["start_factor": 0.5, "total_iters": 4],
                    ],
                    ["schedule": "ConstantLR", "params": ["factor": 0.1, "total_iters": 20]],
                    ["schedule": "ExponentialLR", "params": ["gamma": 0.9]],
                ]
            ]
        ),
        (.transformers, "linear", ["num_warmup_steps": 0, "num_training_steps": 60]),
        (
            .transformers, "cosine_with_restarts",
            ["num_warmup_steps": 0, "num_training_steps": 60, "num_cycles": 3]
        ),
        (
            .transformers, "warmup_stable_decay",
            [
                "num_warmup_steps": 0, "num_training_steps": 60, "num_decay_steps": 20,
                "decay_type": "1-sqrt", "min_lr_ratio": 0.1,
            ]
        ),
        (
            .keras, "PiecewiseConstantDecay",
            ["boundaries": [10, 20], "values": [1, 0.5, 0.1]]
        ),
        (
            .keras, "InverseTimeDecay",
            [
                "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5,
                "staircase": true,
            ]
        ),
        (
            .optax, "exponential_decay",
            ["init_value": 0.1, "transition_steps": 10, "decay_rate": 0.5, "end_value": 0.02]
        ),
        (
            .optax, "piecewise_constant_schedule",
            ["init_value": 1, "boundaries_and_scales": ["10": 0.1, "20": 0.5]]
        ),
        (.timm, "MultiStepLRScheduler", ["decay_t": [10, 20], "decay_rate": 0.1]),
        (.timm, "CosineLRScheduler", ["t_initial": 60, "k_decay": 2]),
        (
            .timm, "CosineLRScheduler",
            [
                "t_initial": 20, "cycle_mul": 2, "cycle_decay": 0.5, "cycle_limit": 2,
                "lr_min": 0.01, "warmup_t": 0,
            ]
        ),
        (
            .timm, "StepLRScheduler",
            ["decay_t": 10, "decay_rate": 0.5, "warmup_t": 5, "warmup_lr_init": 0.01]
        ),
        (.timm, "WSDLRScheduler", ["t_initial": 60, "decay_t": 20, "decay_fn": "cosine"]),
        (.torch, "LambdaLR", ["table": [1, 0.5, 0.5, 0.25]]),
        (.transformers, "linear", ["num_warmup_steps": 9, "num_training_steps": 60]),
        (.transformers, "cosine", ["num_warmup_steps": 60, "num_training_steps": 60]),
        (
            .keras, "CosineDecayRestarts",
            ["initial_learning_rate": 0.1, "first_decay_steps": 10, "alpha": 0.1]
        ),
        (
            .optax, "linear_schedule",
            [
                "init_value": 0.01, "end_value": 0.1, "transition_steps": 20,
                "transition_begin": 5,
            ]
        ),
        (
            .optax, "exponential_decay",
            [
                "init_value": 0.1, "transition_steps": 10, "decay_rate": 0.5,
                "transition_begin": 7,
            ]
        ),
        (
            .optax, "piecewise_interpolate_schedule",
            [
                "interpolate_type": "cosine", "init_value": 1,
                "boundaries_and_scales": ["10": 0.1, "20": 5],
            ]
        ),
        (.optax, "linear_onecycle_schedule", ["transition_steps": 60, "peak_value": 0.1]),
        (.optax, "cosine_onecycle_schedule", ["transition_steps": 60, "peak_value": 0.1]),
        (
            .optax, "warmup_constant_schedule",
            ["init_value": 0, "peak_value": 0.1, "warmup_steps": 10]
        ),
        (
            .optax, "warmup_cosine_decay_schedule",
            [
                "init_value": 0.01, "peak_value": 0.1, "warmup_steps": 10, "decay_steps": 50,
                "end_value": 0.001,
            ]
        ),
        (
            .optax, "warmup_exponential_decay_schedule",
            [
                "init_value": 0, "peak_value": 0.1, "warmup_steps": 10, "transition_steps": 5,
                "decay_rate": 0.9,
            ]
        ),
        (
            .optax, "sgdr_schedule",
            [
                "cosine_kwargs": [
                    [
                        "init_value": 0, "peak_value": 0.1, "warmup_steps": 5,
                        "decay_steps": 25,
                    ],
                    [
                        "init_value": 0, "peak_value": 0.05, "warmup_steps": 5,
                        "decay_steps": 50,
                    ],
                ]
            ]
        ),
        (
            .optax, "join_schedules",
            [
                "boundaries": [20],
                "schedules": [
                    ["schedule": "constant_schedule", "params": ["value": 0.1]],
                    [
                        "schedule": "cosine_decay_schedule",
                        "params": ["init_value": 0.1, "decay_steps": 40],
                    ],
                ],
            ]
        ),
        (.composer, "StepScheduler", ["step_size": "2ep", "gamma": 0.5]),
        (.composer, "MultiStepScheduler", ["milestones": ["1ep", "30ba"]]),
        (.composer, "ConstantScheduler", ["alpha": 0.5, "t_max": "20ba"]),
        (.composer, "LinearScheduler", ["alpha_i": 0.2, "alpha_f": 1, "t_max": "0.5dur"]),
        (.composer, "ExponentialScheduler", ["gamma": 0.9]),
        (.composer, "CosineAnnealingScheduler", ["alpha_f": 0.1]),
        (.composer, "CosineAnnealingWarmRestartsScheduler", ["t_0": "7ba", "t_mult": 1.5]),
        (.composer, "CosineAnnealingWarmRestartsScheduler", ["t_0": "7ba", "t_mult": 2]),
        (.composer, "PolynomialScheduler", ["power": 2]),
        (
            .composer, "MultiStepWithWarmupScheduler",
            ["t_warmup": "1ep", "milestones": ["5ba", "3ep"], "gamma": 0.5]
        ),
        (.composer, "ConstantWithWarmupScheduler", ["t_warmup": "1ep", "alpha": 0.5]),
        (.composer, "LinearWithWarmupScheduler", ["t_warmup": "1ep", "alpha_f": 0.1]),
        (.composer, "CosineAnnealingWithWarmupScheduler", ["t_warmup": "0.1dur"]),
        (.composer, "PolynomialWithWarmupScheduler", ["t_warmup": "10ba", "alpha_f": 0.2]),
        (.fastai, "SchedLin", ["start": 0.1, "end": 0.01]),
        (.fastai, "SchedCos", ["start": 0.01, "end": 0.1]),
        (.fastai, "SchedNo", ["start": 0.1, "end": 0.01]),
        (.fastai, "SchedExp", ["start": 0.1, "end": 0.001]),
        (.fastai, "SchedPoly", ["start": 0.1, "end": 0.01, "power": 3]),
        (.pytorchOptimizer, "chebyshev", ["num_epochs": 8]),
        (
            .pytorchOptimizer, "get_wsd_schedule",
            ["num_warmup_steps": 10, "num_stable_steps": 20, "num_decay_steps": 20]
        ),
        (
            .pytorchOptimizer, "get_wsd_schedule",
            [
                "num_warmup_steps": 0, "num_stable_steps": 20, "num_decay_steps": 20,
                "min_lr_ratio": 0.1, "cooldown_type": "linear",
            ]
        ),
        (
            .pytorchOptimizer, "CosineScheduler",
            ["t_max": 60, "max_lr": 0.1, "min_lr": 0.001, "warmup_steps": 10]
        ),
        (.pytorchOptimizer, "LinearScheduler", ["t_max": 60, "max_lr": 0.1]),
        (
            .pytorchOptimizer, "CosineAnnealingWarmupRestarts",
            [
                "first_cycle_steps": 20, "cycle_mult": 1.5, "max_lr": 0.1, "min_lr": 0.001,
                "warmup_steps": 4,
            ]
        ),
    ]
}
