import Foundation
import Schedules
import Testing

@Suite struct PythonReadingTests {
    @Test(arguments: [
        (
            Library.torch, "OneCycleLR(max_lr=0.1, total_steps=1000)",
            #"{"library": "torch", "name": "OneCycleLR", "params": {"max_lr": 0.1, "total_steps": 1000}}"#
        ),
        (
            .optax,
            """
            optax.sgdr_schedule([dict(init_value=0, peak_value=1, warmup_steps=5, decay_steps=25),
                {"init_value": 0, "peak_value": 0.5, "warmup_steps": 5, "decay_steps": 50}])
            """,
            """
            {"library": "optax", "name": "sgdr_schedule", "params": {"cosine_kwargs": [
                {"init_value": 0, "peak_value": 1, "warmup_steps": 5, "decay_steps": 25},
                {"init_value": 0, "peak_value": 0.5, "warmup_steps": 5, "decay_steps": 50}]}}
            """
        ),
        (
            .torch, "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30, gamma=1e-1)",
            #"{"library": "torch", "name": "StepLR", "params": {"step_size": 30, "gamma": 0.1}}"#
        ),
        (
            .torch,
            """
            SequentialLR(opt, schedulers=[
                LinearLR(opt, start_factor=1/4, total_iters=5),
                CosineAnnealingLR(opt, T_max=2 * 10 + -5),
            ], milestones=[5])
            """,
            #"""
            {"library": "torch", "name": "SequentialLR", "params": {"milestones": [5], "schedulers": [
                {"schedule": "LinearLR", "params": {"start_factor": 0.25, "total_iters": 5}},
                {"schedule": "CosineAnnealingLR", "params": {"T_max": 15}}]}}
            """#
        ),
        (
            .transformers,
            "get_scheduler('cosine', optimizer=optimizer, num_warmup_steps=10, num_training_steps=1_000)",
            #"{"library": "transformers", "name": "cosine", "params": {"num_warmup_steps": 10, "num_training_steps": 1000}}"#
        ),
        (
            .transformers, "get_linear_schedule_with_warmup(optimizer, 10, 100)",
            #"{"library": "transformers", "name": "linear", "params": {"num_warmup_steps": 10, "num_training_steps": 100}}"#
        ),
        (
            .optax, "optax.piecewise_constant_schedule(1.0, {10: 0.1, 20: 0.5})",
            #"{"library": "optax", "name": "piecewise_constant_schedule", "params": {"init_value": 1, "boundaries_and_scales": {"10": 0.1, "20": 0.5}}}"#
        ),
        (
            .fastai, "learn.fit_one_cycle(4, 2**-4, moms=(0.95, 0.85, 0.95), batches_per_epoch=5)",
            #"{"library": "fastai", "name": "fit_one_cycle", "params": {"n_epoch": 4, "lr_max": 0.0625, "moms": [0.95, 0.85, 0.95], "batches_per_epoch": 5}}"#
        ),
        (
            .timm,
            "CosineLRScheduler(optimizer, t_initial=50, warmup_prefix=True, noise_range_t=None)",
            #"{"library": "timm", "name": "CosineLRScheduler", "params": {"t_initial": 50, "warmup_prefix": true, "noise_range_t": null}}"#
        ),
    ])
    func `reads schedulers as they stand in code`(
        library: Library,
        code: String,
        json: String
    ) throws {
        let written = try LibrarySchedule(parsing: code, library: library, learningRate: 0.1)
        let described = try JSONDecoder().decode(
            LibrarySchedule.self,
            from: Data(json.dropLast().appending(#", "learning_rate": 0.1}"#).utf8)
        )
        #expect(written == described)
    }

    @Test func `reads the scheduler out of the lines around it`() throws {
        let code = """
            >>> from torch.optim.lr_scheduler import CosineAnnealingLR as Cos, LinearLR
            epochs: int = 10
            steps = epochs * len(loader)  # len(…) is the updates of an epoch
            optimizer = torch.optim.SGD(model.parameters(), lr=0.3, momentum=0.9)
            warmup = LinearLR(optimizer, start_factor=0.1, total_iters=int(0.1 * steps),)
            scheduler = SequentialLR(
                optimizer,
                schedulers=[warmup, Cos(optimizer, T_max=steps - 50)],
                milestones=[50],
            )
            for epoch in range(epochs):
                train(epoch); scheduler.step()
            """
        let read = try LibrarySchedule(parsing: code, library: .torch, batchesPerEpoch: 50)
        #expect(read.learningRate == 0.3)
        #expect(
            read.parameters == [
                "milestones": [50],
                "schedulers": [
                    [
                        "schedule": "LinearLR",
                        "params": ["start_factor": 0.1, "total_iters": 50],
                    ],
                    ["schedule": "CosineAnnealingLR", "params": ["T_max": 450]],
                ],
            ]
        )
        let inOptimizer = try LibrarySchedule(
            parsing: "opt = keras.optimizers.Adam(learning_rate=CosineDecay(0.1, decay_steps=100))",
            library: .keras
        )
        #expect(inOptimizer.name == "CosineDecay")
        let constant = try LibrarySchedule(
            parsing: "MultiplicativeLR(opt, lr_lambda=lambda epoch: 0.95)",
            library: .torch,
            learningRate: 1
        )
        #expect(constant.parameters == ["constant": 0.95])
    }

    @Test func `two schedulers of which none holds the other are refused`() {
        let sentence = refusal {
            try LibrarySchedule(
                parsing: "a = StepLR(opt, 3)\nb = ExponentialLR(opt, 0.9)",
                library: .torch,
                learningRate: 1
            )
        }
        #expect(
            sentence == "code: line 2, column 5: StepLR and ExponentialLR both stand in the code "
                + "and neither holds the other; leave one out"
        )
    }

    @Test(arguments: [
        ("StepLR", "it is not a call such as StepLR(step_size=30)"),
        (
            "StepLR(opt, size)",
            "line 1, column 13: the value of size, for step_size, is not in the code; write it out"
        ),
        ("StepLR(opt, 3", "line 1, column 14: expected a comma, found the end"),
        (
            "StepLR(opt, 3) + 1",
            "line 1, column 17: arithmetic is read on numbers alone; write its result"
        ),
        (
            "LambdaLR(opt, lambda e: 0.9 ** e)",
            "line 1, column 15: a lambda cannot be read; give its factors by step as table=[…]"
        ),
        ("Step(opt)", #"line 1, column 1: torch has no scheduler "Step" here; it has LambdaLR"#),
        ("StepLR(opt, 1/0)", "line 1, column 15: division by zero"),
        (
            String(repeating: "(", count: 100_000),
            "line 1, column 65: it is nested deeper than 64 levels"
        ),
    ])
    func `says what cannot be read`(code: String, sentence: String) {
        let refused = refusal {
            try LibrarySchedule(parsing: code, library: .torch, learningRate: 1)
        }
        #expect(refused?.hasPrefix("code: \(sentence)") == true, "\(refused ?? "")")
    }
}

extension Substring {
    fileprivate func appending(_ text: String) -> String { String(self) + text }
}
