import Foundation
import Schedules
import Testing

@Suite struct RefusalTests {
    @Test(arguments: [
        (
            #""type": "piecewise_constant", "boundaries": {"steps": [5]}, "values": [1, 2, 3]"#,
            "values: 1 boundaries need 2 values, got 3"
        ),
        (
            #""type": "cosine_restarts", "first_cycle": "1ep", "cycle_factor": 0.5"#,
            "cycle_factor must be a number at least 1, got 0.5"
        ),
        (
            #""type": "cosine_restarts", "first_cycle": "1ep", "to": 2"#,
            "to: 2 is above the learning_rate, 0.8"
        ),
        (
            #""type": "cosine_restarts", "first_cycle": "1ba", "cycle_factor": 1.000001"#,
            "cycle_factor: 1.000001 makes more than 100000 cycles in this run; 1 gives equal ones"
        ),
        (
            #""type": "cyclic", "rise": "1ep", "base": 0.9"#,
            "base: 0.9 is above the learning_rate, 0.8"
        ),
        (
            #""type": "cyclic", "rise": "1ep", "shape": "exponential""#,
            #"factor: shape "exponential" needs it"#
        ),
        (
            #""type": "cyclic", "rise": "1ep", "factor": 0.5"#,
            #"factor: 0.5 has no meaning where shape is "triangular""#
        ),
        (
            #""type": "cyclic", "rise": "1ep", "momentum": {"high": 0.8, "low": 0.9}"#,
            "momentum.low: 0.9 is above high, 0.8"
        ),
        (
            #""type": "one_cycle", "rise": "50%", "over": "10%""#,
            "rise: 100000 steps are longer than the whole cycle of 20000 steps"
        ),
        (
            #""type": "warmup_stable_decay", "cooldown": "20%", "over": "10%""#,
            "cooldown: 40000 steps are longer than the whole schedule of 20000 steps"
        ),
        (
            #""type": "tanh", "lower": 3, "upper": -7"#,
            "lower: the tangent does not rise from lower, 3, to upper, -7"
        ),
        (
            #""type": "interpolated", "knots": [{"at": "1ep", "rate": 1}, {"at": "1000ba", "rate": 0}]"#,
            "knots[1].at: it falls on step 1000 of this run, as the knot before it does"
        ),
        (
            #""type": "interpolated", "shape": "logarithmic", "knots": [{"at": "1ep", "rate": 0}]"#,
            "knots[0].rate: a logarithmic way needs rates above 0, got 0"
        ),
        (
            #""type": "interpolated", "knots": []"#,
            "knots must be a list of knots such as "
                + #"{"at": {"epochs": 5}, "rate": 0.01}, got 0 knots"#
        ),
        (
            #""type": "sequence", "phases": [{"type": "constant"}, {"type": "constant"}]"#,
            "phases[0].length is missing: it must be a length such as {\"steps\": 500}, "
                + "{\"epochs\": 5}, {\"fraction\": 0.1} or \"5ep\""
        ),
        (
            #""type": "sequence", "phases": [{"type": "constant", "length": "60%"}, {"type": "constant", "length": "50%"}]"#,
            "phases[1].length: 100000 steps do not fit the 80000 that are left of 200000"
        ),
        (
            #""type": "sequence", "phases": [{"type": "constant", "length": "100%"}, {"type": "constant"}]"#,
            "phases[1].length: 1 steps do not fit the 0 that are left of 200000"
        ),
        (
            #""type": "sequence", "phases": [{"type": "constant", "floor": 1}]"#,
            "phases[0].floor: 1 is above the learning_rate, 0.8"
        ),
        (
            #""type": "sequence", "phases": [{"type": "constant", "length": "1ep", "warmup": {"length": "2ep"}}, {"type": "constant"}]"#,
            "phases[0].warmup.length: a warm-up of 2000 steps is longer than the 1000 steps it is in"
        ),
        (
            #""type": "sequence", "phases": [{"type": "reduce_on_plateau", "length": "1ep"}, {"type": "greedy"}]"#,
            "phases[1]: only one phase can follow a metric"
        ),
        (
            #""type": "product", "factors": [{"type": "greedy"}, {"type": "reduce_on_plateau"}]"#,
            "factors[1]: only one factor can follow a metric"
        ),
        (
            #""type": "product", "factors": [{"type": "one_cycle"}, {"type": "one_cycle"}]"#,
            "factors[1]: only one factor can move the momentum"
        ),
        (
            #""type": "product", "factors": [{"type": "sequence", "phases": [{"type": "constant", "floor": 0.1}]}]"#,
            "factors[0].phases[0].floor: a floor is a rate and has no meaning inside a product; "
                + "give it to the whole schedule"
        ),
        (
            #""type": "greedy", "start": 0.9"#,
            "start: 0.9 does not lie between the floor, 0, and the learning_rate, 0.8"
        ),
        (
            #""type": "reduce_on_plateau", "patience": -1"#,
            "patience must be a whole number of at least 0, got -1"
        ),
        (#""type": "reduce_on_plateau", "mode": "up""#, #"mode must be one of min, max, got "up""#),
        (
            #""type": "reduce_on_plateau", "monitor": """#,
            #"monitor must be a text that is not empty, got """#
        ),
    ])
    func `names the field and the values`(fields: String, sentence: String) {
        #expect(
            refusal {
                try schedule(#"{"learning_rate": 0.8, \#(fields)}"#)
                    .resolve(for: makeRun(200_000, stepsPerEpoch: 1000))
            } == sentence
        )
    }

    @Test func `an unknown type is refused with the known ones`() throws {
        let sentence = try #require(
            refusal { try schedule(#"{"learning_rate": 1, "type": "cosin"}"#) }
        )
        #expect(sentence.hasPrefix("type must be one of constant, step, multi_step"))
        #expect(sentence.hasSuffix(#", got "cosin""#))
    }

    @Test func `a path is a JSON pointer and a prefix goes before it`() {
        let path = FieldPath([.key("phases"), .index(1), .key("a/b~c")])
        #expect(path.pointer == "/phases/1/a~1b~0c")
        let error = ScheduleError.missing(path, requirement: "there").prefixed(by: "schedule")
        #expect(error.description == "schedule.phases[1].a/b~c is missing: it must be there")
        #expect(error.path.pointer == "/schedule/phases/1/a~1b~0c")
    }

    /// Values at and past each end of what a kind allows.
    private func probes(_ kind: ParameterKind) -> (good: [ParameterValue], bad: [ParameterValue]) {
        switch kind {
        case .number(let bounds):
            let ends: [Double] = [bounds.lower, bounds.upper].compactMap { $0 }
            let near: [Double] =
                ends.flatMap { end in [end, end.nextUp, end.nextDown] } + [0.5, 2, -2]
            return (
                near.filter(bounds.contains).map { .number($0) },
                (near.filter { !bounds.contains($0) } + [.nan, .infinity, -.infinity]).map {
                    .number($0)
                }
            )
        case .count(let least): return ([.count(least), .count(1000)], [.count(least - 1)])
        case .choice(let words): return (words.map { .choice($0) }, [.choice("other")])
        case .length:
            return (
                [.length(.steps(1)), .length(.epochs(0.001)), .length(.fraction(1))],
                [.length(.steps(0)), .length(.epochs(.nan)), .length(.fraction(1.01))]
            )
        case .target:
            return (
                [.target(.value(0)), .target(.fractionOfPeak(0.5))],
                [.target(.value(-1e-9)), .target(.fractionOfPeak(.infinity))]
            )
        case .flag: return ([.flag(true), .flag(false)], [.number(1)])
        case .name: return ([.name("train_loss")], [.name("")])
        case .momentum: return ([.momentum(nil), .momentum(.oneCycle)], [.flag(true)])
        case .lengths:
            return (
                [.lengths([.steps(1), .epochs(1)])],
                [.lengths([]), .lengths([.steps(2), .steps(1)])]
            )
        case .targets: return ([.targets([.value(1)])], [.targets([]), .targets([.value(-1)])])
        case .knots:
            return ([.knots([Knot(at: .steps(0), rate: .value(1))])], [.knots([])])
        case .phases: return ([], [.phases([])])
        case .factors: return ([.factors([.constant])], [.factors([])])
        }
    }

    @Test(arguments: ScheduleCatalogue.types)
    func `the ends of every range are allowed or refused as the catalogue says`(
        type: ScheduleType
    ) {
        for parameter in type.parameters {
            let (good, bad) = probes(parameter.kind)
            for value in good {
                #expect(parameter.faults(in: value).isEmpty, "\(parameter.name) \(value)")
            }
            for value in bad {
                #expect(!parameter.faults(in: value).isEmpty, "\(parameter.name) \(value)")
            }
        }
    }
}
