import Foundation
import TestSupport
import Testing

extension Provocation {
    static let storedSchedules: [Provocation] =
        storing + readingStored
        + [
            Provocation("explainRate", 200, "a finished job") {
                try await $0.training.client.get("/v1/jobs/\($0.finished)/explain?step=3")
            },
            Provocation("explainRate", 200, "the next step of a queued job") {
                let id = try await $0.submit()
                return try await $0.manual.client.get("/v1/jobs/\(id)/explain")
            },
            unchanged("explainRate") {
                ($0.training.client, "/v1/jobs/\($0.finished)/explain?step=3")
            },
            Provocation("explainRate", 404, "a job that never was") {
                try await $0.training.client.get("/v1/jobs/\(Stage.nobody)/explain")
            },
            Provocation("explainRate", 422, "a step past the end") {
                try await $0.training.client.get("/v1/jobs/\($0.finished)/explain?step=1000000")
            },
            Provocation("submitJob", 201, "a stored schedule under another peak") { stage in
                let name = try await stored(on: stage)
                let schedule: JSONValue = ["name": .string(name), "learning_rate": 0.2]
                return try await stage.manual.client.post(
                    "/v1/jobs",
                    json: Sample.job(under: schedule)
                )
            },
            Provocation("submitJob", 422, "a stored schedule that is not there") {
                let job = Sample.job(under: ["name": "no-such-schedule"])
                return try await $0.manual.client.post("/v1/jobs", json: job)
            },
            Provocation("previewSchedule", 200, "a stored schedule") { stage in
                let name = try await stored(on: stage)
                let wish: JSONValue = ["schedule": ["name": .string(name)], "steps": 5]
                return try await stage.manual.client.post("/v1/schedules/preview", json: wish)
            },
        ]
        + libraries.map { title, schedule in
            Provocation("submitJob", 201, title) {
                try await $0.manual.client.post("/v1/jobs", json: Sample.job(under: schedule))
            }
        }

    /// Schedules of libraries that a job can have.
    private static let libraries: [(String, JSONValue)] = [
        (
            "a scheduler of torch",
            [
                "library": "torch", "name": "StepLR", "params": ["step_size": 3],
                "learning_rate": 0.1, "unit": "epochs",
            ]
        ),
        (
            "a scheduler that follows a metric",
            [
                "library": "torch", "name": "ReduceLROnPlateau", "params": [:],
                "learning_rate": 0.1, "monitor": "train_loss",
            ]
        ),
    ]

    private static let storing: [Provocation] =
        [
            Provocation("storeSchedule", 201, "a native schedule") {
                try await put(["type": "cosine", "learning_rate": 0.1], on: $0)
            },
            Provocation("storeSchedule", 201, "a library's own") {
                try await put(libraries[0].1, on: $0)
            },
            Provocation("storeSchedule", 200, "the same again") { stage in
                let name = try await stored(on: stage)
                return try await put(constant, as: name, on: stage)
            },
            Provocation("storeSchedule", 412, "a name that is taken") { stage in
                let name = try await stored(on: stage)
                return try await put(constant, as: name, on: stage, ["If-None-Match": "*"])
            },
            Provocation("storeSchedule", 422, "a schedule without a rate") {
                try await put(["type": "cosine"], on: $0)
            },
            Provocation("storeSchedule", 422, "a name that is reserved") {
                try await put(constant, as: "versions", on: $0)
            },
            Provocation("storeSchedule", 503, "a store that cannot be written") {
                try await $0.failing.client.send(request(constant, "warm"))
            },
        ] + refusals(of: "storeSchedule", at: "/v1/schedules/refused", by: "PUT")
        + [
            Provocation("deleteSchedule", 204, "a stored schedule") { stage in
                let name = try await stored(on: stage)
                return try await stage.manual.client.send(
                    HTTPRequest("DELETE", "/v1/schedules/\(name)")
                )
            },
            Provocation("deleteSchedule", 404, "a name that never was") {
                try await $0.manual.client.send(HTTPRequest("DELETE", "/v1/schedules/none"))
            },
            Provocation("deleteSchedule", 412, "a tag of another version") { stage in
                let name = try await stored(on: stage)
                let fields: KeyValuePairs = ["If-Match": "\"7-00\""]
                return try await stage.manual.client.send(
                    HTTPRequest("DELETE", "/v1/schedules/\(name)", fields: fields)
                )
            },
            Provocation("deleteSchedule", 503, "a store that cannot be written") {
                try await $0.failing.client.send(HTTPRequest("DELETE", "/v1/schedules/stuck"))
            },
        ]

    private static let readingStored: [Provocation] =
        [
            Provocation("readStoredSchedule", 200, "the newest version") { stage in
                let name = try await stored(on: stage)
                return try await stage.manual.client.get("/v1/schedules/\(name)")
            },
            Provocation("readStoredSchedule", 200, "a version") { stage in
                let name = try await stored(on: stage)
                return try await stage.manual.client.get("/v1/schedules/\(name)?version=1")
            },
            unchanged("readStoredSchedule") { ($0.failing.client, "/v1/schedules/stuck") },
            Provocation("readStoredSchedule", 404, "a name that never was") {
                try await $0.manual.client.get("/v1/schedules/none")
            },
            Provocation("readStoredSchedule", 422, "no version") {
                try await $0.failing.client.get("/v1/schedules/stuck?version=0")
            },
            Provocation("listScheduleVersions", 200, "the versions") {
                try await $0.failing.client.get("/v1/schedules/stuck/versions")
            },
            unchanged("listScheduleVersions") {
                ($0.failing.client, "/v1/schedules/stuck/versions")
            },
            Provocation("listScheduleVersions", 404, "a name that never was") {
                try await $0.manual.client.get("/v1/schedules/none/versions")
            },
            Provocation("listScheduleVersions", 422, "a forged cursor") {
                try await $0.failing.client.get("/v1/schedules/stuck/versions?cursor=x")
            },
            Provocation("listSchedules", 200, "a first page", fields: ["Link"]) { stage in
                for _ in 1...2 { _ = try await stored(on: stage) }
                return try await stage.manual.client.get("/v1/schedules?limit=1")
            },
            unchanged("listSchedules") { ($0.failing.client, "/v1/schedules") },
            Provocation("listSchedules", 422, "no items") {
                try await $0.manual.client.get("/v1/schedules?limit=0")
            },
        ]

    private static let constant: JSONValue = ["type": "constant", "learning_rate": 0.1]

    /// Stores a schedule under a name that nothing else has, and returns the name.
    private static func stored(on stage: Stage) async throws -> String {
        let name = "s-\(UUID().uuidString)"
        #expect(try await put(constant, as: name, on: stage).status == 201)
        return name
    }

    private static func put(
        _ schedule: JSONValue,
        as name: String = "s-\(UUID().uuidString)",
        on stage: Stage,
        _ fields: KeyValuePairs<String, String> = [:]
    ) async throws -> HTTPReply {
        try await stage.manual.client.send(request(schedule, name, fields))
    }

    private static func request(
        _ schedule: JSONValue,
        _ name: String,
        _ fields: KeyValuePairs<String, String> = [:]
    ) -> HTTPRequest {
        let body = Array("\(schedule)".utf8)
        var request = HTTPRequest("PUT", "/v1/schedules/\(name)", body: body)
        request.fields = [(name: "Content-Type", value: "application/json")]
        request.fields += fields.map { (name: $0.key, value: $0.value) }
        return request
    }
}
