import TestSupport
import Testing

/// The release server against `openapi.yaml`.
@Suite(
    .enabled(
        if: StageTrait.binaries != nil,
        "LEHR_BINARIES must name the folder of the release binaries"
    ),
    .onStage,
    .serialized
)
struct ContractTests {
    private let contract: Contract
    private let stage: Stage

    init() throws {
        contract = try Contract.repository.get()
        stage = try #require(Stage.current)
    }

    @Test(arguments: Provocation.all)
    func `an answer is as documented`(row: Provocation) async throws {
        let reply = try await row.provoke(stage)
        #expect(reply.status == row.promise.status, "\(reply)")
        #expect(reply.mediaType == row.promise.mediaType, "\(reply)")
        let violations = try contract.violations(of: reply, to: row.promise.operation)
        #expect(violations.isEmpty, "\(reply)")
        for name in row.fields { #expect(reply.field(name) != nil, "\(name) is missing") }
    }

    @Test func `a path names the methods it takes to those that it does not`() async throws {
        for (path, documented) in contract.methodsByPath {
            let target = path.replacing("{id}", with: Stage.nobody)
                .replacing("{name}", with: "spirals").replacing("{step}", with: "1")
            let implied = documented.contains("GET") ? documented.union(["HEAD"]) : documented
            let others = Set(["GET", "PUT", "POST", "DELETE", "PATCH"]).subtracting(documented)
            for method in others.sorted() {
                let reply = try await stage.manual.client.send(HTTPRequest(method, target))
                let allow = reply.field("Allow")?.split(separator: ", ").map(String.init) ?? []
                #expect(reply.status == 405, "\(method) \(target): \(reply)")
                #expect(Set(allow).subtracting(["OPTIONS"]) == implied, "\(method) \(target)")
            }
        }
    }

    @Test func `HEAD is answered like GET, without the body`() async throws {
        for target in ["/v1/jobs", "/v1/jobs/\(stage.finished)", "/livez", "/v1/schedules/types"] {
            let client = stage.training.client
            let whole = try await client.get(target)
            let head = try await client.send(HTTPRequest("HEAD", target))
            #expect(head.status == whole.status)
            #expect(head.body.isEmpty)
            for name in ["Content-Type", "Content-Length", "ETag"] {
                #expect(head.field(name) == whole.field(name), "\(name) of \(target)")
            }
        }
    }

    @Test func `the schedules of the catalogue are those of the document`() async throws {
        let reply = try await stage.training.client.get("/v1/schedules/types")
        let entries = try #require(reply.json()["items"]?.array)
        #expect(entries.map { $0["type"] } == contract.schemas["CurveType"]?["enum"]?.array)
        for entry in entries {
            let schema = try #require(contract.scheduleSchemas[entry["type"] ?? .null])
            let documented = schema["properties"]?.object ?? [:]
            let parameters = entry["parameters"]?.array ?? []
            let names = parameters.compactMap { $0["name"]?.string }
            let common = ["type", "learning_rate", "floor", "warmup"]
            #expect(Set(documented.keys) == Set(names + common), "\(entry)")
            for parameter in parameters {
                let name = try #require(parameter["name"]?.string)
                let isRequired = schema["required"]?.array?.contains(.string(name)) == true
                #expect((parameter["required"] == true) == isRequired, "\(parameter)")
                let place = "\(name) of \(entry["type"] ?? .null)"
                let field = try contract.flattened(try #require(documented[name]))
                #expect(field["default"] == parameter["default"], "\(place)")
                if let choices = parameter["choices"]?.array {
                    #expect(Set(choices).isSubset(of: Set(field["enum"]?.array ?? [])), "\(place)")
                }
                #expect(field["minimum"] == parameter["minimum"], "\(place)")
                #expect(field["maximum"] == parameter["maximum"], "\(place)")
                let below = parameter["exclusive_minimum"]
                #expect(field["exclusiveMinimum"] == below, "\(place)")
                let above = parameter["exclusive_maximum"]
                #expect(field["exclusiveMaximum"] == above, "\(place)")
            }
        }
    }

    @Test func `the server serves this very document`() async throws {
        let reply = try await stage.training.client.get("/openapi.yaml")
        #expect(reply.text == contract.text)
    }

    @Test func `nothing is stored that was refused or only checked`() async throws {
        let client = stage.manual.client
        let before = try await client.get("/v1/jobs?limit=1").json()["items"]
        _ = try await client.post("/v1/jobs?validate_only=true", json: Sample.small)
        for sample in Sample.refusedBySchema + Sample.refusedByService {
            _ = try await client.post("/v1/jobs", json: sample.body)
        }
        #expect(try await client.get("/v1/jobs?limit=1").json()["items"] == before)
    }
}
