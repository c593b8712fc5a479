import Foundation
import HTTP
import TestSupport
import Testing
import TrainingAPI

@testable import lehr

/// What people see of workers, and how they bring code.
@Suite(.timeLimit(.minutes(5))) struct CodeCommandTests {
    private static let archive = ArchiveBody(
        hash: String(repeating: "ab", count: 32),
        size: 100,
        format: "tar.gz",
        files: 2,
        unpackedBytes: 20,
        createdAt: "2026-11-28T09:00:00Z"
    )

    @Test func `submit packs a folder, uploads it and makes the job name it`() async throws {
        let refused = Problem(status: 422, detail: "The content is not valid.")
        let service = try ScriptedService([
            Response(status: .created, body: Self.archive.json()),
            Response(status: .unprocessableContent, body: refused.json()),
        ])
        defer { service.stop() }
        let folder = try TemporaryFolder()
        let code = folder.url.appending(path: "code")
        for name in ["package/one.py", ".git/HEAD", "__pycache__/one.pyc"] {
            let file = code.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data("x".utf8).write(to: file)
        }
        let job = folder.url.appending(path: "job.yaml")
        try Data("kind: command\nargv: [python3, one.py]\n".utf8).write(to: job)
        let run = try await LehrProcess.run(
            "submit",
            job.path,
            "--code",
            code.path,
            server: service.url
        )
        #expect(run.status == 2, "the second answer is a refusal")
        #expect(run.errors.contains("uploaded 2 files, archive abababababab"))
        #expect(service.asked.map(\.line) == ["POST /v1/archives", "POST /v1/jobs"])
        #expect(service.asked.last?.body.contains(#""code":"\#(Self.archive.hash)""#) == true)
    }

    @Test func `the same files give the same archive, without what others keep there`() throws {
        let folder = try TemporaryFolder()
        var archives: [Data] = []
        for name in ["first", "second"] {
            let code = folder.url.appending(path: name)
            let long = String(repeating: "d", count: 120)
            for file in ["b.py", "a.py", "\(long)/c.py", ".git/HEAD"] {
                let url = code.appending(path: file)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(file.utf8).write(to: url)
            }
            try FileManager.default.createSymbolicLink(
                atPath: code.path + "/link",
                withDestinationPath: "a.py"
            )
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(archives.count) * 1e9)],
                ofItemAtPath: code.path + "/a.py"
            )
            let archive = try CodeArchive(code.path)
            archives.append(try Data(contentsOf: URL(filePath: archive.path)))
            // The file goes with the value.
            withExtendedLifetime(archive) {}
            if name == "first" {
                let kept = folder.url.appending(path: "kept.tar.gz")
                try archives[0].write(to: kept)
                let listing = Process()
                let output = Pipe()
                listing.executableURL = URL(filePath: "/bin/tar")
                listing.arguments = ["-tzf", kept.path]
                listing.standardOutput = output
                try listing.run()
                let text = String(
                    decoding: try output.fileHandleForReading.readToEnd() ?? Data(),
                    as: UTF8.self
                )
                listing.waitUntilExit()
                #expect(text == "a.py\nb.py\n\(long)/\n\(long)/c.py\nlink\n")
            }
        }
        #expect(archives[0] == archives[1])
    }

    @Test func `code that is not there is told before anything is sent`() async throws {
        let service = try ScriptedService([])
        defer { service.stop() }
        let folder = try TemporaryFolder()
        let job = folder.url.appending(path: "job.yaml")
        try Data("kind: command\n".utf8).write(to: job)
        let run = try await LehrProcess.run(
            "submit",
            job.path,
            "--code",
            "/nowhere",
            server: service.url
        )
        #expect(run.status == 2)
        #expect(run.errors.contains("--code /nowhere: there is no such folder or archive"))
        #expect(service.asked.isEmpty)
    }

    @Test func `workers are shown with their GPUs`() async throws {
        var worker = WorkerBody(
            name: "node7-1",
            state: .busy,
            isLocal: false,
            kinds: ["command"],
            jobID: "01900000-0000-7000-8000-0123456789ab",
            lastSeenAt: "2026-11-28T09:00:00Z"
        )
        worker.host = "node7"
        worker.gpus = [
            GPUBody(id: "GPU-1", model: "A100", memoryBytes: 40 << 30),
            GPUBody(id: "GPU-2", model: "A100", memoryBytes: 40 << 30),
        ]
        worker.gpus[0].jobID = worker.jobID
        let service = try ScriptedService([Response(status: .ok, body: ListBody([worker]).json())])
        defer { service.stop() }
        let run = try await LehrProcess.run("workers", server: service.url)
        #expect(run.status == 0, "\(run.errors)")
        let words = run.output.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(words.starts(with: ["NAME", "STATE", "HOST", "KINDS", "JOB", "SEEN", "GPUS"]))
        #expect(run.output.contains("2, 1 free: A100 40 GiB"))
        #expect(run.output.contains("0123456789ab"))
    }
}
