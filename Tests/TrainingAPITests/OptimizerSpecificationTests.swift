import Testing

@testable import TrainingAPI

@Suite struct OptimizerSpecificationTests {
    /// A job with this optimizer on 1,000 rows of 2 features, under a constant rate.
    private func read(
        _ optimizer: String,
        fields: String = "",
        schedule: String = #"{"type": "constant", "learning_rate": 0.1}"#
    ) throws -> (job: JobSpecification?, context: DecodingContext) {
        let json = """
            {\(fields) "dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [16]},
             "optimizer": \(optimizer), "schedule": \(schedule)}
            """
        let facts = DatasetFacts(
            name: "spirals",
            rows: ["train": 1_000, "test": 200],
            shape: [2],
            target: .classes(3)
        )
        let (document, faults) = try JSONReader.read(Array(json.utf8))
        var context = DecodingContext(faults: faults)
        let job = JobSpecification(document, &context)
        _ = job?.plan(for: facts, &context)
        return (job, context)
    }

    @Test(arguments: [
        #"{"type": "sgd", "momentum": 0.5, "dampening": 0.25, "weight_decay": 0.1}"#,
        #"{"type": "adam", "betas": [0.8, 0.9], "eps": 0.001}"#, #"{}"#,
        #"{"type": "nadam", "momentum_decay": 0.01, "weight_decay": 0.1}"#,
        #"{"type": "rmsprop", "alpha": 0.9, "centered": true, "momentum": 0.5}"#,
        #"{"type": "adagrad", "initial_accumulator_value": 0.1}"#,
        #"{"type": "lion", "betas": [0.95, 0.98], "weight_decay": 1}"#,
        #"{"gradient_clip": {"value": 0.5}, "layer_decay": 0.5, "ema": {}}"#,
        #"{"weight_decay_exclude": ["norm", "bias"], "weight_decay_coupling": "schedule"}"#,
        #"{"groups": [{"match": "bias", "weight_decay": 0}, {"match": "*", "rate_factor": 2}]}"#,
    ])
    func `normalises to what reads back to the same optimizer`(json: String) throws {
        let (job, context) = try read(json)
        #expect(context.faults.map(\.detail) == [])
        let optimizer = try #require(job).optimizer
        let again = try read(String(decoding: optimizer.json(), as: UTF8.self)).job
        #expect(again?.optimizer == optimizer)
    }

    @Test(arguments: [
        (#"{"type": "adagrad", "momentum": 0.9}"#, "/optimizer/momentum unknown"),
        (#"{"type": "sgd", "dampening": 0.1, "nesterov": true}"#, "/optimizer/nesterov conflict"),
        (#"{"gradient_clip": 1}"#, "/optimizer/gradient_clip type"),
        (#"{"gradient_clip": {}}"#, "/optimizer/gradient_clip missing"),
        (#"{"gradient_clip": {"norm": 0}}"#, "/optimizer/gradient_clip/norm range"),
        (#"{"gradient_clip": {"norm": 1, "value": 1}}"#, "/optimizer/gradient_clip conflict"),
        (#"{"ema": {"decay": 1}}"#, "/optimizer/ema/decay range"),
        (#"{"layer_decay": 0}"#, "/optimizer/layer_decay range"),
        (#"{"weight_decay_exclude": ["weight"]}"#, "/optimizer/weight_decay_exclude/0 range"),
        (#"{"groups": [{"rate_factor": 2}]}"#, "/optimizer/groups/0/match missing"),
        (#"{"groups": [{"match": "1.*"}]}"#, "/optimizer/groups/0/match conflict"),
        (
            #"{"groups": [{"match": "*"}, {"match": "0.bias"}]}"#,
            "/optimizer/groups/1/match conflict"
        ),
    ])
    func `names the faulty field and what is wrong with it`(json: String, fault: String) throws {
        let faults = try read(json).context.faults
        #expect(faults.map { "\($0.pointer) \($0.code.rawValue)" } == [fault])
    }

    @Test(arguments: [
        ("max_grad_norm", "`gradient_clip`"), ("rho", "`alpha`"), ("lr", "schedule.learning_rate"),
        ("ema_decay", "optimizer.ema"), ("wd", "`weight_decay`"),
    ])
    func `says what to write in place of a name of other tools`(name: String, right: String) throws
    {
        let faults = try read("{\"type\": \"rmsprop\", \"\(name)\": 1}").context.faults
        #expect(faults.count == 1)
        #expect(faults.first?.detail.contains(right) == true, "\(faults)")
    }

    @Test(arguments: [
        ("bias", "0.bias", true), ("bias", "0.weight", false), ("0.*", "0.weight", true),
        ("*.weight", "10.weight", true), ("?.weight", "10.weight", false), ("*", "", true),
        ("*a*b", "xaybzb", true), ("*a*b", "xaybz", false), ("0.weigh", "0.weight", false),
    ])
    func `matches names by their characters`(match: String, name: String, fits: Bool) {
        let kinds: Set<TensorKind> = name.hasSuffix("bias") ? [.bias] : []
        #expect(ParameterGroup(match: match).matches(name, kinds: kinds) == fits)
    }

    @Test func `gives a tensor the first group's factor and decay, and each layer its own`() throws
    {
        let job = try #require(
            try read(
                #"""
                {"weight_decay": 0.1, "weight_decay_exclude": ["bias"], "layer_decay": 0.5, "groups":
                 [{"match": "0.bias", "rate_factor": 3, "weight_decay": 0.2}, {"match": "*.bias"}]}
                """#
            ).job
        )
        let shape = try ModelShape(job.model, input: TensorShape(features: [2]), outputs: 3)
        let layout = shape.parameters
        let settings = layout.tensors.map { job.optimizer.settings(of: $0, in: layout) }
        #expect(layout.tensors.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
        #expect(settings.map(\.rateFactor) == [0.5, 1.5, 1, 1])
        #expect(settings.map(\.weightDecay) == [0.1, 0.2, 0.1, 0])
    }

    @Test func `requires a peak but for Adam's kinds`() throws {
        for type in OptimizerSpecification.types.map(\.name) {
            let faults = try read("{\"type\": \"\(type)\"}", schedule: "{}").context.faults
            let isAdam = ["adam", "adamw", "nadam"].contains(type)
            #expect(faults.map(\.pointer) == (isAdam ? [] : ["/schedule/learning_rate"]), "\(type)")
        }
    }

    @Test(arguments: [
        (#""early_stopping": {}, "epochs": 40,"#, #"{"type": "cosine", "learning_rate": 1}"#, true),
        (
            #""early_stopping": {}, "epochs": 40,"#, #"{"type": "constant", "learning_rate": 1}"#,
            false
        ),
        (
            #""early_stopping": {}, "epochs": 3,"#, #"{"type": "constant", "learning_rate": 1}"#,
            true
        ),
        (
            #""early_stopping": {"start_after": {"epochs": 20}}, "epochs": 40,"#,
            #"{"type": "cosine", "learning_rate": 1, "over": {"epochs": 20}}"#, false
        ),
    ])
    func `warns of an early end that leaves the rate's fall unfinished or cannot come`(
        fields: String,
        schedule: String,
        warns: Bool
    ) throws {
        let (_, context) = try read("{}", fields: fields, schedule: schedule)
        #expect(context.faults.isEmpty)
        #expect(context.warnings.contains { $0.pointer == "/early_stopping" } == warns)
    }

    @Test func `takes the monitor of evaluations where early stopping names none`() throws {
        let fields = #""early_stopping": {}, "evaluate": {"monitor": "val_acc"}, "epochs": 40,"#
        let job = try read("{}", fields: fields).job
        #expect(job?.earlyStopping?.monitor == .validationAccuracy)
        #expect(job?.earlyStopping?.mode == .maximize)
    }

    @Test func `counts the rows of an update over its batches`() throws {
        let json = #""batch_size": 100, "gradient_accumulation": 4, "epochs": 3,"#
        var context = DecodingContext()
        let job = try #require(try read("{}", fields: json).job)
        let facts = DatasetFacts(name: "x", rows: ["train": 1_000], shape: [2], target: .classes(3))
        // 900 rows are left to train on: two updates of 400 rows and one of 100.
        #expect(job.plan(for: facts, &context)?.stepsPerEpoch == 3)
    }
}
