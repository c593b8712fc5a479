import Foundation
import HTTP
import TestSupport
import Testing
import TrainingAPI

@testable import lehr

@Suite(.timeLimit(.minutes(5))) struct DatasetsCommandTests {
    private static let iris = DatasetBody(
        name: "iris",
        summary: "150 rows from a file in CSV",
        rows: ["train": 120, "test": 30],
        shape: [4],
        target: .classes(3),
        targetNames: ["setosa", "versicolor", "virginica"],
        balance: ["train": [40, 40, 40], "test": [10, 10, 10]],
        isUploaded: true,
        hash: "0123456789abcdef",
        isAvailable: true,
        remedy: nil
    )

    private static func answer(_ status: Status, _ body: some JSONWritable) -> Response {
        Response(status: status, body: body.json())
    }

    private static let description = """
        iris
        150 rows from a file in CSV
        features 4 · 3 classes · hash 0123456789abcdef
        train: 120 rows (setosa 40, versicolor 40, virginica 40)
        test: 30 rows (setosa 10, versicolor 10, virginica 10)

        """

    @Test func `put sends the file as it is with what is said of it`() async throws {
        let service = try ScriptedService([
            Self.answer(.created, Self.iris), Self.answer(.ok, Self.iris),
        ])
        defer { service.stop() }
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "iris.csv")
        let text = "a,b,species\n1,2,setosa\n"
        try text.write(to: file, atomically: true, encoding: .utf8)
        let stored = try await LehrProcess.run(
            "datasets",
            "put",
            "iris",
            file.path,
            "--label",
            "species",
            "--test-fraction",
            "0.2",
            "--missing",
            "mean",
            server: service.url
        )
        #expect(stored.status == 0, "\(stored.errors)")
        #expect(stored.output == Self.description)
        #expect(stored.errors == "")
        let again = try await LehrProcess.run(
            "datasets",
            "put",
            "iris",
            file.path,
            server: service.url
        )
        #expect(again.errors == "iris had this content already\n")
        #expect(
            service.asked.map(\.line) == [
                "PUT /v1/datasets/iris?label=species&missing=mean&test_fraction=0.2",
                "PUT /v1/datasets/iris",
            ]
        )
        #expect(service.asked.map(\.body) == [text, text])
    }

    @Test func `put says what is wrong with the file, and where`() async throws {
        let refusal = Problem(
            status: 422,
            detail: "the file is no dataset: line 3, column 2: \"x\" is no number",
            faults: []
        )
        let service = try ScriptedService([Self.answer(.unprocessableContent, refusal)])
        defer { service.stop() }
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "bad.csv")
        try "a,b\n".write(to: file, atomically: true, encoding: .utf8)
        let ending = try await LehrProcess.run(
            "datasets",
            "put",
            "bad",
            file.path,
            server: service.url
        )
        #expect(ending.status == 2)
        #expect(ending.output == "")
        #expect(ending.errors.contains("line 3, column 2"), "\(ending.errors)")
        let missing = try await LehrProcess.run(
            "datasets",
            "put",
            "bad",
            "\(file.path).not",
            server: service.url
        )
        #expect(missing.status != 0)
        #expect(missing.errors.contains("bad.csv.not"), "\(missing.errors)")
        #expect(service.asked.count == 1, "nothing was sent of a file that is not there")
    }

    @Test func `list is what datasets does by itself, and show tells all of one`() async throws {
        var gone = Self.iris
        gone.name = "wine"
        gone.target = .values(1)
        gone.hash = nil
        gone.remedy = "upload wine again"
        var writer = JSONWriter()
        writer.object { $0.field("items", [Self.iris, gone]) }
        let page = writer.bytes
        let service = try ScriptedService([
            Response(status: .ok, body: page), Response(status: .ok, body: page),
            Self.answer(.ok, Self.iris), Self.answer(.ok, Self.iris),
        ])
        defer { service.stop() }
        let listed = try await LehrProcess.run("datasets", server: service.url)
        let rows = listed.lines.map { $0.split(separator: " ").map(String.init) }
        #expect(rows.map(\.first) == ["NAME", "iris", "wine"])
        #expect(rows[1].prefix(6) == ["iris", "120", "4", "3", "classes", "0123456789ab"])
        #expect(rows[2].suffix(3) == ["upload", "wine", "again"])
        let named = try await LehrProcess.run("datasets", "list", server: service.url)
        #expect(named.output == listed.output)
        let shown = try await LehrProcess.run("datasets", "show", "iris", server: service.url)
        #expect(shown.output == Self.description)
        let json = try await LehrProcess.run(
            "datasets",
            "show",
            "iris",
            "--json",
            server: service.url
        )
        #expect(json.output == String(decoding: Self.iris.json(), as: UTF8.self) + "\n")
    }

    @Test func `delete says what it removed, or why it stays`() async throws {
        let refusal = Problem(status: 409, detail: "a job relies on the dataset \"iris\"")
        let service = try ScriptedService([
            Response(status: .noContent), Self.answer(.conflict, refusal),
        ])
        defer { service.stop() }
        let removed = try await LehrProcess.run("datasets", "delete", "iris", server: service.url)
        #expect(removed.status == 0)
        #expect(removed.errors == "removed iris\n")
        let kept = try await LehrProcess.run("datasets", "delete", "iris", server: service.url)
        #expect(kept.status != 0)
        #expect(kept.errors.contains("a job relies on the dataset \"iris\""))
        #expect(service.asked.map(\.line) == Array(repeating: "DELETE /v1/datasets/iris", count: 2))
    }
}
