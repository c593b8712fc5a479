import Foundation
import Schedules
import Testing

@Suite struct LibraryRunTests {
    private func makeRates(
        _ library: Library,
        _ name: String,
        _ parameters: [String: LibraryValue],
        unit: LibrarySchedule.Unit = .steps,
        total: Int = 40
    ) throws -> RateFunction {
        let schedule = try LibrarySchedule(
            library: library,
            name: name,
            parameters: parameters,
            learningRate: 0.1,
            unit: unit
        )
        return try RateFunction(.library(schedule), run: makeRun(total, stepsPerEpoch: 10))
    }

    @Test func `a run has the rates of the preview, one call per update`() throws {
        let rates = try makeRates(.torch, "StepLR", ["step_size": 3])
        let preview = try LibrarySchedule(
            library: .torch,
            name: "StepLR",
            parameters: ["step_size": 3],
            learningRate: 0.1
        ).preview(steps: 40)
        #expect((0..<40).map { rates.rate(at: $0) } == preview.learningRates)
        #expect(rates.rate(at: 99) == preview.learningRates[39])
    }

    @Test func `a scheduler in epochs is called after each epoch`() throws {
        let rates = try makeRates(.torch, "ExponentialLR", ["gamma": 0.5], unit: .epochs)
        #expect([0, 9, 10, 39].map { rates.rate(at: $0) } == [0.1, 0.1, 0.05, 0.0125])
        #expect(rates.explain(at: 25).parts.map(\.cause) == ["ExponentialLR of torch at call 2"])
    }

    @Test func `a scheduler moves the momentum`() throws {
        let rates = try makeRates(.torch, "OneCycleLR", ["max_lr": 0.1, "total_steps": 40])
        #expect(rates.momentum(at: 0) == 0.95)
        #expect(rates.resolved.movesMomentum)
    }

    @Test func `Composer's clock is the run's`() throws {
        let rates = try makeRates(.composer, "LinearScheduler", ["t_max": "0.5dur"])
        #expect(agree(rates.rate(at: 10), 0.05))
        #expect(rates.rate(at: 20) == 0)
    }

    @Test func `a scheduler that fails within the run is refused`() {
        #expect(
            refusal {
                try makeRates(.torch, "OneCycleLR", ["max_lr": 0.1, "total_steps": 20])
            }
                == "params: OneCycleLR of torch fails at step 21 of the 40 of this run: "
                + "ValueError: step 21 is past the 20 of total_steps"
        )
    }

    @Test func `a failure of a scheduler in epochs is told by call and step`() {
        #expect(
            refusal {
                try makeRates(
                    .torch,
                    "OneCycleLR",
                    ["max_lr": 0.1, "total_steps": 2],
                    unit: .epochs
                )
            }?.hasPrefix(
                "params: OneCycleLR of torch fails at call 3, step 30 of the 40 of this run: "
            )
                == true
        )
    }

    @Test func `a run of more calls than are made in advance is refused`() {
        #expect(
            refusal { try makeRates(.torch, "StepLR", ["step_size": 3], total: 5_000_001) }
                == "unit: StepLR of torch would be called 5000001 times in this run, and 5000000 calls at "
                + "most are made in advance; step it in epochs, or write a native schedule"
        )
    }

    @Test func `the metric can be named beside the parameters, where they do not name one`() throws
    {
        func schedule(
            _ library: Library,
            _ name: String,
            _ parameters: [String: LibraryValue] = [:]
        ) throws -> LibrarySchedule {
            try LibrarySchedule(
                library: library,
                name: name,
                parameters: parameters,
                learningRate: 0.1,
                monitor: "train_loss"
            )
        }
        let plateau = try schedule(.torch, "ReduceLROnPlateau")
        let run = try makeRun(40, stepsPerEpoch: 10)
        #expect(try RateFunction(.library(plateau), run: run).feedbackRule?.monitor == "train_loss")
        let again = try JSONDecoder().decode(
            LibrarySchedule.self,
            from: JSONEncoder().encode(plateau)
        )
        #expect(again == plateau)
        #expect(
            refusal { try schedule(.torch, "StepLR", ["step_size": 3]) }
                == "monitor: StepLR of torch follows no metric"
        )
        #expect(
            refusal { try schedule(.keras, "ReduceLROnPlateau") }
                == "monitor: ReduceLROnPlateau of keras names its metric in params.monitor"
        )
    }

    @Test(arguments: [(Library.torch, "StepLR", false), (.keras, "CosineDecay", true)])
    func `a scheduler that carries its rates says so`(
        library: Library,
        name: String,
        carries: Bool
    ) throws {
        let parameters: [String: LibraryValue] =
            carries ? ["initial_learning_rate": 0.1, "decay_steps": 9] : ["step_size": 3]
        let schedule = try LibrarySchedule(
            library: library,
            name: name,
            parameters: parameters,
            learningRate: 0.1
        )
        #expect(schedule.carriesRates == carries)
    }

    @Test func `a scheduler that follows a metric is called with every report`() throws {
        let golden = try #require(
            try GoldenCase.load(.torch).first {
                $0.schedule == "ReduceLROnPlateau" && $0.base_lr == 0.1
            }
        )
        let schedule = try LibrarySchedule(
            library: .torch,
            name: golden.schedule,
            parameters: golden.params,
            learningRate: 0.1
        )
        var rates = try RateFunction(.library(schedule), run: makeRun(1000, stepsPerEpoch: 10))
        var saved = rates
        for (index, metric) in (golden.metrics ?? []).enumerated() {
            rates.report(metric.value, at: (index + 1) * 10)
            saved.report(metric.value, at: (index + 1) * 10)
            saved = try JSONDecoder().decode(RateFunction.self, from: JSONEncoder().encode(saved))
            #expect(rates.rate(at: (index + 1) * 10) == golden.values[index].value)
        }
        #expect(saved == rates)
        #expect(rates.events.first?.reason.contains("ReduceLROnPlateau of torch on report") == true)
        let state = try #require(rates.feedback)
        let again = try JSONDecoder().decode(FeedbackState.self, from: JSONEncoder().encode(state))
        #expect(again == state)
    }

    @Test(
        arguments: [
            (Library.torch, "ReduceLROnPlateau", ["mode": "max"], "validation_accuracy"),
            (.keras, "ReduceLROnPlateau", ["monitor": "val_accuracy"], "validation_accuracy"),
            (.keras, "ReduceLROnPlateau", ["monitor": "loss"], "train_loss"),
            (.timm, "PlateauLRScheduler", [:], "validation_accuracy"),
            (.optax, "reduce_on_plateau", [:], "validation_loss"),
        ] as [(Library, String, [String: LibraryValue], String)]
    )
    func `the metric that is followed is the one that the parameters speak of`(
        library: Library,
        name: String,
        parameters: [String: LibraryValue],
        monitor: String
    ) throws {
        #expect(try makeRates(library, name, parameters).feedbackRule?.monitor == monitor)
    }

    @Test func `an edit can begin a library's schedule`() throws {
        var rates = try RateFunction(
            Schedule(curve: .constant, learningRate: 1),
            run: makeRun(40, stepsPerEpoch: 10)
        )
        let next = try LibrarySchedule(
            library: .torch,
            name: "StepLR",
            parameters: ["step_size": 3],
            learningRate: 0.5
        )
        try rates.edit(ScheduleEdit(fromStep: 10, .schedule(.library(next))))
        #expect([9, 10, 12].map { rates.rate(at: $0) } == [1, 0.5, 0.5])
        #expect(agree(rates.rate(at: 13), 0.05))
        let again = try JSONDecoder().decode(RateFunction.self, from: JSONEncoder().encode(rates))
        #expect(again == rates)
    }
}
