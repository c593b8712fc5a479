import TestSupport

extension Provocation {
    static let events: [Provocation] = [
        Provocation("followEvents", 200, "a finished job", mediaType: "text/event-stream") {
            try await $0.training.client.get("/v1/jobs/\($0.finished)/events")
        },
        Provocation("followEvents", 200, "a replay", mediaType: "text/event-stream") {
            try await $0.training.client.get(
                "/v1/jobs/\($0.finished)/events",
                fields: ["Last-Event-ID": "1"]
            )
        },
        Provocation("followEvents", 200, "what happens from now on", mediaType: "text/event-stream")
        {
            try await $0.training.client.get(
                "/v1/jobs/\($0.finished)/events",
                fields: ["Last-Event-ID": "\(Int.max)"]
            )
        },
        Provocation("followEvents", 200, "JSON of a finished job") {
            try await $0.training.client.get("/v1/jobs/\($0.finished)/events?after=0")
        },
        Provocation("followEvents", 200, "JSON of a job that waits") { stage in
            let id = try await stage.submit()
            return try await stage.manual.client.get(
                "/v1/jobs/\(id)/events?after=1&wait_seconds=0.1"
            )
        },
        Provocation("followEvents", 404, "a job that never was") {
            try await $0.training.client.get("/v1/jobs/\(Stage.nobody)/events")
        },
        Provocation("followEvents", 406, "a picture") {
            try await $0.training.client.get(
                "/v1/jobs/\($0.finished)/events",
                fields: ["Accept": "image/png"]
            )
        },
        Provocation("followEvents", 422, "an event's number that is none") {
            try await $0.training.client.get(
                "/v1/jobs/\($0.finished)/events",
                fields: ["Last-Event-ID": "last"]
            )
        },
        Provocation("followEvents", 422, "a wait of an hour") {
            try await $0.training.client.get("/v1/jobs/\($0.finished)/events?wait_seconds=3600")
        },
        Provocation("readLog", 200, "a finished job", mediaType: "text/plain") {
            try await $0.training.client.get("/v1/jobs/\($0.finished)/logs?follow=true")
        },
        Provocation("readLog", 200, "a job that waits", mediaType: "text/plain") {
            try await $0.manual.client.get("/v1/jobs/\(try await $0.submit())/logs")
        },
        Provocation("readLog", 404, "a job that never was") {
            try await $0.training.client.get("/v1/jobs/\(Stage.nobody)/logs")
        },
        Provocation("readLog", 422, "a flag that is neither true nor false") {
            try await $0.training.client.get("/v1/jobs/\($0.finished)/logs?follow=maybe")
        },
    ]
}
