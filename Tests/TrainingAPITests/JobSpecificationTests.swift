import Schedules
import Testing

@testable import TrainingAPI

/// What is wrong with a job in JSON, as pairs of pointer and code, in the order of the report.
private func faults(_ json: String) throws -> [String] {
    let (document, faults) = try JSONReader.read(Array(json.utf8))
    var context = DecodingContext(faults: faults)
    if let job = JobSpecification(document, &context) { _ = job.plan(for: spirals, &context) }
    return context.faults.map { "\($0.pointer) \($0.code.rawValue)" }
}

private let spirals = DatasetFacts(
    name: "spirals",
    rows: ["train": 1_000, "test": 200],
    shape: [2],
    target: .classes(3)
)

/// A good job with `fields` put in front.
private func job(_ fields: String = "", schedule: String = #"{"learning_rate": 0.1}"#) -> String {
    """
    {\(fields)\(fields.isEmpty ? "" : ",")
     "dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [16]},
     "optimizer": {"type": "sgd"}, "schedule": \(schedule)}
    """
}

@Suite struct JobSpecificationTests {
    @Test func `accepts the least that a job must say`() throws {
        #expect(
            try faults(#"{"dataset": {"name": "spirals"}, "model": {"type": "softmax"}}"#) == []
        )
        #expect(try faults(job()) == [])
    }

    /// What a job of the model `model` and of `fields` is refused for, with the sentence.
    private func refusal(
        _ model: String,
        _ fields: String,
        shape: [Int] = [2],
        target: DatasetFacts.Target? = nil,
        memoryLimit: Int = JobSpecification.standardMemoryLimit
    ) throws -> [String] {
        let json = """
            {\(fields) "dataset": {"name": "spirals"}, "model": \(model)}
            """
        let (document, faults) = try JSONReader.read(Array(json.utf8))
        var context = DecodingContext(faults: faults)
        var facts = spirals
        facts.shape = shape
        if let target { facts.target = target }
        if let job = JobSpecification(document, &context) {
            _ = job.plan(for: facts, memoryLimit: memoryLimit, &context)
        }
        return context.faults.map { "\($0.pointer) \($0.code.rawValue): \($0.detail)" }
    }

    @Test func `refuses a batch of one under batch normalization`() throws {
        let model = #"{"type": "mlp", "batch_norm": true}"#
        // 900 rows are 29 batches of 31 and one of 1.
        let found = try refusal(model, #""batch_size": 31,"#)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("/drop_last conflict: batch normalization") == true)
        #expect(found.first?.contains(#"write "drop_last": true"#) == true)
        #expect(try refusal(model, #""batch_size": 31, "drop_last": true,"#) == [])
        #expect(try refusal(model, #""batch_size": 30,"#) == [])
        #expect(try refusal(#"{"type": "mlp"}"#, #""batch_size": 31,"#) == [])
        #expect(
            try refusal(model, #""batch_size": 1,"#).first?.hasPrefix("/batch_size conflict")
                == true
        )
    }

    @Test func `refuses a model that takes more memory than there may be, with the estimate`()
        throws
    {
        let model = #"{"type": "mlp", "hidden": [16384, 16384]}"#
        let found = try refusal(model, "")
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("/model range: the run would take about ") == true
                && found.first?.contains("268,550,147 parameters") == true
                && found.first?.hasSuffix("the limit is 4,096 MiB") == true,
            "\(found)"
        )
        #expect(try refusal(model, "", memoryLimit: 1 << 40) == [])
    }

    @Test func `names the layer that does not fit the data`() throws {
        let model = #"{"type": "sequential", "layers": ["relu", {"type": "linear"}]}"#
        #expect(try refusal(model, "") == [])
        #expect(
            try refusal(model, "", shape: [7, 7, 1]) == [
                "/model/layers/1 conflict: linear needs flat features, got 1×7×7; add"
                    + " {\"type\": \"flatten\"} before it"
            ]
        )
        let weights = #"{"type": "softmax", "class_weights": [1, 2]}"#
        #expect(
            try refusal(weights, "") == [
                "/model/class_weights conflict: there are 2 weights, and the data have 3 classes"
            ]
        )
        let huber = #"{"type": "softmax", "loss": "huber"}"#
        #expect(
            try refusal(huber, "").first?.hasPrefix("/model/loss conflict: huber is for") == true
        )
    }

    @Test func `lists every fault at once`() throws {
        let json = #"""
            {"dataset": {"nam": "spirals", "validation": {"fraction": 1.5}}, "model": {"type": "mpl"},
             "optimizer": {"type": "sgd", "momentum": "0.9"}, "epochs": -1, "steps": 0,
             "batch_size": 1.5, "seed": -1, "colour": "red", "labels": {"a": 1},
             "schedule": {"type": "step", "learning_rate": 0.1, "every": 5, "factor": 0.5}}
            """#
        let found = try faults(json)
        let expected = [
            "/dataset/name missing", "/dataset/nam unknown", "/dataset/validation/fraction range",
            "/model/type range", "/optimizer/momentum type", "/epochs range", "/steps range",
            "/batch_size type", "/seed range", "/colour unknown", "/labels type",
            "/schedule/every type",
        ]
        #expect(Set(found) == Set(expected))
    }

    @Test(arguments: [
        (#""name": """#, "/name range"), (#""name": 5"#, "/name type"),
        (#""kind": "range"#, "/kind range"), (#""epochs": "ten""#, "/epochs type"),
        (#""epochs": 0"#, "/epochs range"), (#""epochs": 1e400"#, "/epochs range"),
        (#""epochs": NaN"#, "malformed"), (#""steps": "NaN""#, "/steps type"),
        (#""steps": 1.5"#, "/steps type"), (#""batch_size": 0"#, "/batch_size range"),
        (#""batch_size": null"#, "/batch_size type"), (#""shuffle": 1"#, "/shuffle type"),
        (#""drop_last": "no""#, "/drop_last type"), (#""seed": 9007199254740992"#, "/seed range"),
        (#""seeds": {"initial": -1}"#, "/seeds/initial range"),
        (#""seeds": {"shuffle": 1}"#, "/seeds/shuffle unknown"),
        (#""labels": []"#, "/labels type"), (#""notes": 1"#, "/notes type"),
        (#""priority": 1001"#, "/priority range"),
        (#""maximum_attempts": 0"#, "/maximum_attempts range"),
        (#""maximum_seconds": 0"#, "/maximum_seconds range"),
        (#""maximum_seconds": 31536001"#, "/maximum_seconds range"),
        (#""maximum_seconds": "1h""#, "/maximum_seconds type"),
        (#""not_before": "tomorrow""#, "/not_before range"),
        (#""not_before": 1800000000"#, "/not_before type"),
        (#""evaluation_batch_size": 0"#, "/evaluation_batch_size range"),
        (#""evaluate": {"every": 5}"#, "/evaluate/every type"),
        (#""evaluate": {"monitor": "accuracy"}"#, "/evaluate/monitor range"),
        (#""gradient_accumulation": 0"#, "/gradient_accumulation range"),
        (
            #""batch_size": 500, "gradient_accumulation": 2, "drop_last": true"#,
            "/drop_last conflict"
        ),
        (#""on_non_finite": "ignore""#, "/on_non_finite range"),
        (#""evaluate": {"test": "always"}"#, "/evaluate/test range"),
        (#""early_stopping": {"patience": 0}"#, "/early_stopping/patience range"),
        (#""early_stopping": {"start_after": 5}"#, "/early_stopping/start_after type"),
        (#""early_stopping": {"min_delta": -1}"#, "/early_stopping/min_delta range"),
        (#""early_stopping": true"#, "/early_stopping type"),
        (#""seed": 1, "seed": 2"#, "/seed duplicate"),
        (#""batch_size": 5000, "drop_last": true"#, "/drop_last conflict"),
    ])
    func `names the faulty field and what is wrong with it`(fields: String, fault: String) throws {
        do {
            #expect(try faults(job(fields)) == [fault])
        } catch is DocumentError {
            #expect(fields.contains("NaN") || fields.contains(#""range"#))
        }
    }

    @Test(arguments: [
        (0.0004, "/dataset/validation/fraction range"),
        (0.9996, "/dataset/validation/fraction range"),
    ])
    func `refuses a validation split that leaves an empty set`(fraction: Double, fault: String)
        throws
    {
        let json =
            #"{"dataset": {"name": "spirals", "validation": {"fraction": \#(fraction)}}, "model": {"type": "softmax"}}"#
        #expect(try faults(json) == [fault])
    }

    @Test(arguments: [
        ("lr", "schedule.learning_rate"), ("max_epochs", "epochs"), ("bs", "batch_size"),
        ("wd", "optimizer.weight_decay"), ("val_split", "dataset.validation"),
        ("warmup_ratio", "schedule.warmup"), ("eposch", "epochs"), ("hidden_dims", "model.hidden"),
    ])
    func `says what to write in place of a name of other tools`(name: String, right: String) throws
    {
        let document = try JSONReader.read(Array(job("\"\(name)\": 1").utf8)).document
        var context = DecodingContext()
        _ = JobSpecification(document, &context)
        #expect(context.faults.count == 1)
        #expect(context.faults.first?.detail.contains(right) == true)
    }

    @Test(arguments: ["5", "0.3"])
    func `mends a bare number where a length is due`(number: String) throws {
        let schedule =
            #"{"type": "step", "learning_rate": 0.1, "every": \#(number), "factor": 0.5}"#
        let document = try JSONReader.read(Array(job(schedule: schedule).utf8)).document
        var context = DecodingContext()
        _ = JobSpecification(document, &context)
        #expect(context.faults.map(\.pointer) == ["/schedule/every"])
        #expect(context.faults.first?.detail.contains(": \(number)}") == true)
    }

    @Test func `requires a peak for sgd, and has one for adam`() throws {
        let sgd =
            #"{"dataset":{"name":"spirals"},"model":{"type":"softmax"},"optimizer":{"type":"sgd"}}"#
        #expect(try faults(sgd) == ["/schedule/learning_rate missing"])
        let adam = try JSONReader.read(
            Array(#"{"dataset":{"name":"spirals"},"model":{"type":"softmax"}}"#.utf8)
        ).document
        var context = DecodingContext()
        #expect(JobSpecification(adam, &context)?.schedule.schedule.learningRate == 1e-3)
    }

    @Test func `normalises to what reads back to the same job`() throws {
        let json = job(#""name": "x", "labels": {"b": "2", "a": "1"}, "seed": 7, "steps": 50"#)
        var context = DecodingContext()
        let document = try JSONReader.read(Array(json.utf8)).document
        let specification = try #require(JobSpecification(document, &context))
        let again = try JSONReader.read(specification.json()).document
        #expect(JobSpecification(again, &context) == specification)
        #expect(again["optimizer"]?["momentum"]?.double == 0.9)
        #expect(again["seeds"]?["order"]?.integer == 7)
    }

    @Test func `counts steps as the data and the batch size say`() throws {
        func plan(_ fields: String) throws -> JobPlan? {
            var context = DecodingContext()
            let document = try JSONReader.read(Array(job(fields).utf8)).document
            return JobSpecification(document, &context)?.plan(for: spirals, &context)
        }
        let whole = try plan(#""epochs": 3"#)
        #expect(whole?.trainingRows == 900)
        #expect(whole?.stepsPerEpoch == 8)
        #expect(whole?.totalSteps == 24)
        #expect(try plan(#""drop_last": true"#)?.stepsPerEpoch == 7)
        #expect(try plan(#""epochs": 2.5"#)?.totalSteps == 20)
        #expect(try plan(#""steps": 5"#)?.totalSteps == 5)
    }

    @Test func `refuses a monitor of a script's in a training`() throws {
        let schedule = """
            {"type": "reduce_on_plateau", "learning_rate": 1, "factor": 0.5, "patience": 1,
             "monitor": "perplexity"}
            """
        #expect(try faults(job(schedule: schedule)) == ["/schedule/monitor range"])
    }

    @Test func `refuses to monitor what is never measured`() throws {
        let json = #"""
            {"dataset": {"name": "spirals", "validation": null}, "model": {"type": "softmax"},
             "schedule": {"type": "reduce_on_plateau", "learning_rate": 0.1}}
            """#
        #expect(try faults(json) == ["/schedule/monitor conflict"])
    }

    @Test(arguments: [
        (fields: #""evaluate": {"monitor": "val_acc"},"#, places: ["/evaluate/monitor"]),
        (
            #""early_stopping": {"monitor": "validation_accuracy"}, "#,
            ["/early_stopping/monitor"]
        ),
        (
            #""schedule": {"type": "reduce_on_plateau", "learning_rate": 1, "monitor": "val_acc"},"#,
            ["/schedule/monitor"]
        ),
        ("", []),
    ])
    func `refuses to monitor the accuracy of values`(fields: String, places: [String]) throws {
        let found = try refusal(#"{"type": "softmax"}"#, fields, target: .values(1))
        let says =
            "conflict: validation_accuracy is of classes, and spirals has values to predict;"
            + " write \"validation_loss\""
        #expect(found == places.map { "\($0) \(says)" })
        #expect(try refusal(#"{"type": "softmax"}"#, fields) == [])
    }
}
