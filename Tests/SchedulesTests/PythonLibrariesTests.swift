import Foundation
import Schedules
import Testing

/// Code of Keras, timm, Composer and fastai, as their users have it.
@Suite struct PythonLibrariesTests {
    @Test(arguments: [
        (
            Library.keras,
            """
            initial = 0.1
            lr_schedule = tf.keras.optimizers.schedules.ExponentialDecay(
                initial, decay_steps=100_000, decay_rate=0.96, staircase=True)
            model.compile(optimizer=keras.optimizers.SGD(learning_rate=lr_schedule), loss="mse")
            """,
            #"""
            {"library": "keras", "name": "ExponentialDecay", "params": {"initial_learning_rate": 0.1,
             "decay_steps": 100000, "decay_rate": 0.96, "staircase": true}}
            """#
        ),
        (
            .keras,
            "keras.optimizers.schedules.CosineDecay(1e-3, 1000, warmup_target=1e-2, warmup_steps=100)",
            #"""
            {"library": "keras", "name": "CosineDecay", "params": {"initial_learning_rate": 0.001,
             "decay_steps": 1000, "warmup_target": 0.01, "warmup_steps": 100}}
            """#
        ),
        (
            .keras,
            "PiecewiseConstantDecay(boundaries=[100000, 110000], values=[1.0, 0.5, 0.1])",
            #"""
            {"library": "keras", "name": "PiecewiseConstantDecay",
             "params": {"boundaries": [100000, 110000], "values": [1, 0.5, 0.1]}}
            """#
        ),
        (
            .keras,
            "callbacks = [ReduceLROnPlateau(monitor='val_loss', factor=0.2, patience=5, min_lr=0.001)]",
            #"""
            {"library": "keras", "name": "ReduceLROnPlateau",
             "params": {"monitor": "val_loss", "factor": 0.2, "patience": 5, "min_lr": 0.001}}
            """#
        ),
        (
            .timm,
            """
            from timm.scheduler.cosine_lr import CosineLRScheduler
            num_epochs = 300
            optimizer = create_optimizer_v2(model, opt="adamw", lr=5e-4)
            scheduler = CosineLRScheduler(
                optimizer, t_initial=num_epochs, lr_min=1e-5, warmup_t=20, warmup_lr_init=1e-6,
                cycle_limit=1)
            """,
            #"""
            {"library": "timm", "name": "CosineLRScheduler", "params": {"t_initial": 300,
             "lr_min": 1e-5, "warmup_t": 20, "warmup_lr_init": 1e-6, "cycle_limit": 1}}
            """#
        ),
        (
            .timm, "timm.scheduler.StepLRScheduler(optimizer, decay_t=30, decay_rate=0.1)",
            #"""
            {"library": "timm", "name": "StepLRScheduler",
             "params": {"decay_t": 30, "decay_rate": 0.1}}
            """#
        ),
        (
            .composer,
            """
            trainer = Trainer(
                model=model,
                max_duration="10ep",
                schedulers=[CosineAnnealingWithWarmupScheduler(t_warmup="100ba", alpha_f=0.1)],
            )
            """,
            #"""
            {"library": "composer", "name": "CosineAnnealingWithWarmupScheduler",
             "params": {"t_warmup": "100ba", "alpha_f": 0.1}}
            """#
        ),
        (
            .composer,
            "composer.optim.MultiStepScheduler(milestones=['30ep', '0.9dur'], gamma=0.1)",
            #"""
            {"library": "composer", "name": "MultiStepScheduler",
             "params": {"milestones": ["30ep", "0.9dur"], "gamma": 0.1}}
            """#
        ),
        (
            .fastai, "learn.fit_flat_cos(5, lr=1e-2, pct_start=0.5)",
            #"""
            {"library": "fastai", "name": "fit_flat_cos",
             "params": {"n_epoch": 5, "lr": 0.01, "pct_start": 0.5, "batches_per_epoch": 20}}
            """#
        ),
        (
            .fastai, "learn = vision_learner(dls, resnet34)\nlearn.fit_sgdr(3, 1, lr_max=3e-3)",
            #"""
            {"library": "fastai", "name": "fit_sgdr",
             "params": {"n_cycles": 3, "cycle_len": 1, "lr_max": 0.003, "batches_per_epoch": 20}}
            """#
        ),
    ])
    func `reads it as its own names say`(library: Library, code: String, json: String) throws {
        let read = try LibrarySchedule(
            parsing: code,
            library: library,
            learningRate: 0.1,
            batchesPerEpoch: 20
        )
        let described = try JSONDecoder().decode(
            LibrarySchedule.self,
            from: Data((json.dropLast() + #", "learning_rate": 0.1}"#).utf8)
        )
        #expect(read == described)
    }

    @Test func `an optimizer that is made in the same lines gives the rate`() throws {
        let timm = try LibrarySchedule(
            parsing: """
                optimizer = torch.optim.AdamW(model.parameters(), lr=5e-4, weight_decay=0.05)
                scheduler = PolyLRScheduler(optimizer, t_initial=100, power=1.0)
                """,
            library: .timm
        )
        #expect(timm.learningRate == 5e-4)
        #expect(try timm.preview(steps: 51).learningRates.last == 2.5e-4)
    }

    @Test(arguments: [
        (
            Library.keras, "CosineDecay(0.1, decay_steps=100, gamma=2)",
            "gamma"
        ),
        (.timm, "CosineLRScheduler(optimizer, t_initial=50, noise_range_t=[1, 2])", "noise"),
        (.composer, "LinearScheduler(t_max='5 epochs')", "5 epochs"),
        (.fastai, "learn.fit_one_cycle(4, 1e-2)", "batches_per_epoch"),
    ])
    func `what a library does not take is refused with the word at fault`(
        library: Library,
        code: String,
        word: String
    ) {
        let sentence = refusal {
            let schedule = try LibrarySchedule(parsing: code, library: library, learningRate: 0.1)
            return try schedule.resolve(for: makeRun(100, stepsPerEpoch: 10))
        }
        #expect(sentence?.contains(word) == true, "\(sentence ?? "taken")")
    }
}
