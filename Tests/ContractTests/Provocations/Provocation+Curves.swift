import TestSupport

extension Provocation {
    static let series: [Provocation] =
        [
            Provocation("readMetrics", 200, "every curve", fields: ["ETag"]) {
                try await $0.training.client.get(metrics($0))
            },
            Provocation("readMetrics", 200, "two curves, thinned") {
                let query = "series=train_loss&series=learning_rate&from_step=1&max_points=4"
                return try await $0.training.client.get(metrics($0) + "?" + query)
            },
            Provocation("readMetrics", 200, "a job that has not begun") {
                let id = try await $0.submit()
                return try await $0.manual.client.get("/v1/jobs/\(id)/metrics")
            },
            Provocation("readMetrics", 200, "CSV", mediaType: "text/csv") {
                try await $0.training.client.get(metrics($0), fields: ["Accept": "text/csv"])
            },
            Provocation("readMetrics", 200, "NDJSON", mediaType: "application/x-ndjson") {
                let accept: KeyValuePairs = ["Accept": "application/x-ndjson"]
                return try await $0.training.client.get(metrics($0), fields: accept)
            },
            Provocation("readMetrics", 200, "as many points as curves may have together") {
                let query = names(20) + "&max_points=100000"
                return try await $0.training.client.get("\(metrics($0))?\(query)")
            },
            unchanged("readMetrics") { ($0.training.client, metrics($0)) },
            Provocation("readMetrics", 404, "a job that never was") {
                try await $0.training.client.get("/v1/jobs/\(Stage.nobody)/metrics")
            },
            Provocation("readMetrics", 406, "a picture") {
                try await $0.training.client.get(metrics($0), fields: ["Accept": "image/png"])
            },
        ]
        + [
            "max_points=1", "max_points=100001", "from_step=-1", "to_step=soon",
            "from_step=9&to_step=3", names(21) + "&max_points=100000",
        ].map { query in
            Provocation("readMetrics", 422, query) {
                try await $0.training.client.get("\(metrics($0))?\(query)")
            }
        }

    static let schedules: [Provocation] =
        [
            Provocation("readSchedule", 200, "a finished job") {
                try await $0.training.client.get(schedule($0))
            },
            Provocation("readSchedule", 200, "a queued job, thinned") {
                let id = try await $0.submit()
                let query = "from_step=1&to_step=9&max_points=4"
                return try await $0.manual.client.get("/v1/jobs/\(id)/schedule?\(query)")
            },
            unchanged("readSchedule") { ($0.training.client, schedule($0)) },
            Provocation("readSchedule", 404, "a job that never was") {
                try await $0.training.client.get("/v1/jobs/\(Stage.nobody)/schedule")
            },
        ]
        + ["max_points=1", "from_step=-1", "to_step=soon", "from_step=9&to_step=3"].map { query in
            Provocation("readSchedule", 422, query) {
                try await $0.training.client.get("\(schedule($0))?\(query)")
            }
        }

    static let catalogues =
        [
            ("listScheduleTypes", "/v1/schedules/types"), ("listModelTypes", "/v1/models/types"),
            ("listOptimizerTypes", "/v1/optimizers/types"), ("listDatasets", "/v1/datasets"),
            ("readDataset", "/v1/datasets/spirals"),
        ].flatMap { operation, path in
            [
                Provocation(operation, 200, path) { try await $0.training.client.get(path) },
                unchanged(operation) { ($0.training.client, path) },
            ]
        } + [
            Provocation("readDataset", 404, "a dataset that never was") {
                try await $0.training.client.get("/v1/datasets/fashion-mnits")
            }
        ]

    static let datasets = tables + parts

    private static let tables = [
        Provocation("putDataset", 201, "a table") { try await put("new", table, $0) },
        Provocation("putDataset", 200, "the same table again") {
            _ = try await put("again", table, $0)
            return try await put("again", table, $0)
        },
        Provocation("putDataset", 409, "a name that the service has") {
            try await put("spirals", table, $0)
        },
        Provocation("putDataset", 422, "a ragged table") {
            try await put("ragged", "a,b,k\n1,2,x\n1,y\n", $0)
        },
        Provocation("putDataset", 422, "a parameter that there is not") {
            try await put("odd?sep=x", table, $0)
        },
        Provocation("deleteDataset", 204, "a table") {
            _ = try await put("going", table, $0)
            return try await $0.training.client.send(HTTPRequest("DELETE", "/v1/datasets/going"))
        },
        Provocation("deleteDataset", 404, "a dataset that never was") {
            try await $0.training.client.send(HTTPRequest("DELETE", "/v1/datasets/nothing"))
        },
        Provocation("deleteDataset", 409, "a dataset of the service") {
            try await $0.training.client.send(HTTPRequest("DELETE", "/v1/datasets/spirals"))
        },
        Provocation("readDatasetContent", 200, "a table", mediaType: "application/octet-stream") {
            _ = try await put("content", table, $0)
            return try await $0.training.client.get("/v1/datasets/content/content")
        },
        Provocation("readDatasetContent", 404, "a dataset that never was") {
            try await $0.training.client.get("/v1/datasets/nothing/content")
        },
        Provocation("readDatasetContent", 409, "another content") {
            _ = try await put("content", table, $0)
            return try await $0.training.client.get("/v1/datasets/content/content?hash=0")
        },
        Provocation("readDatasetContent", 422, "a parameter that there is not") {
            _ = try await put("content", table, $0)
            return try await $0.training.client.get("/v1/datasets/content/content?part=1")
        },
    ]

    private static let parts = ranges("readDatasetContent", "a table's rows") {
        _ = try await put("content", table, $0)
        return ($0.training.client, "/v1/datasets/content/content")
    }

    private static let table = "x,y,kind\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n"

    private static func put(
        _ target: String,
        _ body: String,
        _ stage: Stage
    ) async throws -> HTTPReply {
        let request = HTTPRequest(
            "PUT",
            "/v1/datasets/\(target)",
            fields: ["Content-Type": "text/csv"],
            body: Array(body.utf8)
        )
        return try await stage.training.client.send(request)
    }

    /// A query for so many curves.
    private static func names(_ count: Int) -> String {
        (1...count).map { "series=curve\($0)" }.joined(separator: "&")
    }

    private static func metrics(_ stage: Stage) -> String { "/v1/jobs/\(stage.finished)/metrics" }

    private static func schedule(_ stage: Stage) -> String { "/v1/jobs/\(stage.finished)/schedule" }
}
