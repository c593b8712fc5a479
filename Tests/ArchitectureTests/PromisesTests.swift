import Foundation
import Testing

/// The page that names a test for each promise.
@Suite struct PromisesTests {
    /// A promise with the tests that show it, as `File/name`.
    private struct Row {
        let promise: String
        let tests: [String]
    }

    private func rows() throws -> [Row] {
        let page = root.appending(path: "Sources/Jobs/Jobs.docc/Promises.md")
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        return lines.filter { $0.hasPrefix("| ") && !$0.hasPrefix("| promise |") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let tests = cells.count > 1 ? cells[1].split(separator: "`").map(String.init) : []
            return Row(promise: cells[0], tests: tests.filter { $0 != ", " })
        }
    }

    @Test func `every promise names tests that there are`() throws {
        let sources = try sources()
        let rows = try rows()
        #expect(rows.count > 25)
        for row in rows {
            #expect(!row.tests.isEmpty, "\(row.promise)")
            for test in row.tests {
                let parts = test.split(separator: "/", maxSplits: 1).map(String.init)
                try #require(parts.count == 2, "\(test)")
                let definition =
                    parts[0].hasPrefix("test_") ? "def \(parts[1])(" : "func `\(parts[1])`("
                #expect(sources[parts[0]]?.contains(definition) == true, "\(test)")
            }
        }
    }

    /// The files of tests by name.
    private func sources() throws -> [String: String] {
        var sources: [String: String] = [:]
        for folder in ["Tests", "Python/tests"] {
            let files = FileManager.default.enumerator(
                at: root.appending(path: folder),
                includingPropertiesForKeys: nil
            )
            for case let file as URL in try #require(files) where isTest(file) {
                let name = file.deletingPathExtension().lastPathComponent
                sources[name, default: ""] += try String(contentsOf: file, encoding: .utf8)
            }
        }
        return sources
    }

    private func isTest(_ file: URL) -> Bool {
        ["swift", "py"].contains(file.pathExtension)
    }

    private let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
}
