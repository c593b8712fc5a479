import TestSupport

extension Sample {
    /// A schedule of each native type, for a run of 40 steps in epochs of 10.
    static let schedules: [Sample] = [
        schedule("constant", ["floor": 0.01, "warmup": ["length": "2ba", "from": 0.05]]),
        schedule("step", ["every": ["steps": 5], "factor": 0.5]),
        schedule("multi_step", ["milestones": ["10ba", ["fraction": 0.5], "75%"], "factor": 0.5]),
        schedule(
            "piecewise_constant",
            ["boundaries": ["epochs": [1, 2.5]], "values": [0.1, ["fraction_of_peak": 0.1], 0]]
        ),
        schedule("exponential", ["factor": 0.5, "staircase": true]),
        schedule("inverse_time", ["factor": 0.5, "every": "5ba"]),
        schedule("linear", ["to": ["fraction_of_peak": 0.1], "over": "50%"]),
        schedule("polynomial", ["power": 2, "progress_power": 1.5]),
        schedule("cosine", ["warmup": ["length": ["epochs": 1], "shape": "one_minus_sqrt"]]),
        schedule(
            "cosine_restarts",
            ["first_cycle": ["epochs": 1], "cycle_factor": 1.5, "peak_factor": 0.5, "to": 0.001]
        ),
        schedule(
            "cyclic",
            [
                "rise": "4ba", "fall": "6ba", "shape": "exponential", "factor": 0.9,
                "momentum": ["high": 0.9, "low": 0.8],
            ]
        ),
        schedule("one_cycle", ["momentum": ["high": 0.95, "low": 0.8], "end_divisor": 100]),
        schedule("inverse_square_root", ["timescale": ["steps": 10]]),
        schedule("noam", ["rise": ["steps": 10]]),
        schedule("power", ["timescale": "10%", "power": 0.5]),
        schedule(
            "warmup_stable_decay",
            ["cooldown": "30%", "cooldown_shape": "power", "cooldown_power": 2]
        ),
        schedule("rex", [:]),
        schedule("tanh", ["lower": -6, "upper": 3]),
        schedule("chebyshev", ["every": "3ba", "ratio": 10]),
        schedule(
            "interpolated",
            [
                "knots": [
                    ["at": ["steps": 0], "rate": 0.01], ["at": "1ep", "rate": 0.1],
                    ["at": ["fraction": 0.9], "rate": ["fraction_of_peak": 0]],
                ],
                "shape": "cosine",
            ]
        ),
        schedule(
            "reduce_on_plateau",
            ["monitor": "val_acc", "mode": "max", "threshold_mode": "abs", "patience": 0]
        ),
        schedule("greedy", ["factor": 0.5, "patience": 0, "start": 0.05, "window": 2]),
        schedule(
            "sequence",
            [
                "phases": [
                    ["type": "one_cycle", "length": ["epochs": 2], "learning_rate": 0.2],
                    [
                        "type": "cosine", "floor": 0.001,
                        "warmup": ["length": ["steps": 4], "from": ["fraction_of_peak": 0.5]],
                    ],
                ]
            ]
        ),
        schedule(
            "product",
            ["factors": [["type": "cosine"], ["type": "cyclic", "rise": "4ba", "base": 0.5]]]
        ),
    ]

    /// Schedules that are refused with 422, as the schema alone can tell.
    static let refusedSchedules: [Sample] = [
        schedule("cosign", [:]),
        schedule("constant", ["factor": 0.5]),
        schedule("constant", ["library": "torch"]),
        schedule("multi_step", [:]),
        schedule("multi_step", ["milestones": []]),
        schedule("multi_step", ["milestones": ["epochs": [0]]]),
        schedule("exponential", ["factor": 0]),
        schedule("polynomial", ["power": -1]),
        schedule("cosine_restarts", ["first_cycle": "1ep", "peak_factor": 1.5]),
        schedule("cyclic", ["rise": "4ba", "shape": "square"]),
        schedule("one_cycle", ["momentum": ["high": 1, "low": 0.8]]),
        schedule("one_cycle", ["momentum": 0.9]),
        schedule("warmup_stable_decay", ["cooldown": 0.2]),
        schedule("chebyshev", ["ratio": 1]),
        schedule("interpolated", ["knots": [["at": 0, "rate": 0.1]]]),
        schedule("reduce_on_plateau", ["monitor": ""]),
        schedule("greedy", ["window": 0]),
        schedule("sequence", ["phases": []]),
        schedule("sequence", ["phases": [["length": "1ep"]]]),
        schedule("product", ["factors": [["type": "cosine", "learning_rate": 1]]]),
    ]

    private static func schedule(_ type: String, _ rest: [String: JSONValue]) -> Sample {
        let common: [String: JSONValue] = ["type": .string(type), "learning_rate": 0.1]
        let parameters = rest.isEmpty ? "nothing more" : "\(JSONValue.object(rest))"
        return Sample(
            title: "\(type) with \(parameters)",
            body: .object(common.merging(rest) { $1 })
        )
    }
}
