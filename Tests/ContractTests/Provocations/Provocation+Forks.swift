import Foundation
import TestSupport
import Testing

extension Provocation {
    static let forks: [Provocation] =
        [
            fork(
                "fork",
                201,
                "under another schedule",
                [
                    "changes": [
                        "schedule": ["type": "linear", "learning_rate": 0.05], "epochs": 4,
                    ],
                    "learning_rate_policy": "rescale",
                ]
            ),
            fork("fork", 201, "with nothing but the length changed", ["changes": ["epochs": 3]]),
            fork("extend", 201, "for twice as long", ["epochs": 4]),
            fork("cooldown", 201, "over a fifth", ["over": "20%", "shape": "linear"]),
            fork("fork", 409, "no checkpoint there", ["from_step": 2, "changes": ["epochs": 4]]),
            fork("extend", 409, "no checkpoint there", ["from_step": 2, "epochs": 4]),
            fork("cooldown", 409, "no checkpoint there", ["from_step": 2]),
            fork("fork", 422, "no longer than what is finished", ["changes": ["steps": 1]]),
            fork(
                "fork",
                422,
                "another model",
                [
                    "changes": ["epochs": 4, "model": ["type": "softmax"]]
                ]
            ),
            fork(
                "fork",
                422,
                "carried under another schedule",
                [
                    "changes": ["schedule": ["type": "linear"]], "learning_rate_policy": "carry",
                ]
            ),
            fork("fork", 422, "a field that is none", ["changes": ["epohcs": 4]]),
            fork("extend", 422, "both lengths", ["epochs": 4, "steps": 100]),
            fork("cooldown", 422, "over everything", ["over": "100%"]),
        ]
        + ["fork", "extend", "cooldown"].flatMap { action in
            let operation = operation(action)
            let body: JSONValue =
                switch action {
                case "fork": ["changes": ["epochs": 4]]
                case "extend": ["epochs": 4]
                default: [:]
                }
            return [
                fork(action, 200, "a look", body, query: "?validate_only=true"),
                Provocation(operation, 404, "a job that never was") {
                    try await $0.manual.client.post(
                        "/v1/jobs/\(Stage.nobody)/\(action)",
                        json: body
                    )
                },
                Provocation(operation, 400, "half a document") {
                    try await send($0, action, Array("{".utf8))
                },
                Provocation(operation, 415, "plain text") {
                    try await send($0, action, Array("4".utf8), type: "text/plain")
                },
                Provocation(operation, 413, "a length of 6 GiB, and nothing of it") { stage in
                    var request = HTTPRequest(
                        "POST",
                        "/v1/jobs/\(Stage.nobody)/\(action)",
                        fields: ["Content-Type": "application/json"]
                    )
                    request.announcedLength = 6 << 30
                    return try await stage.manual.client.send(request)
                },
                Provocation(operation, 422, "a key that is too long") { stage in
                    try await stage.manual.client.post(
                        "/v1/jobs/\(try await Stage.savedJob(on: stage.manual))/\(action)",
                        json: body,
                        fields: ["Idempotency-Key": String(repeating: "k", count: 256)]
                    )
                },
                Provocation(operation, 503, "a store that cannot be written") { stage in
                    _ = try await stage.failing.client.post("/v1/jobs", json: Sample.small)
                    return try await stage.failing.client.post(
                        "/v1/jobs/\(stage.stuckSaved)/\(action)",
                        json: body
                    )
                },
                Provocation(operation, 429, "a full queue") { stage in
                    try await stage.crowded.client.post(
                        "/v1/jobs/\(stage.crowdedSaved)/\(action)",
                        json: body
                    )
                },
                Provocation(operation, 507, "a disk that is nearly full") { stage in
                    try await stage.cramped.client.post(
                        "/v1/jobs/\(stage.crampedSaved)/\(action)",
                        json: body
                    )
                },
                Provocation(operation, 201, "a repeat", fields: ["Idempotent-Replayed"]) { stage in
                    let path = "/v1/jobs/\(try await Stage.savedJob(on: stage.manual))/\(action)"
                    let key: KeyValuePairs = ["Idempotency-Key": UUID().uuidString]
                    let client = stage.manual.client
                    let first = try await client.post(path, json: body, fields: key)
                    let again = try await client.post(path, json: body, fields: key)
                    #expect(again.body == first.body)
                    return again
                },
            ]
        }

    private static func operation(_ action: String) -> String {
        action == "cooldown" ? "coolDownJob" : "\(action)Job"
    }

    private static func fork(
        _ action: String,
        _ status: Int,
        _ title: String,
        _ body: JSONValue,
        query: String = ""
    ) -> Provocation {
        Provocation(operation(action), status, title) { stage in
            try await stage.manual.client.post(
                "/v1/jobs/\(try await Stage.savedJob(on: stage.manual))/\(action)\(query)",
                json: body
            )
        }
    }

    private static func send(
        _ stage: Stage,
        _ action: String,
        _ body: [UInt8],
        type: String = "application/json"
    ) async throws -> HTTPReply {
        try await stage.manual.client.send(
            HTTPRequest(
                "POST",
                "/v1/jobs/\(try await Stage.savedJob(on: stage.manual))/\(action)",
                fields: ["Content-Type": type],
                body: body
            )
        )
    }
}
