import Foundation
import TestSupport
import Testing
import TrainingAPI

@testable import lehr

/// Files whose connection breaks while `lehr checkpoints` and `lehr artifacts` fetch them.
@Suite(.timeLimit(.minutes(5))) struct ResumedFileTests {
    private static let content = (0..<20_000).map(String.init).joined(separator: " ")
    private static let count = content.utf8.count
    private let id = JobBody.sample().id
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func service(_ course: BreakingService.Course) throws -> BreakingService {
        try BreakingService(.sample(), course)
    }

    /// Fetches a checkpoint, and says what is in the folder then.
    private func fetch(
        from service: BreakingService
    ) async throws -> (ending: LehrProcess.Ending, files: [String: String]) {
        let path = folder.url.appending(path: "state").path
        let ending = try await LehrProcess.run(
            "checkpoints",
            id,
            "--step",
            "5",
            "--output",
            path,
            server: service.url
        )
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        let files = try names.map { name in
            let url = folder.url.appending(path: name)
            return (name, try String(contentsOf: url, encoding: .utf8))
        }
        return (ending, Dictionary(uniqueKeysWithValues: files))
    }

    @Test func `a file goes on where its connection broke`() async throws {
        let service = try service(
            .init(contents: [Self.content], pieces: [40_000, 1, 30_000, 20_000, 5])
        )
        defer { service.stop() }
        let (ending, files) = try await fetch(from: service)
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(files == ["state": Self.content])
        #expect(
            service.asked == [
                nil, "bytes=40000-", "bytes=40001-", "bytes=70001-", "bytes=90001-", "bytes=90006-",
            ]
        )
    }

    @Test func `a file that has become another one is written anew`() async throws {
        let service = try service(
            .init(contents: [Self.content, "shorter"], pieces: [40_000])
        )
        defer { service.stop() }
        let (ending, files) = try await fetch(from: service)
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(files == ["state": "shorter"])
    }

    @Test func `a server without ranges sends it anew`() async throws {
        let service = try service(
            .init(contents: [Self.content], pieces: [40_000, 1], takesRanges: false)
        )
        defer { service.stop() }
        let (ending, files) = try await fetch(from: service)
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(files == ["state": Self.content])
    }

    @Test func `one that never comes to its end leaves no file`() async throws {
        let service = try service(
            .init(contents: [Self.content], pieces: Array(repeating: 0, count: 100))
        )
        defer { service.stop() }
        let (ending, files) = try await fetch(from: service)
        #expect(ending.status == 4)
        #expect(ending.errors.contains("broke before the answer was whole"), "\(ending.errors)")
        #expect(files == [:])
    }

    @Test func `what is shown goes on as well, each byte once`() async throws {
        let service = try service(
            .init(contents: ["one two three"], pieces: [4, 4])
        )
        defer { service.stop() }
        let shown = try await LehrProcess.run("artifacts", id, "model.py", server: service.url)
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output == "one two three")
    }

    @Test func `what was shown and has become another is not shown on`() async throws {
        let service = try service(.init(contents: ["one two three", "four"], pieces: [4]))
        defer { service.stop() }
        let shown = try await LehrProcess.run("artifacts", id, "model.py", server: service.url)
        #expect(shown.status == 4)
        #expect(shown.output == "one ")
        #expect(shown.errors.contains("what was written is not whole"), "\(shown.errors)")
    }
}
