import TestSupport
import Testing

extension Provocation {
    static let files: [Provocation] = keeping + leaving + saving + sending + parts

    private static let parts: [Provocation] =
        ranges("readCheckpoint", "the newest checkpoint") {
            ($0.training.client, try await newestCheckpoint($0))
        }
        + ranges("resumeCheckpoint", "the checkpoint of the lease's job") { stage in
            let lease = try await reportedLease(stage)
            _ = try await stage.manual.client.send(checkpoint(of: lease))
            return (stage.manual.client, checkpoint(of: lease).target)
        }
        + [
            ("model.safetensors", "application/octet-stream"), ("model.py", "text/x-python"),
        ].flatMap { name, mediaType in
            ranges("readArtifact", name, mediaType: mediaType) {
                ($0.training.client, "/v1/jobs/\($0.finished)/artifacts/\(name)")
            }
        }

    private static let keeping: [Provocation] = [
        Provocation("listCheckpoints", 200, "a job that has ended") {
            try await $0.training.client.get("/v1/jobs/\($0.finished)/checkpoints")
        },
        Provocation("listCheckpoints", 200, "a job that has none") { stage in
            let id = try await stage.submit()
            return try await stage.manual.client.get("/v1/jobs/\(id)/checkpoints")
        },
        unchanged("listCheckpoints") { stage in
            (stage.training.client, "/v1/jobs/\(stage.finished)/checkpoints")
        },
        Provocation("listCheckpoints", 404, "no such job") {
            try await $0.training.client.get("/v1/jobs/\(Stage.nobody)/checkpoints")
        },
        Provocation(
            "readCheckpoint",
            200,
            "the newest",
            mediaType: "application/octet-stream"
        ) { stage in
            try await stage.training.client.get(try await newestCheckpoint(stage))
        },
        Provocation("readCheckpoint", 304, "its hash") { stage in
            let path = try await newestCheckpoint(stage)
            let tag = try #require(try await stage.training.client.get(path).field("ETag"))
            return try await stage.training.client.get(path, fields: ["If-None-Match": tag])
        },
        Provocation("readCheckpoint", 404, "another step") {
            try await $0.training.client.get("/v1/jobs/\($0.finished)/checkpoints/999999")
        },
        Provocation("readCheckpoint", 404, "no step") {
            try await $0.training.client.get("/v1/jobs/\($0.finished)/checkpoints/best")
        },
    ]

    private static let leaving: [Provocation] =
        [
            Provocation("listArtifacts", 200, "a job that has ended") {
                try await $0.training.client.get("/v1/jobs/\($0.finished)/artifacts")
            },
            unchanged("listArtifacts") { stage in
                (stage.training.client, "/v1/jobs/\(stage.finished)/artifacts")
            },
            Provocation("listArtifacts", 404, "no such job") {
                try await $0.training.client.get("/v1/jobs/\(Stage.nobody)/artifacts")
            },
            unchanged("readArtifact") { stage in
                (stage.training.client, "/v1/jobs/\(stage.finished)/artifacts/metrics.csv")
            },
            Provocation("readArtifact", 404, "a name that leads elsewhere") {
                let name = "..%2F..%2Fjobs.sqlite"
                return try await $0.training.client.get("/v1/jobs/\($0.finished)/artifacts/\(name)")
            },
            Provocation("readArtifact", 404, "a model that is not trained yet") { stage in
                let id = try await stage.submit()
                return try await stage.manual.client.get("/v1/jobs/\(id)/artifacts/model.onnx")
            },
        ]
        + [
            ("model.safetensors", "application/octet-stream"),
            ("best.safetensors", "application/octet-stream"), ("model.py", "text/x-python"),
            ("model.onnx", "application/octet-stream"), ("metrics.csv", "text/csv"),
            ("learning_rates.csv", "text/csv"), ("spec.yaml", "application/yaml"),
        ].map { name, mediaType in
            Provocation("readArtifact", 200, name, mediaType: mediaType, fields: ["ETag"]) {
                try await $0.training.client.get("/v1/jobs/\($0.finished)/artifacts/\(name)")
            }
        }

    private static let saving: [Provocation] = [
        Provocation("putCheckpoint", 200, "after its steps were reported") { stage in
            let lease = try await reportedLease(stage)
            return try await stage.manual.client.send(checkpoint(of: lease))
        },
        Provocation("putCheckpoint", 200, "the same twice") { stage in
            let lease = try await reportedLease(stage)
            _ = try await stage.manual.client.send(checkpoint(of: lease))
            return try await stage.manual.client.send(checkpoint(of: lease))
        },
        Provocation("putCheckpoint", 404, "no lease's id") {
            try await $0.manual.client.send(put("/v1/leases/nope/checkpoints/1?fence=1"))
        },
        Provocation("putCheckpoint", 409, "a lease that never was") {
            try await $0.manual.client.send(checkpoint(of: Stage.noLease))
        },
        Provocation("putCheckpoint", 409, "steps that were not reported") { stage in
            try await stage.manual.client.send(checkpoint(of: try await stage.lease()))
        },
        Provocation("putCheckpoint", 413, "6 GiB, and nothing of them") { stage in
            var request = checkpoint(of: try await stage.lease())
            request.body = []
            request.announcedLength = 6 << 30
            return try await stage.manual.client.send(request)
        },
        Provocation("putCheckpoint", 422, "no fence") { stage in
            let lease = try await stage.lease()
            return try await stage.manual.client.send(put("/v1/leases/\(lease.id)/checkpoints/1"))
        },
        Provocation("putCheckpoint", 507, "a disk that is full") { stage in
            try await stage.failing.client.send(checkpoint(of: stage.stuckLease))
        },
        Provocation(
            "resumeCheckpoint",
            200,
            "a checkpoint of the lease's job",
            mediaType: "application/octet-stream"
        ) { stage in
            let lease = try await reportedLease(stage)
            _ = try await stage.manual.client.send(checkpoint(of: lease))
            return try await stage.manual.client.get(checkpoint(of: lease).target)
        },
        Provocation("resumeCheckpoint", 404, "a step without one") { stage in
            let lease = try await stage.lease()
            return try await stage.manual.client.get(checkpoint(of: lease).target)
        },
        Provocation("resumeCheckpoint", 409, "a lease that never was") {
            try await $0.manual.client.get(checkpoint(of: Stage.noLease).target)
        },
        Provocation("resumeCheckpoint", 422, "no fence") { stage in
            let lease = try await stage.lease()
            return try await stage.manual.client.get("/v1/leases/\(lease.id)/checkpoints/1")
        },
    ]

    private static let sending: [Provocation] = [
        Provocation("putArtifact", 200, "a module") { stage in
            try await stage.manual.client.send(artifact(of: try await stage.lease()))
        },
        Provocation("putArtifact", 404, "a name that no worker sends") { stage in
            try await stage.manual.client.send(
                artifact(of: try await stage.lease(), "metrics.csv")
            )
        },
        Provocation("putArtifact", 409, "a lease that never was") {
            try await $0.manual.client.send(artifact(of: Stage.noLease))
        },
        Provocation("putArtifact", 413, "6 GiB, and nothing of them") { stage in
            var request = artifact(of: try await stage.lease())
            request.body = []
            request.announcedLength = 6 << 30
            return try await stage.manual.client.send(request)
        },
        Provocation("putArtifact", 422, "no fence") { stage in
            let lease = try await stage.lease()
            return try await stage.manual.client.send(
                put("/v1/leases/\(lease.id)/artifacts/model.py")
            )
        },
        Provocation("putArtifact", 507, "a disk that is full") { stage in
            try await stage.failing.client.send(artifact(of: stage.stuckLease))
        },
    ]

    private static func put(_ target: String) -> HTTPRequest {
        HTTPRequest(
            "PUT",
            target,
            fields: ["Content-Type": "application/octet-stream"],
            body: Array("bytes of a file".utf8)
        )
    }

    private static func checkpoint(of lease: Stage.Lease) -> HTTPRequest {
        put("/v1/leases/\(lease.id)/checkpoints/1?fence=\(lease.fence)&best_step=1")
    }

    private static func artifact(
        of lease: Stage.Lease,
        _ name: String = "model.py"
    ) -> HTTPRequest {
        put("/v1/leases/\(lease.id)/artifacts/\(name)?fence=\(lease.fence)")
    }

    /// A lease under which the first step was reported.
    private static func reportedLease(_ stage: Stage) async throws -> Stage.Lease {
        let (path, lease) = try await stage.pathOfLease("report")
        let report: JSONValue = [
            "fence": .number(Double(lease.fence)), "sequence": 1, "from_step": 0, "to_step": 1,
            "series": [],
            "applied_digest": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ]
        let reply = try await stage.manual.client.post(path, json: report)
        try #require(reply.status == 200, "\(reply)")
        return lease
    }

    /// The path of the newest checkpoint of the job that has ended.
    private static func newestCheckpoint(_ stage: Stage) async throws -> String {
        let path = "/v1/jobs/\(stage.finished)/checkpoints"
        let items = try await stage.training.client.get(path).json()["items"]?.array
        let step = try #require(items?.last?["step"]?.integer)
        return "\(path)/\(step)"
    }
}
