import Foundation
import Schedules
import Testing

@Suite struct LibraryConversionTests {
    private func convert(
        _ library: Library,
        _ name: String,
        _ parameters: [String: LibraryValue],
        _ steps: Int = 60
    ) throws -> LibraryConversion {
        try LibrarySchedule(
            library: library,
            name: name,
            parameters: parameters,
            learningRate: 0.1
        ).converted(for: makeRun(steps, stepsPerEpoch: 10))
    }

    @Test(arguments: ConvertedCase.exact)
    func `says the same where the native vocabulary can`(row: ConvertedCase) throws {
        let conversion = try convert(row.library, row.name, row.parameters)
        #expect(conversion.differences.isEmpty, "\(conversion.differences)")
        let native = try conversion.schedule.rates(60, stepsPerEpoch: 10)
        let original = try LibrarySchedule(
            library: row.library,
            name: row.name,
            parameters: row.parameters,
            learningRate: 0.1
        ).resolve(for: makeRun(60, stepsPerEpoch: 10)).rates(0..<60)
        let greatest = original.max() ?? 0
        #expect(zip(native, original).allSatisfy { abs($0 - $1) <= 1e-12 * greatest })
    }

    @Test func `says what differs, where and by how much`() throws {
        let climbing = try convert(.torch, "CosineAnnealingLR", ["T_max": 20])
        #expect(climbing.firstDifference == 21)
        #expect(agree(climbing.largestDifference, 1))
        #expect(
            climbing.differences == [
                "the rates differ from step 21 on, most at step 40: CosineAnnealingLR of torch has 0.1, "
                    + "the native schedule 0"
            ]
        )
    }

    /// fastai's positions are 32-bit floats; REX runs a step ahead in pytorch_optimizer; timm's warm-up hides
    /// the curve's beginning, and its tanh has no exact ends.
    @Test(
        arguments: [
            (.fastai, "fit_one_cycle", ["n_epoch": 6, "batches_per_epoch": 10], 1e-6),
            (.fastai, "fit_flat_cos", ["n_epoch": 6, "batches_per_epoch": 10], 1e-6),
            (
                .fastai, "fit_sgdr",
                ["n_cycles": 2, "cycle_len": 2, "cycle_mult": 2, "batches_per_epoch": 10], 1e-6
            ),
            (
                .fastai, "fine_tune", ["epochs": 4, "freeze_epochs": 2, "batches_per_epoch": 10],
                0.15
            ),
            (.fastai, "combined_cos", ["pct": 0.25, "start": 0.01, "middle": 0.1, "end": 0], 0.02),
            (
                .fastai, "combine_scheds",
                [
                    "pcts": [0.5, 0.5],
                    "scheds": [
                        ["schedule": "SchedNo", "params": ["start": 0.1, "end": 0.1]],
                        ["schedule": "SchedCos", "params": ["start": 0.1, "end": 0]],
                    ],
                ], 0.05
            ),
            (.pytorchOptimizer, "REXScheduler", ["total_steps": 60, "max_lr": 0.1], 0.04),
            (.timm, "CosineLRScheduler", ["t_initial": 60, "warmup_t": 10], 0.2),
            (.timm, "TanhLRScheduler", ["t_initial": 60], 0.01),
            (.timm, "PolyLRScheduler", ["t_initial": 60, "k_decay": 2], 1e-12),
        ] as [(Library, String, [String: LibraryValue], Double)]
    )
    func `comes near where it cannot say the same`(
        library: Library,
        name: String,
        parameters: [String: LibraryValue],
        share: Double
    ) throws {
        let conversion = try convert(library, name, parameters)
        #expect(conversion.largestDifference <= share)
        #expect(conversion.differences.isEmpty == (conversion.largestDifference == 0))
    }

    @Test(
        arguments: [
            (.keras, "ReduceLROnPlateau", [:], 9),
            (.optax, "reduce_on_plateau", ["patience": 4], 3),
            (.timm, "PlateauLRScheduler", ["warmup_t": 5], 10),
            (.transformers, "greedy", ["max_lr": 0.2], 10),
        ] as [(Library, String, [String: LibraryValue], Int)]
    )
    func `rules that follow a metric keep their patience, and say what they leave behind`(
        library: Library,
        name: String,
        parameters: [String: LibraryValue],
        patience: Int
    ) throws {
        let conversion = try convert(library, name, parameters)
        #expect(conversion.schedule.curve.parameters["patience"] == .count(patience))
        #expect(!conversion.differences.isEmpty)
    }

    @Test func `a unit of epochs gives lengths in epochs`() throws {
        let conversion = try LibrarySchedule(
            library: .torch,
            name: "StepLR",
            parameters: ["step_size": 2],
            learningRate: 0.1,
            unit: .epochs
        ).converted(for: makeRun(60, stepsPerEpoch: 10))
        #expect(conversion.differences.isEmpty)
        #expect(conversion.schedule.curve.parameters["every"] == .length(.epochs(2)))
    }

    @Test func `a plateau keeps its rule and names the fault that it leaves behind`() throws {
        let conversion = try convert(
            .torch,
            "ReduceLROnPlateau",
            ["patience": 3, "min_lr": 0.001, "cooldown": 2]
        )
        #expect(conversion.schedule.floor == 0.001)
        #expect(conversion.schedule.curve.parameters["patience"] == .count(3))
        #expect(conversion.differences.count == 1)
    }

    @Test(
        arguments: [
            (Library.pytorchOptimizer, "PolyScheduler", ["t_max": 60, "max_lr": 0.1]),
            (
                .keras, "PolynomialDecay",
                ["initial_learning_rate": 0.1, "decay_steps": 5, "cycle": true]
            ),
        ] as [(Library, String, [String: LibraryValue])]
    )
    func `is refused where there is no counterpart`(
        library: Library,
        name: String,
        parameters: [String: LibraryValue]
    ) {
        #expect(
            refusal { try convert(library, name, parameters) }
                == "name: \(name) of \(library.rawValue) with these parameters has no native counterpart"
        )
    }
}
