import Foundation
import TestSupport
import Testing

extension Provocation {
    /// Code that is uploaded for commands.
    static let archives = bringing + parts

    private static let bringing: [Provocation] = [
        Provocation("putArchive", 201, "a zip of nothing") { try await upload("new", to: $0) },
        Provocation("putArchive", 200, "the same again") {
            _ = try await upload("again", to: $0)
            return try await upload("again", to: $0)
        },
        Provocation("putArchive", 413, "a length of 6 GiB, and nothing of it") { stage in
            var request = HTTPRequest("POST", "/v1/archives")
            request.announcedLength = 6 << 30
            return try await stage.manual.client.send(request)
        },
        Provocation("putArchive", 422, "what is no archive") {
            let request = HTTPRequest("POST", "/v1/archives", body: Array("code".utf8))
            return try await $0.manual.client.send(request)
        },
        Provocation("putArchive", 507, "a disk without room") {
            try await $0.cramped.client.send(request("full"))
        },
        Provocation("readArchive", 200, "an archive") {
            try await $0.manual.client.get(try await path("read", $0))
        },
        Provocation("readArchive", 304, "its tag") { stage in
            try await again(try await path("tagged", stage), stage)
        },
        Provocation("readArchive", 404, "no archive") {
            try await $0.manual.client.get("/v1/archives/\(nothing)")
        },
        Provocation("readArchiveContent", 200, "its bytes", mediaType: "application/zip") { stage in
            let path = try await path("content", stage)
            return try await stage.manual.client.get(path + "/content")
        },
        Provocation(
            "readArchiveContent",
            200,
            "the bytes of a tar",
            mediaType: "application/gzip"
        ) { stage in
            try await stage.manual.client.get(try await tarPath(stage) + "/content")
        },
        Provocation("readArchiveContent", 304, "its tag") { stage in
            try await again(try await path("same", stage) + "/content", stage)
        },
        Provocation("readArchiveContent", 404, "no archive") {
            try await $0.manual.client.get("/v1/archives/\(nothing)/content")
        },
        Provocation("deleteArchive", 204, "one that no job names") {
            try await $0.manual.client.send(HTTPRequest("DELETE", try await path("gone", $0)))
        },
        Provocation("deleteArchive", 404, "no archive") {
            try await $0.manual.client.send(HTTPRequest("DELETE", "/v1/archives/\(nothing)"))
        },
        Provocation("deleteArchive", 409, "one from which a job starts") { stage in
            let path = try await path("needed", stage)
            let job: JSONValue = [
                "kind": "command", "argv": ["true"], "gpus": 2, "gpu_memory_bytes": 1,
                "code": .string(String(path.suffix(64))),
            ]
            let reply = try await stage.manual.client.post("/v1/jobs", json: job)
            #expect(reply.status == 201, "\(reply)")
            return try await stage.manual.client.send(HTTPRequest("DELETE", path))
        },
        Provocation("submitJob", 422, "code that nobody has uploaded") {
            let job: JSONValue = ["kind": "command", "argv": ["true"], "code": .string(nothing)]
            return try await $0.manual.client.post("/v1/jobs", json: job)
        },
        Provocation("lease", 200, "a job with GPUs of its own") { stage in
            let job: JSONValue = [
                "kind": "command", "argv": ["true"], "gpus": 1, "priority": 1_000,
            ]
            _ = try await stage.manual.client.post("/v1/jobs", json: job)
            let body: JSONValue = [
                "worker": "with-gpus", "request_id": .string(UUID().uuidString),
                "capabilities": [
                    "kinds": ["command"],
                    "gpus": [
                        ["id": "GPU-1", "model": "A100", "memory_bytes": 42_949_672_960],
                        ["id": "vm/0", "memory_bytes": 0],
                    ],
                ],
            ]
            let reply = try await stage.manual.client.post("/v1/leases", json: body)
            #expect(try reply.json()["lease"]?["gpus"]?.array?.count == 1, "\(reply)")
            let workers = try await stage.manual.client.get("/v1/workers").json()["items"]?.array
            let worker = workers?.first { $0["name"]?.string == "with-gpus" }
            #expect(worker?["gpus"]?.array?.contains { $0["job_id"] != nil } == true)
            return reply
        },
    ]

    private static let parts: [Provocation] =
        ranges("readArchiveContent", "a zip", mediaType: "application/zip") {
            ($0.manual.client, try await path("parts", $0) + "/content")
        }
        + ranges("readArchiveContent", "a tar", mediaType: "application/gzip") {
            ($0.manual.client, try await tarPath($0) + "/content")
        }

    private static func tarPath(_ stage: Stage) async throws -> String {
        let request = HTTPRequest("POST", "/v1/archives", body: emptyTar)
        let reply = try await stage.manual.client.send(request)
        return try #require(reply.field("Location"), "\(reply)")
    }

    private static let nothing = String(repeating: "0", count: 64)

    /// A gzipped tar without files: 1,024 zeros.
    private static let emptyTar: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60,
        0x18, 0x05, 0xA3, 0x60, 0x14, 0x8C, 0x54, 0x00, 0x00, 0x2E, 0xAF, 0xB5,
        0xEF, 0x00, 0x04, 0x00, 0x00,
    ]

    /// The upload of a zip without files, which a remark of its own tells from others.
    private static func request(_ remark: String) -> HTTPRequest {
        let length = UInt8(remark.utf8.count)
        let end: [UInt8] = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 16) + [length, 0]
        return HTTPRequest("POST", "/v1/archives", body: end + Array(remark.utf8))
    }

    private static func upload(_ remark: String, to stage: Stage) async throws -> HTTPReply {
        try await stage.manual.client.send(request(remark))
    }

    /// The path of an archive that is there.
    private static func path(_ remark: String, _ stage: Stage) async throws -> String {
        let reply = try await upload(remark, to: stage)
        return try #require(reply.field("Location"), "\(reply)")
    }

    /// Reads twice, the second time with the tag of the first answer.
    private static func again(_ path: String, _ stage: Stage) async throws -> HTTPReply {
        let tag = try #require(try await stage.manual.client.get(path).field("ETag"))
        return try await stage.manual.client.get(path, fields: ["If-None-Match": tag])
    }
}
