import Foundation
import Schedules
import Testing

/// What no schedule may hold is refused where it is made, with the field's path and the values.
@Suite struct BadInputTests {
    @Test(arguments: [
        // Lengths.
        (#""type": "step", "every": {"steps": 0}"#, "every must be at least 1 step, got 0 steps"),
        (
            #""type": "step", "every": {"epochs": -2}"#,
            "every must be a number above 0, got -2.0 epochs"
        ),
        (
            #""type": "cosine", "over": {"fraction": 1.5}"#,
            "over must be a fraction above 0 and at most 1, got a fraction of 1.5"
        ),
        (
            #""type": "constant", "warmup": {"length": {"steps": -5}}"#,
            "warmup.length must be at least 1 step, got -5 steps"
        ),
        (
            #""type": "sequence", "phases": [{"type": "constant", "length": {"steps": 0}}]"#,
            "phases[0].length must be at least 1 step, got 0 steps"
        ),
        (
            #""type": "interpolated", "knots": [{"at": "1ep", "rate": 1}, {"at": {"epochs": 0}, "rate": 0}]"#,
            "knots[1].at must be a number above 0, got 0.0 epochs"
        ),
        // Order.
        (
            #""type": "multi_step", "milestones": {"epochs": [60, 30]}"#,
            "milestones[1]: 30ep does not come after 60ep, the one before"
        ),
        (
            #""type": "multi_step", "milestones": {"steps": [30, 30]}"#,
            "milestones[1]: 30ba does not come after 30ba, the one before"
        ),
        (
            #""type": "piecewise_constant", "boundaries": {"steps": [9, 3]}, "values": [1, 0.5, 0]"#,
            "boundaries[1]: 3ba does not come after 9ba, the one before"
        ),
        (
            #""type": "interpolated", "knots": [{"at": "2ep", "rate": 1}, {"at": "1ep", "rate": 0}]"#,
            "knots[1].at: 1ep does not come after 2ep, the one before"
        ),
        // Numbers out of range.
        (
            #""type": "cosine_restarts", "first_cycle": "1ep", "cycle_factor": 0.99"#,
            "cycle_factor must be a number at least 1, got 0.99"
        ),
        (#""type": "step", "factor": 0"#, "factor must be a number above 0, got 0"),
        (#""type": "cosine", "to": -0.1"#, "to must be finite and at least 0, got -0.1"),
        (
            #""type": "one_cycle", "momentum": {"high": 1, "low": 0.5}"#,
            "momentum.high must be a number of at least 0 and below 1, got 1.0"
        ),
        // Under the peak and over the floor.
        (#""type": "cosine", "floor": 1"#, "floor: 1 is above the learning_rate, 0.8"),
        (
            #""type": "cosine", "warmup": {"length": "1ep", "from": 0.9}"#,
            "warmup.from: 0.9 is above the learning_rate, 0.8"
        ),
        (
            #""type": "cosine_restarts", "first_cycle": "1ep", "to": 0.9"#,
            "to: 0.9 is above the learning_rate, 0.8"
        ),
        (
            #""type": "cyclic", "rise": "1ep", "base": {"fraction_of_peak": 2}"#,
            "base: 1.6 is above the learning_rate, 0.8"
        ),
        (
            #""type": "greedy", "start": 0.1, "floor": 0.2"#,
            "start: 0.1 does not lie between the floor, 0.2, and the learning_rate, 0.8"
        ),
        (
            #""floor": 0.5, "type": "sequence", "phases": [{"type": "constant", "learning_rate": 0.1}]"#,
            "phases[0].learning_rate: 0.1 is below the floor around the phase, 0.5"
        ),
        (
            #""type": "sequence", "phases": [{"type": "constant", "learning_rate": 0.1, "floor": 0.5}]"#,
            "phases[0].floor: 0.5 is above the learning_rate, 0.1"
        ),
        (
            #""type": "product", "factors": [{"type": "cosine"}, {"type": "cosine_restarts", "first_cycle": "1ep", "to": 1.5}]"#,
            "factors[1].to: 1.5 is above the learning_rate, 1"
        ),
        (
            #""type": "cosine", "to": {"fraction_of_peak": 1e308}, "learning_rate": 10"#,
            "to: 1e+308 of the learning_rate, 10, is no finite number"
        ),
        // What a shape cannot go through.
        (
            #""type": "interpolated", "shape": "logarithmic", "knots": [{"at": "1ep", "rate": 1}, {"at": "2ep", "rate": {"fraction_of_peak": 0}}]"#,
            "knots[1].rate: a logarithmic way needs rates above 0, got 0 of the peak"
        ),
    ])
    func `is refused when it is made`(fields: String, sentence: String) {
        let peak = fields.contains(#", "learning_rate": 10"#) ? "" : #""learning_rate": 0.8, "#
        #expect(refusal { try schedule("{\(peak)\(fields)}") } == sentence)
    }

    /// In a run of 2000 steps, 10 an epoch.
    @Test(arguments: [
        (
            #""type": "constant", "warmup": {"length": {"steps": 2001}}"#,
            "warmup.length: a warm-up of 2001 steps is longer than the 2000 steps it is in"
        ),
        (
            #""type": "multi_step", "milestones": ["2ep", "15ba"]"#,
            "milestones[1]: 15ba is step 15 of this run, not after 2ep, which is step 20"
        ),
        (
            #""type": "multi_step", "milestones": {"fraction": [0.0001, 0.0002]}"#,
            "milestones[1]: 0.0002dur is step 1 of this run, not after 0.0001dur, which is step 1"
        ),
        (
            #""type": "sequence", "phases": [{"type": "constant", "length": "150ep"}, {"type": "constant", "length": "60ep"}]"#,
            "phases[1].length: 600 steps do not fit the 500 that are left of 2000"
        ),
        (
            #""type": "exponential", "factor": 10, "every": "1ba""#,
            "factor: 10 takes the rate past every number by step 1999"
        ),
        (
            #""type": "step", "factor": 1e10, "every": "1ep", "warmup": {"length": "50ep"}"#,
            "factor: 10000000000 takes the rate past every number by step 1999"
        ),
        (
            #""type": "multi_step", "factor": 1e200, "milestones": ["1ep", "2ep"]"#,
            "factor: 1e+200 takes the rate past every number by step 20"
        ),
        (
            #""type": "product", "factors": [{"type": "exponential", "factor": 1e100, "every": "1000ba"}, {"type": "multi_step", "factor": 1e200, "milestones": ["1ep"]}]"#,
            "learning_rate: the rate that begins at 0.8 grows past every number by step 1999 of 2000"
        ),
        (
            #""type": "interpolated", "shape": "logarithmic", "knots": [{"at": "1ep", "rate": 1e-300}, {"at": "2ep", "rate": 1e300}]"#,
            "knots[1].rate: the ratio of 1e+300 to the rate before it, 1e-300, is beyond what numbers hold"
        ),
    ])
    func `is refused by a run that cannot hold it`(fields: String, sentence: String) {
        #expect(
            refusal {
                try schedule(#"{"learning_rate": 0.8, \#(fields)}"#)
                    .resolve(for: makeRun(2000, stepsPerEpoch: 10))
            } == sentence
        )
    }

    /// Every number of every type, by the catalogue.
    @Test(arguments: ScheduleCatalogue.types)
    func `no number is infinite or none`(type: ScheduleType) {
        for parameter in type.parameters {
            for number in [Double.nan, .infinity, -.infinity] {
                let values: [ParameterValue]
                switch parameter.kind {
                case .number: values = [.number(number)]
                case .length: values = [.length(.epochs(number)), .length(.fraction(number))]
                case .lengths:
                    values = [.lengths([.epochs(number)]), .lengths([.fraction(number)])]
                case .target: values = [.target(.value(number)), .target(.fractionOfPeak(number))]
                case .targets: values = [.targets([.value(number)])]
                case .knots: values = [.knots([Knot(at: .steps(0), rate: .value(number))])]
                default: values = []
                }
                for value in values {
                    let faults = type.faults(in: [parameter.name: value]).filter {
                        $0.path.components.first == .key(parameter.name)
                    }
                    #expect(faults.first?.description.contains("\(number)") == true, "\(value)")
                }
            }
        }
        #expect(refusal { try MomentumRange(high: .nan, low: 0) } != nil)
        #expect(refusal { try Warmup(length: .epochs(.infinity)) } != nil)
        #expect(refusal { try Warmup(length: .steps(1), from: .value(.nan)) } != nil)
    }

    @Test func `a floor lifts no warm-up, of a phase neither`() throws {
        let rates = try schedule(
            #"""
            {"learning_rate": 1, "floor": 0.5, "type": "sequence", "phases": [
             {"type": "linear", "length": "4ba"},
             {"type": "linear", "warmup": {"length": "3ba"}}]}
            """#
        ).rates(10)
        #expect(rates[..<8] == [1, 0.75, 0.5, 0.5, 0.25, 0.5, 0.75, 1])
        #expect(agree(rates[8], 2.0 / 3) && rates[9] == 0.5)
    }

    @Test func `scales that together leave the numbers are refused and change nothing`() throws {
        var rates = try RateFunction(
            Schedule(curve: .constant, learningRate: 0.5),
            run: makeRun(100)
        )
        #expect(
            refusal {
                try rates.edit(ScheduleEdit(fromStep: 20, .scale(.leastNonzeroMagnitude)))
            }?
            .hasPrefix("scale: ") == true
        )
        try rates.edit(ScheduleEdit(fromStep: 10, .scale(1e200)))
        let before = rates
        #expect(
            refusal { try rates.edit(ScheduleEdit(fromStep: 20, .scale(1e200))) }
                == "scale: 1e200 on top of 1e200, the scales so far, is beyond what numbers hold"
        )
        #expect(rates == before)
    }
}
