import Schedules
import Testing
import TrainingAPI

/// A written schedule, by its fields.
struct ScheduleSample: Sendable, CustomTestStringConvertible {
    /// The name of its type.
    let type: String
    /// The fields beside `type` and `learning_rate`, as JSON.
    var fields: [String: String]

    /// The schedule as JSON, under a peak of 0.1.
    var json: String {
        let all = fields.merging(["type": "\"\(type)\"", "learning_rate": "0.1"]) { own, _ in own }
        return
            "{\(all.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }.joined(separator: ", "))}"
    }

    var testDescription: String { json }

    /// The same schedule with a field set.
    func setting(_ name: String, _ json: String) -> ScheduleSample {
        ScheduleSample(type: type, fields: fields.merging([name: json]) { $1 })
    }

    /// The least that each type must say.
    static let least: [ScheduleSample] = ScheduleCatalogue.types.map { type in
        ScheduleSample(type: type.name, fields: required[type.name] ?? [:])
    }

    private static let required: [String: [String: String]] = [
        "multi_step": ["milestones": #"{"epochs": [1, 2.5]}"#],
        "piecewise_constant": ["boundaries": #"["10ba"]"#, "values": "[0.1, 0.01]"],
        "exponential": ["factor": "0.5"],
        "cosine_restarts": ["first_cycle": #""1ep""#],
        "cyclic": ["rise": #""4ba""#],
        "interpolated": ["knots": #"[{"at": "1ep", "rate": 0.01}]"#],
        "sequence": ["phases": #"[{"type": "constant"}]"#],
        "product": ["factors": #"[{"type": "cosine"}]"#],
    ]

    /// Schedules that say what they can, in every form in which it can be said.
    static let rich: [ScheduleSample] = [
        .init(
            type: "constant",
            fields: [
                "floor": "0.001",
                "warmup":
                    #"{"length": {"epochs": 1.5}, "from": {"fraction_of_peak": 0.3}, "shape": "cosine"}"#,
            ]
        ),
        .init(type: "constant", fields: ["warmup": "null", "floor": "0"]),
        .init(
            type: "multi_step",
            fields: ["milestones": #"["5ba", {"epochs": 1}, "0.5dur", "75%"]"#, "factor": "1e-1"]
        ),
        .init(
            type: "piecewise_constant",
            fields: [
                "boundaries": #"{"fraction": [0.1, 0.25, 0.9]}"#,
                "values": #"[0, 0.30000000000000004, {"fraction_of_peak": 2}, 1e-320]"#,
            ]
        ),
        .init(
            type: "cosine_restarts",
            fields: [
                "first_cycle": "{\"steps\": 1000000000}", "cycle_factor": "1", "peak_factor": "1.0",
                "to": "{\"fraction_of_peak\": 1}",
            ]
        ),
        .init(
            type: "cyclic",
            fields: [
                "rise": "\"4ba\"", "fall": "{\"steps\": 6.0}", "shape": "\"exponential\"",
                "factor": "1", "momentum": #"{"high": 0.9, "low": 0}"#, "base": "0.1",
            ]
        ),
        .init(type: "one_cycle", fields: ["momentum": "null", "over": "\"50%\""]),
        .init(
            type: "warmup_stable_decay",
            fields: ["cooldown_shape": "\"power\"", "cooldown_power": "0.25"]
        ),
        .init(
            type: "warmup_stable_decay",
            fields: ["cooldown_shape": "\"exponential\"", "cooldown_ratio": "0.25"]
        ),
        .init(type: "tanh", fields: ["lower": "-0.0", "upper": "3E0"]),
        .init(
            type: "interpolated",
            fields: [
                "knots": #"""
                [{"at": {"steps": 0}, "rate": 0}, {"at": "1ep", "rate": 0.1},
                 {"at": {"fraction": 0.9}, "rate": {"fraction_of_peak": 0}}]
                """#
            ]
        ),
        .init(
            type: "reduce_on_plateau",
            fields: ["monitor": "\"val_acc\"", "mode": "\"min\"", "threshold": "0"]
        ),
        .init(
            type: "sequence",
            fields: [
                "phases": #"""
                [{"type": "one_cycle", "length": "1ep", "learning_rate": 0.3, "floor": 0.2},
                 {"type": "sequence", "length": "2ep", "phases": [{"type": "rex"}],
                  "warmup": {"length": "5ba"}},
                 {"type": "product", "factors": [{"type": "cosine"}, {"type": "step"}]}]
                """#
            ]
        ),
        .init(
            type: "product",
            fields: [
                "factors": #"""
                [{"type": "sequence", "phases": [{"type": "noam", "warmup": {"length": "1ep"}}]},
                 {"type": "greedy", "start": 0.5}, {"type": "constant"}]
                """#
            ]
        ),
    ]
}

/// The schedule in `text`, with what is wrong with it as pairs of pointer and code.
func readSchedule(
    _ text: String,
    as format: BodyFormat = .json
) throws -> (schedule: Schedule?, faults: [String]) {
    let (document, faults) = try format.read(Array(text.utf8))
    var context = DecodingContext(faults: faults)
    let schedule = Schedule(document, at: .root, standardPeak: nil, &context)
    return (schedule, context.faults.map { "\($0.pointer) \($0.code.rawValue)" })
}
