import Foundation
import Testing

/// The package's targets by level; an import may only point to a lower one.
private let levels: [[String]] = [
    ["Schedules", "HTTP", "Jobs", "Archives", "Processes"],
    ["HTTPTLS", "Datasets", "TrainingAPI", "JobsSQLite"],
    ["DatasetPlans", "TrainingClient"],
    ["Training", "TrainingService"],
    ["TrainingWorker"],
    ["lehrd", "lehr"],
]

/// What a target may import of the lower levels, where that is less than all of them.
private let allowed: [String: Set<String>] = [
    "HTTPTLS": ["HTTP"],
    "Datasets": ["Archives"],
    "TrainingAPI": ["Schedules"],
    "JobsSQLite": ["Jobs"],
    "DatasetPlans": ["Datasets", "TrainingAPI"],
    "Training": ["DatasetPlans", "Datasets", "TrainingAPI"],
    "TrainingClient": ["TrainingAPI", "Schedules"],
    "TrainingService": [
        "HTTP", "Jobs", "TrainingAPI", "Schedules", "DatasetPlans", "Datasets", "Archives",
    ],
    "TrainingWorker": [
        "TrainingClient", "TrainingAPI", "Training", "DatasetPlans", "Datasets", "Schedules",
        "Archives", "Processes",
    ],
    "lehr": ["TrainingClient", "TrainingAPI", "Schedules"],
]

@Suite struct LevelTests {
    @Test(arguments: levels.flatMap { $0 })
    func `an import points only to a lower level`(target: String) throws {
        let level = try #require(levels.firstIndex { $0.contains(target) })
        let below = Set(levels[..<level].flatMap { $0 })
        let ours = Set(levels.flatMap { $0 })
        let files = try swiftFiles(in: "Sources/\(target)")
        #expect(!files.isEmpty)
        for file in files {
            for module in try imports(of: file) where ours.contains(module) {
                #expect(
                    (allowed[target] ?? below).contains(module),
                    "\(file.lastPathComponent) of \(target) imports \(module)"
                )
            }
        }
    }

    @Test func `every target has its level`() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            at: root.appending(path: "Sources"),
            includingPropertiesForKeys: nil
        ).map(\.lastPathComponent)
        let targets = folders.filter { !$0.hasPrefix("C") && !$0.hasPrefix(".") }
        #expect(Set(targets) == Set(levels.flatMap { $0 }))
    }

    @Test(arguments: ["Sources/lehr", "Sources/TrainingClient", "Sources/TrainingAPI"])
    func `the command line links neither the engine nor a database`(folder: String) throws {
        let heavy: Set = ["GRDB", "CDNNL", "Training", "Datasets", "JobsSQLite"]
        for file in try swiftFiles(in: folder) {
            #expect(heavy.isDisjoint(with: try imports(of: file)), "\(file.lastPathComponent)")
        }
    }

    @Test func `only the executables read the environment`() throws {
        let libraries = levels.flatMap { $0 }.filter { $0 != "lehrd" && $0 != "lehr" }
        for library in libraries {
            for file in try swiftFiles(in: "Sources/\(library)") {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(
                    !text.contains("getenv(") && !text.contains(".environment["),
                    "\(file.lastPathComponent) of \(library) reads the environment"
                )
            }
        }
    }
}

/// The package's folder.
private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

private func swiftFiles(in folder: String) throws -> [URL] {
    let files = FileManager.default.enumerator(
        at: root.appending(path: folder),
        includingPropertiesForKeys: nil
    )
    return try #require(files).compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
}

/// The modules that the lines of `file` import.
private func imports(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), index <= 2, index + 1 < words.count,
            !line.hasPrefix("//"), !line.hasPrefix(" ")
        else { return nil }
        return String(words.last ?? "").split(separator: ".").first.map(String.init)
    }
}
