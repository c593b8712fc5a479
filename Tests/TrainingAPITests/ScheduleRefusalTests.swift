import Schedules
import Testing

@testable import TrainingAPI

@Suite struct ScheduleRefusalTests {
    @Test(arguments: ScheduleSample.least)
    func `refuses what is outside a parameter's range at its pointer`(
        sample: ScheduleSample
    ) throws {
        let type = try #require(ScheduleCatalogue.type(named: sample.type))
        for parameter in type.parameters {
            for (json, place) in parameter.kind.unfit {
                let faults = try readSchedule(sample.setting(parameter.name, json).json).faults
                #expect(faults == ["/\(parameter.name)\(place)"], "\(parameter.name): \(json)")
            }
        }
    }

    @Test(arguments: ScheduleSample.least)
    func `takes the bounds that belong to a parameter's range`(sample: ScheduleSample) throws {
        let type = try #require(ScheduleCatalogue.type(named: sample.type))
        for parameter in type.parameters {
            for json in parameter.kind.extremes {
                let faults = try readSchedule(sample.setting(parameter.name, json).json).faults
                #expect(!faults.contains { $0.hasSuffix(" range") }, "\(parameter.name): \(json)")
            }
        }
    }

    @Test(arguments: ScheduleSample.least)
    func `names each field that is missing or that nothing knows`(sample: ScheduleSample) throws {
        let bare = ScheduleSample(type: sample.type, fields: ["colour": "1"])
        let missing = sample.fields.keys.map { "/\($0) missing" }
        #expect(Set(try readSchedule(bare.json).faults) == Set(missing + ["/colour unknown"]))
    }

    @Test(arguments: [
        (#"{"type": "cosine"}"#, ["/learning_rate missing"]),
        (#"{"type": "cosine", "learning_rate": 0}"#, ["/learning_rate range"]),
        (#"{"type": "cosine", "learning_rate": "0.1"}"#, ["/learning_rate type"]),
        (#"{"type": "cosine", "learning_rate": 0.1, "floor": -1}"#, ["/floor range"]),
        (#"{"type": "cosine", "learning_rate": 0.1, "floor": 0.2}"#, ["/floor conflict"]),
        (#"{"type": "cosine", "learning_rate": 0.1, "warmup": {}}"#, ["/warmup/length missing"]),
        (#"{"type": "cosine", "learning_rate": 0.1, "warmup": 5}"#, ["/warmup type"]),
        (
            #"{"type": "cosine", "learning_rate": 0.1, "warmup": {"length": "0ep", "shape": "x"}}"#,
            ["/warmup/length type", "/warmup/shape range"]
        ),
        (
            #"{"type": "cosine", "learning_rate": 0.1, "warmup": {"length": "1ep", "from": 0.2}}"#,
            ["/warmup/from conflict"]
        ),
        (#"{"type": "cosign", "learning_rate": 0.1, "to": 5}"#, ["/type range"]),
        (#"{"type": 5, "learning_rate": 0.1}"#, ["/type type"]),
        (#"[]"#, [" type"]),
    ])
    func `refuses a peak, floor, warm-up or type at its pointer`(
        text: String,
        faults: [String]
    ) throws {
        #expect(try readSchedule(text).faults == faults)
    }

    @Test(arguments: [
        ("cyclic", ["rise": "\"1ep\"", "factor": "0.5"], "/factor conflict"),
        ("cyclic", ["rise": "\"1ep\"", "shape": "\"exponential\""], "/factor conflict"),
        ("warmup_stable_decay", ["cooldown_shape": "\"power\""], "/cooldown_power conflict"),
        ("warmup_stable_decay", ["cooldown_ratio": "0.5"], "/cooldown_ratio conflict"),
        (
            "piecewise_constant", ["boundaries": "[\"1ep\"]", "values": "[0.1]"], "/values conflict"
        ),
        ("tanh", ["lower": "3", "upper": "-3"], "/lower conflict"),
        (
            "product",
            ["factors": #"[{"type": "sequence", "phases": [{"type": "rex", "floor": 0.1}]}]"#],
            "/factors/0/phases/0/floor conflict"
        ),
        (
            "sequence", ["phases": #"[{"type": "rex", "warmup": {"length": "1ep", "from": 1}}]"#],
            "/phases/0/warmup/from conflict"
        ),
        (
            "sequence",
            ["phases": #"[{"type": "step", "length": "1ep"}, {"type": "step", "every": 1}]"#],
            "/phases/1/every type"
        ),
    ])
    func `refuses what does not go together at its pointer`(
        type: String,
        fields: [String: String],
        fault: String
    ) throws {
        #expect(try readSchedule(ScheduleSample(type: type, fields: fields).json).faults == [fault])
    }

    @Test(arguments: [
        ("every", "5", #"5 has no unit; write {"steps": 5} or {"epochs": 5}"#),
        ("every", "2.5", #"2.5 has no unit; write {"epochs": 2.5}"#),
        ("every", "0.1", #"0.1 has no unit; write {"fraction": 0.1} or {"epochs": 0.1}"#),
        ("every", "-3", "-3 has no unit; write a length such as"),
        ("warmup", "\"5%\"", #""5%" is no warm-up; write {"length": "5%"}"#),
        ("warmup", #"{"steps": 500}"#, #"write `length`: {"steps": 500}"#),
        ("pct_start", "0.3", #"write `rise`, a length such as {"fraction": 0.3}"#),
        ("lr", "0.1", "write `learning_rate`"),
    ])
    func `says what to write instead`(field: String, value: String, words: String) throws {
        let sample = ScheduleSample(type: "step", fields: [field: value])
        var context = DecodingContext()
        let document = try JSONReader.read(Array(sample.json.utf8)).document
        _ = Schedule(document, at: Pointer.root.appending("schedule"), standardPeak: nil, &context)
        #expect(context.faults.contains { $0.detail.contains(words) }, "\(context.faults)")
    }

    @Test func `lists faults beside a parameter that cannot be read`() throws {
        let text = #"""
            {"type": "multi_step", "learning_rate": 0.1, "factor": -1, "milestones": 5,
             "warmup": {"length": 3}}
            """#
        #expect(
            try readSchedule(text).faults == [
                "/milestones type", "/factor range", "/warmup/length type",
            ]
        )
        let shape = #"{"type": "cyclic", "learning_rate": 0.1, "shape": 5, "factor": 0.5}"#
        #expect(try readSchedule(shape).faults == ["/shape type", "/rise missing"])
    }

    @Test func `keeps the limits of a length in its short form`() throws {
        for text in ["1000000001ba", "1000001ep", "1.5dur", "101%"] {
            let sample = ScheduleSample(type: "noam", fields: ["rise": "\"\(text)\""])
            #expect(try readSchedule(sample.json).schedule == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("[1, 0]", "/milestones/epochs/1 range"), ("[1, \"2\"]", "/milestones/epochs/1 type"),
    ])
    func `names an item of lengths with one unit by its own pointer`(
        items: String,
        fault: String
    ) throws {
        let fields = ["milestones": "{\"epochs\": \(items)}"]
        let sample = ScheduleSample(type: "multi_step", fields: fields)
        #expect(try readSchedule(sample.json).faults == [fault])
    }

    @Test(arguments: [
        ("{high: 0.8, low: 0.9}", "/schedule/momentum/low", 4, 30),
        ("null\n  rise: 80%\n  over: 50%", "/schedule/rise", 5, 9),
        ("null\n  floor: 0.5", "/schedule/floor", 5, 10),
    ])
    func `knows the line and column of what the values together, or the run, forbid`(
        rest: String,
        pointer: String,
        line: Int32,
        column: Int32
    ) throws {
        let text =
            "schedule:\n  type: one_cycle\n  learning_rate: 0.1\n  momentum: \(rest)\nsteps: 9"
        let faults = try previewFaults(text)
        #expect(faults.map(\.pointer) == [pointer])
        #expect(faults.first?.position == Document.Position(line: line, column: column))
    }

    @Test func `finds lengths of one unit under the unit's name`() throws {
        let text = "schedule:\n  type: multi_step\n  learning_rate: 0.1\n  milestones:\n"
        let faults = try previewFaults(text + "    epochs: [1, 1.01]\nsteps: 9\nsteps_per_epoch: 4")
        #expect(faults.map(\.pointer) == ["/schedule/milestones/epochs/1"])
        #expect(faults.first?.position == Document.Position(line: 5, column: 17))
    }

    private func previewFaults(_ yaml: String) throws -> [Fault] {
        var context = DecodingContext()
        let request = PreviewRequest(try YAMLReader.read(yaml).document, &context)
        _ = request?.preview(&context)
        return context.faults
    }
}

extension ParameterKind {
    /// Values that are not of the kind, with the place of the fault in them and its code.
    fileprivate var unfit: [(json: String, place: String)] {
        switch self {
        case .number(let bounds):
            let below = bounds.lower.map { bounds.includesLower ? $0.nextDown : $0 }
            let above = bounds.upper.map { bounds.includesUpper ? $0.nextUp : $0 }
            return [below, above].compactMap { $0 }.map { ("\($0)", " range") }
                + [("1e999", " range"), ("\"1\"", " type"), ("null", " type"), ("[1]", " type")]
        case .count(let least):
            return [("\(least - 1)", " range"), ("1.5", " type"), ("true", " type")]
        case .flag: return [("1", " type"), ("\"yes\"", " type")]
        case .choice: return [("\"nonsense\"", " range"), ("1", " type"), ("null", " type")]
        case .name: return [("1", " type"), ("\"\"", " range")]
        case .length:
            return [
                ("5", " type"), ("\"5\"", " type"), ("{}", " missing"), ("\"0ep\"", " type"),
                (#"{"steps": 0}"#, "/steps range"), (#"{"steps": 1.5}"#, "/steps type"),
                (#"{"steps": 1000000001}"#, "/steps range"), (#"{"epochs": 0}"#, "/epochs range"),
                (#"{"epochs": 1000001}"#, "/epochs range"), ("\"1000001ep\"", " range"),
                (#"{"fraction": 0}"#, "/fraction range"),
                (#"{"fraction": 1.1}"#, "/fraction range"),
                (#"{"steps": 1, "epochs": 1}"#, " conflict"),
            ]
        case .lengths:
            return [
                ("[]", " range"), ("5", " type"), ("[5]", "/0 type"),
                (#"{"epochs": [2, 1]}"#, "/epochs/1 conflict"),
                (#"["2ep", {"epochs": 1}]"#, "/1 conflict"),
                (#"{"epochs": [0]}"#, "/epochs/0 range"), (#"{"steps": []}"#, " range"),
                (#"{"minutes": [1]}"#, " type"),
            ]
        case .target:
            return [
                ("-1", " range"), ("\"1\"", " type"), ("{}", "/fraction_of_peak missing"),
                (#"{"fraction_of_peak": -1}"#, "/fraction_of_peak range"),
            ]
        case .targets:
            return [
                ("[]", " range"), ("0.1", " type"), ("[0.1, -1]", "/1 range"),
                (#"[{"fraction_of_peak": "1"}, 0]"#, "/0/fraction_of_peak type"),
            ]
        case .momentum:
            return [
                ("0.9", " type"), (#"{"high": 1, "low": 0}"#, "/high range"),
                (#"{"high": 0.9, "low": -1}"#, "/low range"), (#"{"high": 0.9}"#, "/low missing"),
                (#"{"high": 0.8, "low": 0.9}"#, "/low conflict"),
            ]
        case .knots:
            return [
                ("[]", " range"), ("{}", " type"), (#"[{"at": "1ep"}]"#, "/0/rate missing"),
                (#"[{"at": "1ep", "rate": -1}]"#, "/0/rate range"),
                (#"[{"at": "2ep", "rate": 1}, {"at": "1ep", "rate": 1}]"#, "/1/at conflict"),
                (#"[{"at": "2ep", "rate": 1}, {"at": {"steps": 0}, "rate": 1}]"#, "/1/at range"),
            ]
        case .phases:
            return [
                ("[]", " range"), ("{}", " type"), ("[{}]", "/0/type missing"),
                (#"[{"type": "rex"}, {"type": "rex"}]"#, "/0/length missing"),
                (#"[{"type": "rex", "length": 5}]"#, "/0/length type"),
                (#"[{"type": "rex", "learning_rate": 0}]"#, "/0/learning_rate range"),
                (#"[{"type": "rex", "floor": 1}]"#, "/0/floor conflict"),
                (#"[{"type": "rex", "colour": 1}]"#, "/0/colour unknown"),
            ]
        case .factors:
            return [
                ("[]", " range"), ("5", " type"), ("[5]", "/0 type"), ("[{}]", "/0/type missing"),
                (#"[{"type": "rex", "learning_rate": 1}]"#, "/0/learning_rate unknown"),
                (#"[{"type": "power", "power": 0}]"#, "/0/power range"),
            ]
        }
    }

    /// The least and the greatest value, where they belong to the range.
    fileprivate var extremes: [String] {
        switch self {
        case .number(let bounds):
            let lower = bounds.lower.map { bounds.includesLower ? $0 : $0.nextUp }
            let upper = bounds.upper.map { bounds.includesUpper ? $0 : $0.nextDown }
            return [lower, upper].compactMap { $0 }.map { "\($0)" }
        case .count(let least): return ["\(least)"]
        case .choice(let words): return words.map { "\"\($0)\"" }
        case .flag: return ["true", "false"]
        case .length: return [#"{"steps": 1000000000}"#, #"{"epochs": 1e6}"#, "\"100%\""]
        case .target: return ["0", #"{"fraction_of_peak": 0}"#]
        case .momentum: return ["null", #"{"high": 0, "low": 0}"#]
        default: return []
        }
    }
}
