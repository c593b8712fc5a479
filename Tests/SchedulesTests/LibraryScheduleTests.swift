import Foundation
import Schedules
import Testing

@Suite struct LibraryScheduleTests {
    private func read(_ json: String) throws -> LibrarySchedule {
        try JSONDecoder().decode(LibrarySchedule.self, from: Data(json.utf8))
    }

    @Test func `reads back what it writes, with parameters of every kind`() throws {
        let schedule = try read(
            #"""
            {"library": "torch", "name": "SequentialLR", "learning_rate": 0.1, "unit": "epochs",
             "params": {"milestones": [2], "schedulers": [
                {"schedule": "LinearLR", "params": {"total_iters": 2}},
                {"schedule": "OneCycleLR", "params": {"max_lr": 0.2, "total_steps": 9, "three_phase": true}}]}}
            """#
        )
        let again = try JSONDecoder().decode(
            LibrarySchedule.self,
            from: JSONEncoder().encode(schedule)
        )
        #expect(again == schedule)
        #expect(again.unit == .epochs)
    }

    @Test func `parameters left out take the library's defaults`() throws {
        let short = try LibrarySchedule(library: .torch, name: "LinearLR", learningRate: 0.3)
        let full = try LibrarySchedule(
            library: .torch,
            name: "LinearLR",
            parameters: ["start_factor": .number(1.0 / 3), "end_factor": 1, "total_iters": 5],
            learningRate: 0.3
        )
        #expect(try short.preview(steps: 8) == full.preview(steps: 8))
    }

    @Test(arguments: [
        (
            #"{"library": "torch", "name": "CosineLR"}"#,
            "name must be one of LambdaLR, MultiplicativeLR, StepLR"
        ),
        (
            #"{"library": "torch", "name": "StepLR", "learning_rate": 1, "params": {"step": 3}}"#,
            #"params: TypeError: StepLR has no parameter "step"; it has step_size, gamma, last_epoch"#
        ),
        (
            #"{"library": "torch", "name": "StepLR", "learning_rate": 1}"#,
            "params: TypeError: StepLR requires the parameter step_size"
        ),
        (
            #"{"library": "torch", "name": "StepLR", "params": {"step_size": 3}}"#,
            "learning_rate is missing: it must be a number at least 0"
        ),
        (
            #"{"library": "torch", "name": "StepLR", "learning_rate": 1, "params": {"step_size": "3"}}"#,
            #"params: TypeError: step_size must be a number, got "3""#
        ),
        (
            #"{"library": "torch", "name": "StepLR", "learning_rate": -1, "params": {"step_size": 3}}"#,
            "learning_rate must be a number at least 0, got -1.0"
        ),
        (
            #"{"library": "timm", "name": "StepLRScheduler", "learning_rate": 1, "params": {"decay_t": 3, "noise_range_t": 5}}"#,
            "params: NotImplementedError: noise_range_t is not reproduced"
        ),
        (
            #"{"library": "optax", "name": "join_schedules", "params": {"boundaries": [], "schedules": [{"schedule": "nope"}]}}"#,
            #"params: ValueError: there is no schedule "nope" to be joined"#
        ),
        (
            #"{"library": "composer", "name": "StepScheduler", "params": {"size": "1ep"}}"#,
            #"params: TypeError: StepScheduler has no parameter "size"; it has step_size, gamma"#
        ),
        (
            #"{"library": "torch", "name": "ExponentialLR", "gamma": 0.9}"#,
            "gamma is not a field here; the fields are library, name, params, learning_rate, unit"
        ),
    ])
    func `refuses what the library does not know, naming what it does`(
        json: String,
        sentence: String
    ) {
        #expect(
            refusal { try read(json) }?.hasPrefix(sentence) == true,
            "\(refusal { try read(json) } ?? "")"
        )
    }

    @Test func `a failure in the middle keeps the rates before it`() throws {
        let schedule = try LibrarySchedule(
            library: .torch,
            name: "OneCycleLR",
            parameters: ["max_lr": 0.1, "total_steps": 5],
            learningRate: 0.1
        )
        let preview = try schedule.preview(steps: 20)
        #expect(preview.learningRates.count == 6)
        #expect(preview.refusal?.step == 6)
        #expect(preview.refusal?.reason == "ValueError: step 6 is past the 5 of total_steps")
    }

    @Test func `metrics and a clock are asked for where they are needed and refused elsewhere`()
        throws
    {
        let plateau = try LibrarySchedule(
            library: .keras,
            name: "ReduceLROnPlateau",
            learningRate: 0.1
        )
        let step = try LibrarySchedule(
            library: .torch,
            name: "StepLR",
            parameters: ["step_size": 2],
            learningRate: 0.1
        )
        let composer = try LibrarySchedule(
            library: .composer,
            name: "LinearScheduler",
            learningRate: 0.1
        )
        let clock = LibraryClock(maximumDuration: "2ep", batchesPerEpoch: 5)
        #expect(
            refusal { try plateau.preview(steps: 3) }
                == "metrics is missing: it must be the reports in order, for ReduceLROnPlateau"
        )
        #expect(
            refusal { try step.preview(steps: 3, metrics: [1]) }
                == "metrics: StepLR does not follow a metric"
        )
        #expect(
            refusal { try step.preview(steps: 3, clock: clock) } == "context: torch has no clock"
        )
        #expect(
            refusal { try composer.preview(steps: 3) }
                == "context is missing: it must be Composer's max_duration and dataloader_len"
        )
        #expect(refusal { try step.preview(steps: 0) } == "steps must be at least 1, got 0")
        #expect(try composer.preview(steps: 11, clock: clock).learningRates.last == 0)
    }

    @Test func `a sequence inside a sequence counts one call ahead and cannot be entered later`()
        throws
    {
        let inner: LibraryValue = [
            "schedule": "SequentialLR",
            "params": [
                "milestones": [3],
                "schedulers": [
                    ["schedule": "ConstantLR", "params": ["factor": 1, "total_iters": 99]],
                    ["schedule": "ConstantLR", "params": ["factor": 0.5, "total_iters": 99]],
                ],
            ],
        ]
        let constant: LibraryValue = [
            "schedule": "ConstantLR", "params": ["factor": 0.1, "total_iters": 99],
        ]
        func rates(_ children: [LibraryValue]) throws -> LibraryPreview {
            try LibrarySchedule(
                library: .torch,
                name: "SequentialLR",
                parameters: ["milestones": [5], "schedulers": .list(children)],
                learningRate: 1
            ).preview(steps: 7)
        }
        #expect(try rates([inner, constant]).learningRates == [1, 1, 0.5, 0.5, 0.5, 0.1, 0.1])
        let refused = try rates([constant, inner])
        #expect(refused.refusal?.step == 5)
        #expect(refused.refusal?.reason.hasPrefix("NotImplementedError") == true)
    }

    @Test(arguments: Library.allCases)
    func `every library has golden cases for most of its names`(library: Library) throws {
        let covered = Set(try GoldenCase.load(library).map(\.schedule))
        #expect(covered.isSubset(of: library.names))
        #expect(covered.count * 2 >= library.names.count)
    }

    @Test(arguments: Library.allCases)
    func `every library lists its schedulers and their parameters once`(library: Library) {
        let names = library.types.flatMap { [$0.name] + $0.aliases }
        #expect(Set(names).count == names.count)
        for type in library.types {
            #expect(Set(type.parameters.map(\.name)).count == type.parameters.count)
        }
    }

    @Test func `equal restarts of Composer's are found without counting them`() throws {
        let schedule = try LibrarySchedule(
            library: .composer,
            name: "CosineAnnealingWarmRestartsScheduler",
            parameters: ["t_0": "1ba", "t_mult": 1.5],
            learningRate: 1
        )
        let clock = LibraryClock(maximumDuration: "200000ba", batchesPerEpoch: 10)
        let rates = try schedule.preview(steps: 200_000, clock: clock).learningRates
        #expect(rates.allSatisfy { $0 == 1 })
    }
}
