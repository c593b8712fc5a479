import TestSupport
import Testing

extension Provocation {
    static let previews: [Provocation] =
        [
            Provocation("previewSchedule", 200, "a momentum that moves in one phase alone") {
                let schedule: JSONValue = [
                    "type": "sequence", "learning_rate": 0.1,
                    "phases": [["type": "one_cycle", "length": "5ba"], ["type": "constant"]],
                ]
                let reply = try await preview($0, under: schedule)
                let momenta = try #require(reply.json()["momenta"]?.array)
                #expect(momenta.prefix(5).allSatisfy { $0.number != nil })
                #expect(momenta.dropFirst(5).allSatisfy { $0 == .null })
                return reply
            },
            Provocation("previewSchedule", 200, "a plateau that is told its metrics") {
                let schedule: JSONValue = [
                    "type": "reduce_on_plateau", "learning_rate": 0.1, "factor": 0.5, "patience": 0,
                ]
                let reply = try await preview(
                    $0,
                    under: schedule,
                    ["steps_per_epoch": 2, "metrics": [1, 1, "NaN", 0.5, "Infinity"]]
                )
                #expect(kinds(in: try reply.json()).contains("reduction"))
                return reply
            },
            Provocation("previewSchedule", 200, "a rate that rises and begins anew") {
                let schedule: JSONValue = [
                    "type": "greedy", "learning_rate": 0.1, "floor": 0.04, "start": 0.05,
                    "factor": 0.5, "patience": 0, "reset_after": 1,
                ]
                let reply = try await preview($0, under: schedule, ["metrics": [3, 2, 1, 1, 1, 1]])
                #expect(Set(kinds(in: try reply.json())) == ["increase", "reduction", "restart"])
                return reply
            },
            Provocation("previewSchedule", 200, "thinned rates") {
                try await preview(
                    $0,
                    under: ["type": "linear", "learning_rate": 0.1],
                    ["steps": 1_000, "max_points": 10]
                )
            },
            Provocation("previewSchedule", 200, "YAML") {
                let type: KeyValuePairs = ["Content-Type": "application/yaml"]
                let body = Array("schedule: {type: constant, learning_rate: 0.1}\nsteps: 3".utf8)
                return try await $0.manual.client.send(
                    HTTPRequest("POST", "/v1/schedules/preview", fields: type, body: body)
                )
            },
            Provocation("previewSchedule", 422, "no steps") {
                let schedule: JSONValue = ["type": "cosine", "learning_rate": 0.1]
                return try await preview($0, under: schedule, ["steps": 0])
            },
            Provocation("previewSchedule", 422, "no rate") {
                try await preview($0, under: ["type": "cosine"])
            },
            Provocation("previewSchedule", 422, "more steps than can be shown one by one") {
                let schedule: JSONValue = ["type": "cosine", "learning_rate": 0.1]
                return try await preview($0, under: schedule, ["steps": 1_000_001])
            },
            Provocation("previewSchedule", 422, "phases longer than the run") {
                let phases: JSONValue = [
                    ["type": "constant", "length": "8ba"], ["type": "constant", "length": "8ba"],
                ]
                let schedule: JSONValue = [
                    "type": "sequence", "learning_rate": 0.1, "phases": phases,
                ]
                return try await preview($0, under: schedule)
            },
        ] + refusals(of: "previewSchedule", at: "/v1/schedules/preview")
        + Sample.schedules.map { sample in
            Provocation("previewSchedule", 200, sample.title) {
                try await preview($0, under: sample.body, ["steps": 40, "steps_per_epoch": 10])
            }
        }
        + Sample.refusedSchedules.map { sample in
            Provocation("previewSchedule", 422, sample.title) {
                try await preview($0, under: sample.body)
            }
        }

    static let libraryPreviews: [Provocation] =
        [
            libraryPreview(200, "torch", torch("CosineAnnealingLR", ["T_max": 5])),
            libraryPreview(
                200,
                "a scheduler that moves the momentum, thinned",
                torch("OneCycleLR", ["max_lr": 0.1, "total_steps": 10]),
                ["max_points": 4]
            ),
            libraryPreview(
                200,
                "a scheduler of schedulers",
                torch(
                    "SequentialLR",
                    [
                        "schedulers": [
                            ["schedule": "ConstantLR", "params": ["factor": 0.1]],
                            ["schedule": "ExponentialLR", "params": ["gamma": 0.9]],
                        ],
                        "milestones": [3],
                    ]
                )
            ),
            libraryPreview(
                200,
                "a scheduler that is told its metrics",
                torch("ReduceLROnPlateau", ["factor": 0.5, "patience": 0]),
                ["metrics": [1, 1, "NaN", 0.5]]
            ),
            libraryPreview(
                200,
                "a restart and an edit by hand",
                torch("StepLR", ["step_size": 4, "gamma": 0.5]),
                [
                    "resume": ["at": 3, "first_params": ["step_size": 2, "gamma": 0.5]],
                    "manual_edit": ["before_step": 6, "multiply_lr_by": 0.5],
                ]
            ),
            libraryPreview(
                200,
                "composer, with its clock",
                [
                    "library": "composer", "name": "CosineAnnealingWithWarmupScheduler",
                    "params": ["t_warmup": "1ep"], "learning_rate": 0.1, "unit": "epochs",
                ],
                ["context": ["max_duration": "2ep", "dataloader_len": 5, "ssr": 1]]
            ),
            libraryPreview(
                200,
                "a rate that grows beyond every double",
                torch("ExponentialLR", ["gamma": 1e200])
            ),
            libraryPreview(422, "what torch does not construct", torch("StepLR", [:])),
            libraryPreview(422, "a parameter that torch does not have", torch("StepLR", ["T": 1])),
            libraryPreview(422, "a scheduler that torch does not have", torch("StepLr", [:])),
            libraryPreview(422, "an unknown library", ["library": "jax", "name": "cosine"]),
            libraryPreview(
                422,
                "a native field",
                torch("ExponentialLR", ["gamma": 0.9]),
                ["steps_per_epoch": 2]
            ),
            libraryPreview(
                422,
                "metrics that nothing follows",
                torch("ExponentialLR", ["gamma": 0.9]),
                ["metrics": [1]]
            ),
            libraryPreview(422, "no metrics", torch("ReduceLROnPlateau", [:])),
            libraryPreview(
                422,
                "composer without a clock",
                ["library": "composer", "name": "ConstantScheduler", "learning_rate": 0.1]
            ),
        ] + [
            Provocation("previewSchedule", 200, "a scheduler that raises at a later call") {
                let schedule = torch("OneCycleLR", ["max_lr": 0.1, "total_steps": 4])
                let reply = try await preview($0, under: schedule)
                #expect(try reply.json()["learning_rates"]?.array?.count == 5)
                #expect(kinds(in: try reply.json()) == ["refused"])
                return reply
            }
        ]

    private static func libraryPreview(
        _ status: Int,
        _ title: String,
        _ schedule: JSONValue,
        _ rest: [String: JSONValue] = [:]
    ) -> Provocation {
        Provocation("previewSchedule", status, title) {
            try await preview($0, under: schedule, rest)
        }
    }

    private static func torch(_ name: String, _ parameters: JSONValue) -> JSONValue {
        [
            "library": "torch", "name": .string(name), "params": parameters, "learning_rate": 0.1,
            "unit": "steps",
        ]
    }

    private static func kinds(in rates: JSONValue) -> [String] {
        rates["events"]?.array?.compactMap { $0["kind"]?.string } ?? []
    }

    private static func preview(
        _ stage: Stage,
        under schedule: JSONValue,
        _ rest: [String: JSONValue] = [:]
    ) async throws -> HTTPReply {
        let body = ["schedule": schedule, "steps": 10].merging(rest) { $1 }
        return try await stage.manual.client.post("/v1/schedules/preview", json: .object(body))
    }
}
