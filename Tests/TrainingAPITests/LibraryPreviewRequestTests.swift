import Schedules
import Testing

@testable import TrainingAPI

@Suite struct LibraryPreviewRequestTests {
    /// A preview in JSON, with `fields` beside the schedule and 6 steps.
    private func body(_ schedule: String, _ fields: String = "\"steps\": 6") -> String {
        "{\"schedule\": \(schedule), \(fields)}"
    }

    /// A scheduler of PyTorch's.
    private func torch(_ name: String, _ parameters: String) -> String {
        #"{"library": "torch", "name": "\#(name)", "params": \#(parameters), "learning_rate": 0.1}"#
    }

    private func request(_ text: String) throws -> LibraryPreviewRequest? {
        let document = try YAMLReader.read(text).document
        #expect(LibraryPreviewRequest.isMeant(by: document))
        var context = DecodingContext()
        let request = LibraryPreviewRequest(document, &context)
        #expect(context.faults == [])
        return request
    }

    /// The answer as a document.
    private func answer(_ text: String) throws -> Document {
        var context = DecodingContext()
        let body = try #require(try request(text)?.preview(&context))
        return try JSONReader.read(body.json()).document
    }

    private func faults(_ text: String) throws -> [String] {
        let (document, faults) = try JSONReader.read(Array(text.utf8))
        var context = DecodingContext(faults: faults)
        if let request = LibraryPreviewRequest(document, &context) { _ = request.preview(&context) }
        return context.faults.map { "\($0.pointer) \($0.code.rawValue)" }
    }

    @Test func `reads every field`() throws {
        let text = #"""
            {"schedule": {"library": "composer", "name": "ConstantScheduler", "params": {"alpha": 0.5},
                          "learning_rate": 0.2, "unit": "epochs"},
             "steps": 20, "max_points": 4,
             "context": {"max_duration": "2ep", "dataloader_len": 10, "ssr": 0.5},
             "resume": {"at": 3, "first_params": {"alpha": 1}, "load_scheduler_state": false},
             "manual_edit": {"before_step": 5, "multiply_lr_by": 0.1}}
            """#
        let wish = try #require(try request(text))
        #expect(wish.schedule.library == .composer && wish.schedule.name == "ConstantScheduler")
        #expect(wish.schedule.parameters == ["alpha": 0.5])
        #expect(wish.schedule.learningRate == 0.2 && wish.schedule.unit == .epochs)
        #expect(wish.steps == 20 && wish.pointLimit == 4 && wish.metrics == nil)
        let clock = LibraryClock(maximumDuration: "2ep", batchesPerEpoch: 10, scaleRatio: 0.5)
        #expect(wish.clock == clock)
        #expect(
            wish.resume == .init(at: 3, firstParameters: ["alpha": 1], loadsSchedulerState: false)
        )
        #expect(wish.manualEdit == .init(beforeStep: 5, factor: 0.1))
    }

    @Test func `has the defaults of what is left out`() throws {
        let text = #"""
            {"schedule": {"library": "keras", "name": "CosineDecay",
                          "params": {"initial_learning_rate": 0.1, "decay_steps": 4}},
             "steps": 2, "resume": {"at": 1, "first_params":
                          {"initial_learning_rate": 0.1, "decay_steps": 4}}}
            """#
        let wish = try #require(try request(text))
        #expect(wish.schedule.learningRate == nil && wish.schedule.unit == .steps)
        #expect(wish.clock == nil && wish.manualEdit == nil && wish.pointLimit == nil)
        #expect(wish.resume?.loadsSchedulerState == true)
    }

    @Test func `answers the rate of each call, and no events`() throws {
        let found = try answer(body(torch("StepLR", #"{"step_size": 2, "gamma": 0.5}"#)))
        let expected = [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]
        #expect(found["learning_rates"]?.array?.compactMap(\.double) == expected)
        #expect(found["events"]?.array == [])
        #expect(found.members?.map(\.name) == ["learning_rates", "events"])
    }

    @Test func `thins the rates to the calls that it names`() throws {
        let text = body(
            torch("OneCycleLR", #"{"max_lr": 0.1, "total_steps": 9}"#),
            #""steps": 9, "max_points": 3"#
        )
        let found = try answer(text)
        #expect(found["steps"]?.array?.compactMap(\.integer) == [0, 4, 8])
        #expect(found["learning_rates"]?.array?.count == 3)
        #expect(found["momenta"]?.array?.compactMap(\.double).count == 3)
        #expect(found["momenta"]?.array?[0].double == 0.95)
    }

    @Test func `answers the rates up to the call at which the library raises`() throws {
        let found = try answer(body(torch("OneCycleLR", #"{"max_lr": 0.1, "total_steps": 3}"#)))
        #expect(found["learning_rates"]?.array?.count == 4)
        let event = try #require(found["events"]?.array?.first)
        #expect(event["step"]?.integer == 4 && event["kind"]?.string == "refused")
        #expect(event["reason"]?.string?.hasPrefix("ValueError: ") == true)
        #expect(event.members?.count == 3)
    }

    @Test func `follows reports, those too that are not finite`() throws {
        let found = try answer(
            body(
                torch("ReduceLROnPlateau", #"{"factor": 0.5, "patience": 0}"#),
                #""steps": 9, "metrics": [1, "NaN", "-Infinity", "Infinity"]"#
            )
        )
        let expected = [0.1, 0.05, 0.05, 0.025]
        #expect(found["learning_rates"]?.array?.compactMap(\.double) == expected)
    }

    @Test(arguments: [
        (#"{"library": "jax", "name": "x"}"#, #""steps": 6"#, ["/schedule/library range"]),
        (
            #"{"library": 5, "name": 5}"#, #""steps": 6"#,
            ["/schedule/library type", "/schedule/name type"]
        ),
        (
            #"{"library": "torch", "params": [], "learning_rate": -1, "unit": "hours", "type": "x"}"#,
            #""steps": 0, "metrics": [1, "x"], "max_points": 1, "steps_per_epoch": 2"#,
            [
                "/schedule/name missing", "/schedule/params type", "/schedule/learning_rate range",
                "/schedule/unit range", "/schedule/type unknown", "/steps range", "/metrics/1 type",
                "/max_points range", "/steps_per_epoch unknown",
            ]
        ),
        (
            #"{"library": "torch", "name": "ExponentialLR", "params": {"gamma": 1}, "learning_rate": 1}"#,
            #""context": {}, "resume": {"at": -1, "x": 1}, "manual_edit": {"before_step": 1.5}"#,
            [
                "/steps missing", "/context/max_duration missing",
                "/context/dataloader_len missing",
                "/resume/at range", "/resume/first_params missing", "/resume/x unknown",
                "/manual_edit/before_step type", "/manual_edit/multiply_lr_by missing",
            ]
        ),
        (#"{"library": "torch", "name": "StepLr"}"#, #""steps": 6"#, ["/schedule/name range"]),
    ])
    func `lists every fault at its pointer`(
        schedule: String,
        fields: String,
        expected: [String]
    ) throws {
        #expect(try faults(body(schedule, fields)) == expected)
    }

    @Test(arguments: [
        ("StepLR", "{}", #""steps": 6"#, "/schedule/params conflict"),
        ("StepLR", #"{"step_size": 2, "gama": 1}"#, #""steps": 6"#, "/schedule/params conflict"),
        ("ReduceLROnPlateau", "{}", #""steps": 6"#, "/metrics missing"),
        ("ExponentialLR", #"{"gamma": 1}"#, #""steps": 6, "metrics": []"#, "/metrics conflict"),
        (
            "ExponentialLR", #"{"gamma": 1}"#,
            #""steps": 6, "context": {"max_duration": "1ep", "dataloader_len": 1}"#,
            "/context conflict"
        ),
        (
            "ExponentialLR", #"{"gamma": 1}"#,
            #""steps": 6, "resume": {"at": 1, "first_params": {}}"#,
            "/resume/first_params conflict"
        ),
    ])
    func `refuses what the library does not construct at its pointer`(
        name: String,
        parameters: String,
        fields: String,
        expected: String
    ) throws {
        #expect(try faults(body(torch(name, parameters), fields)) == [expected])
    }

    @Test func `asks for Composer's clock`() throws {
        let schedule = #"{"library": "composer", "name": "ConstantScheduler", "learning_rate": 1}"#
        #expect(try faults(body(schedule)) == ["/context missing"])
    }

    @Test func `is not meant by a native schedule`() throws {
        let native = try YAMLReader.read("{schedule: {type: cosine}, steps: 5}").document
        #expect(!LibraryPreviewRequest.isMeant(by: native))
    }
}
