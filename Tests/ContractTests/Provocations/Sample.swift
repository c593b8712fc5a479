import TestSupport
import Testing

/// A job as the contract test submits it.
struct Sample: Sendable, CustomTestStringConvertible {
    let title: String
    let body: JSONValue

    var testDescription: String { title }

    /// A job on made-up data that trains in well under a second.
    static let small: JSONValue = [
        "name": "small",
        "dataset": ["name": "spirals"],
        "model": ["type": "mlp", "hidden": [16]],
        "optimizer": ["type": "sgd", "momentum": 0.9],
        "schedule": ["type": "cosine", "learning_rate": 0.1],
        "epochs": 2,
        "batch_size": 32,
        "seed": 1,
        "labels": ["team": "contract"],
    ]

    /// The small job in YAML, with what JSON cannot say left out.
    static let yaml = """
        dataset: {name: spirals}
        model: {type: softmax}
        schedule:
          type: constant
          learning_rate: 0.01
        steps: 20
        """

    /// The small job with some members replaced; `nil` removes one.
    static func job(_ changes: [String: JSONValue?]) -> JSONValue {
        var body = small
        for (name, value) in changes { body[name] = value }
        return body
    }

    /// The small job under another schedule.
    static func job(under schedule: JSONValue) -> JSONValue {
        job(["schedule": schedule])
    }

    /// Jobs that are accepted.
    static let accepted = [
        Sample(title: "small", body: small),
        Sample(
            title: "a script that runs anywhere",
            body: [
                "kind": "external", "name": "cnn", "epochs": 2.5, "steps_per_epoch": 40,
                "schedule": [
                    "type": "reduce_on_plateau", "learning_rate": 0.1, "factor": 0.5,
                    "patience": 1, "monitor": "val/perplexity",
                ],
                "seed": 3, "labels": ["team": "contract"], "notes": "mine", "priority": 1,
                "maximum_attempts": 1, "checkpoint": ["every": ["steps": 10], "keep": 2],
            ]
        ),
        Sample(
            title: "a command",
            body: [
                "kind": "command", "argv": ["python3", "train.py", "--fast"],
                "environment": ["OMP_NUM_THREADS": "1"], "working_directory": "/tmp",
                "limits": [
                    "memory_bytes": 1_000_000_000, "cpu_seconds": 60, "file_bytes": 1_000,
                    "output_bytes": 1_000,
                ],
                "schedule": ["type": "cosine", "learning_rate": 0.1], "steps": 10,
            ]
        ),
        Sample(title: "the least of a command", body: ["kind": "command", "argv": ["true"]]),
        Sample(
            title: "the least",
            body: ["dataset": ["name": "spirals"], "model": ["type": "softmax"]]
        ),
        Sample(title: "steps", body: job(["epochs": nil, "steps": 30])),
        Sample(title: "an epoch and a half", body: job(["epochs": 1.5])),
        Sample(
            title: "everything beside the model",
            body: job([
                "kind": "train", "shuffle": false, "drop_last": true, "evaluation_batch_size": 64,
                "evaluate": ["every": ["steps": 5], "monitor": "val_acc", "mode": "max"],
                "seeds": ["initial": 1, "order": 2, "dropout": 3, "augmentation": 4],
                "notes": "Two\nlines.", "priority": -5,
                "maximum_attempts": 1, "maximum_seconds": 0.5,
                "not_before": "2100-02-28T23:59:59.25+01:00",
            ])
        ),
        Sample(title: "no type", body: job(under: ["learning_rate": 0.1, "warmup": nil])),
        Sample(
            title: "all of a dataset",
            body: job([
                "dataset": [
                    "name": "spirals",
                    "validation": ["fraction": 0.2, "stratified": false, "seed": 3],
                    "normalize": ["mean": 0.5, "std": 2],
                ]
            ])
        ),
        Sample(
            title: "no validation",
            body: job(["dataset": ["name": "spirals", "validation": nil, "normalize": nil]])
        ),
        Sample(
            title: "adam",
            body: job(["optimizer": ["type": "adam", "betas": [0.9, 0.99], "eps": 1e-7]])
        ),
        Sample(
            title: "nadam",
            body: job(["optimizer": ["type": "nadam", "momentum_decay": 0.01]])
        ),
        Sample(
            title: "rmsprop",
            body: job(["optimizer": ["type": "rmsprop", "centered": true, "momentum": 0.5]])
        ),
        Sample(
            title: "adagrad",
            body: job(["optimizer": ["type": "adagrad", "initial_accumulator_value": 0.1]])
        ),
        Sample(title: "lion", body: job(["optimizer": ["type": "lion", "betas": [0.9, 0.98]]])),
        Sample(
            title: "everything around an update",
            body: job([
                "optimizer": [
                    "type": "sgd", "dampening": 0.1, "weight_decay": 0.01,
                    "weight_decay_exclude": ["bias", "norm"],
                    "weight_decay_coupling": "schedule", "gradient_clip": ["norm": 1],
                    "groups": [["match": "0.*", "rate_factor": 0.5, "weight_decay": 0]],
                    "layer_decay": 0.9, "ema": ["decay": 0.9, "evaluate": true],
                ],
                "gradient_accumulation": 2, "on_non_finite": "rollback",
            ])
        ),
        Sample(
            title: "an early end",
            body: job([
                "epochs": 50,
                "early_stopping": [
                    "monitor": "validation_accuracy", "mode": "max", "patience": 1,
                    "min_delta": 0.9, "start_after": ["epochs": 1], "restore_best": true,
                ],
                "evaluate": ["test": "never"], "on_non_finite": "skip_step",
            ])
        ),
        Sample(title: "adamw by default", body: job(["optimizer": ["weight_decay": 0.1]])),
        Sample(title: "constant", body: job(under: ["type": "constant", "learning_rate": 0.1])),
        Sample(
            title: "step",
            body: job(under: [
                "type": "step", "learning_rate": 0.1, "every": ["epochs": 1], "factor": 0.5,
            ])
        ),
        Sample(
            title: "multi_step",
            body: job(under: [
                "type": "multi_step", "learning_rate": 0.1, "milestones": ["steps": [5, 9]],
                "factor": 0.5,
            ])
        ),
        Sample(
            title: "exponential",
            body: job(under: [
                "type": "exponential", "learning_rate": 0.1, "factor": 0.5, "staircase": true,
            ])
        ),
        Sample(
            title: "linear after a warm-up",
            body: job(under: [
                "type": "linear", "learning_rate": 0.1, "to": ["fraction_of_peak": 0.1],
                "over": "50%", "floor": 0.001, "warmup": ["length": ["steps": 3], "from": 0.01],
            ])
        ),
        Sample(
            title: "reduce_on_plateau",
            body: job(under: [
                "type": "reduce_on_plateau", "learning_rate": 0.1, "factor": 0.5, "patience": 1,
            ])
        ),
    ]

    /// Jobs that are refused with 422, as the schema alone can tell.
    static let refusedBySchema =
        refusedScripts + [
            Sample(title: "an unknown field", body: job(["schedul": 1])),
            Sample(title: "a field of another tool", body: job(["lr": 0.1])),
            Sample(title: "no dataset", body: job(["dataset": nil])),
            Sample(title: "negative epochs", body: job(["epochs": -1])),
            Sample(title: "no epochs", body: job(["epochs": 0])),
            Sample(title: "half a step", body: job(["epochs": nil, "steps": 1.5])),
            Sample(title: "a label without a name", body: job(["labels": ["": "vision"]])),
            Sample(
                title: "a rate of 0",
                body: job(under: ["type": "constant", "learning_rate": 0])
            ),
            Sample(title: "epochs and steps", body: job(["steps": 10])),
            Sample(title: "text for a number", body: job(["batch_size": "32"])),
            Sample(title: "a list", body: []),
            Sample(title: "an unknown kind", body: job(["kind": "dance"])),
            Sample(title: "an unknown model", body: job(["model": ["type": "transformer"]])),
            Sample(
                title: "a momentum of 1",
                body: job(["optimizer": ["type": "sgd", "momentum": 1]])
            ),
            Sample(
                title: "a limit of norm and value",
                body: job(["optimizer": ["gradient_clip": ["norm": 1, "value": 1]]])
            ),
            Sample(title: "no patience", body: job(["early_stopping": ["patience": 0]])),
            Sample(title: "an unknown policy", body: job(["on_non_finite": "ignore"])),
            Sample(
                title: "a bare number for a length",
                body: job(under: ["type": "step", "learning_rate": 0.1, "every": 5, "factor": 0.5])
            ),
            Sample(
                title: "NaN as text",
                body: job(under: ["type": "constant", "learning_rate": "NaN"])
            ),
            Sample(
                title: "a validation part of everything",
                body: job(["dataset": ["name": "spirals", "validation": ["fraction": 1]]])
            ),
        ]

    private static let refusedScripts = [
        Sample(
            title: "a script without steps",
            body: [
                "kind": "external", "schedule": ["type": "constant", "learning_rate": 0.1],
            ]
        ),
        Sample(title: "a script without a schedule", body: ["kind": "external", "steps": 10]),
        Sample(title: "a command of nothing", body: ["kind": "command", "argv": []]),
        Sample(
            title: "a script with a model",
            body: [
                "kind": "external", "steps": 10, "model": ["type": "mlp"],
                "schedule": ["type": "constant", "learning_rate": 0.1],
            ]
        ),
        Sample(
            title: "a variable without a name",
            body: ["kind": "command", "argv": ["true"], "environment": ["": "1"]]
        ),
    ]

    /// Jobs that are refused with 422, as only the server can tell.
    static let refusedByService = [
        Sample(
            title: "steps of a command without a schedule",
            body: ["kind": "command", "argv": ["true"], "steps": 10]
        ),
        Sample(title: "an unknown dataset", body: job(["dataset": ["name": "fashion-mnits"]])),
        Sample(title: "no rate for sgd", body: job(["schedule": nil])),
        Sample(
            title: "a floor above the peak",
            body: job(under: ["type": "cosine", "learning_rate": 0.1, "floor": 0.2])
        ),
        Sample(
            title: "milestones that fall on one step",
            body: job(under: [
                "type": "multi_step", "learning_rate": 0.1, "milestones": ["3ba", "3ba"],
            ])
        ),
        Sample(
            title: "a batch larger than the data",
            body: job(["batch_size": 1_000_000, "drop_last": true])
        ),
        Sample(
            title: "a group of no tensor",
            body: job(["optimizer": ["type": "sgd", "groups": [["match": "9.weight"]]]])
        ),
        Sample(
            title: "a momentum for adagrad",
            body: job([
                "optimizer": ["type": "adagrad"],
                "schedule": ["type": "one_cycle", "learning_rate": 0.1],
            ])
        ),
        Sample(
            title: "a monitor without validation",
            body: job([
                "dataset": ["name": "spirals", "validation": nil],
                "schedule": [
                    "type": "reduce_on_plateau", "learning_rate": 0.1, "factor": 0.5,
                    "patience": 1,
                ],
            ])
        ),
    ]
}
