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

    @Test(
        arguments: [
            (Library.torch, "StepLR", ["step_size": 7, "gamma": 0.5]),
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
        ] as [(Library, String, [String: LibraryValue])]
    )
    func `says the same where the native vocabulary can`(
        library: Library,
        name: String,
        parameters: [String: LibraryValue]
    ) throws {
        let conversion = try convert(library, name, parameters)
        #expect(conversion.differences.isEmpty, "\(conversion.differences)")
        let native = try conversion.schedule.rates(60, stepsPerEpoch: 10)
        let original = try LibrarySchedule(
            library: library,
            name: name,
            parameters: parameters,
            learningRate: 0.1
        ).preview(steps: 60).learningRates
        let greatest = original.max() ?? 0
        #expect(zip(native, original).allSatisfy { abs($0 - $1) <= 1e-12 * greatest })
    }

    @Test func `says what differs, where and by how much`() throws {
        let warmed = try convert(
            .transformers,
            "cosine",
            ["num_warmup_steps": 9, "num_training_steps": 60]
        )
        #expect(warmed.firstDifference == 0)
        #expect(agree(warmed.largestDifference, 0.1))
        #expect(warmed.differences.count == 2)
        #expect(
            warmed.differences[1]
                == "the rates differ from step 0 on, most at step 0: cosine of transformers has 0, "
                + "the native schedule 0.01"
        )
        let climbing = try convert(.torch, "CosineAnnealingLR", ["T_max": 20])
        #expect(climbing.firstDifference == 21)
        #expect(agree(climbing.largestDifference, 1))
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
            (Library.torch, "LambdaLR", ["table": [1, 0.5]]),
            (
                .keras, "PolynomialDecay",
                ["initial_learning_rate": 0.1, "decay_steps": 5, "cycle": true]
            ),
            (.pytorchOptimizer, "chebyshev", ["num_epochs": 8]),
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
