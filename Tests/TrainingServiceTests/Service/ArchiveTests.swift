import Foundation
import HTTP
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

/// Code that people upload for their commands.
@Suite struct ArchiveTests {
    private let test = TestService(configure: { $0.runsCommands = true })
    /// A zip without files.
    private static let zip = "PK\u{5}\u{6}" + String(repeating: "\0", count: 18)

    private func upload(_ body: String = zip) throws -> Response {
        try test.send(.post, "/v1/archives", fields: [:], body: body)
    }

    private func submit(_ hash: String) throws -> Response {
        try test.send(
            .post,
            "/v1/jobs",
            body: #"{"kind": "command", "argv": ["true"], "code": "\#(hash)"}"#
        )
    }

    @Test func `an archive is stored by its hash, once`() throws {
        let first = try upload()
        #expect(first.status == .created)
        let hash = try #require(try first.document["hash"]?.string)
        #expect(hash == Digest.hexadecimal(of: Array(Self.zip.utf8)))
        #expect(first.fields["Location"] == "/v1/archives/\(hash)")
        #expect(try upload().status == .ok)
        #expect(try test.send(.get, "/v1/archives/\(hash)").document["format"]?.string == "zip")
    }

    @Test func `a job names code that is there alone`() throws {
        let refused = try submit(String(repeating: "0", count: 64))
        #expect(refused.status == .unprocessableContent)
        #expect(try refused.document["errors"]?.array?.first?["pointer"]?.string == "/code")
        let hash = try #require(try upload().document["hash"]?.string)
        #expect(try submit(hash).status == .created)
    }

    @Test func `an archive stays while a job names it`() throws {
        let hash = try #require(try upload().document["hash"]?.string)
        let job = try #require(try submit(hash).document["id"]?.string)
        #expect(try test.send(.delete, "/v1/archives/\(hash)").status == .conflict)
        test.service.sweepArchives(now: Date() + Service.archiveGrace + 10)
        test.service.sweepFiles()
        #expect(try test.send(.get, "/v1/archives/\(hash)").status == .ok)
        _ = try test.send(.post, "/v1/jobs/\(job)/cancel")
        #expect(try test.send(.delete, "/v1/archives/\(hash)").status == .conflict)
        #expect(try test.send(.delete, "/v1/jobs/\(job)").status == .noContent)
        #expect(try test.send(.delete, "/v1/archives/\(hash)").status == .noContent)
        #expect(try test.send(.get, "/v1/archives/\(hash)").status == .notFound)
        #expect(!FileManager.default.fileExists(atPath: test.files.path + "/" + hash))
    }

    @Test func `an archive that no job names goes after a day`() throws {
        let hash = try #require(try upload().document["hash"]?.string)
        test.service.sweepFiles()
        test.service.sweepArchives(now: Date() + Service.archiveGrace - 100)
        #expect(try test.send(.get, "/v1/archives/\(hash)").status == .ok)
        #expect(FileManager.default.fileExists(atPath: test.files.path + "/" + hash))
    }

    @Test func `what is no archive is refused with why`() throws {
        let refused = try upload("not an archive")
        #expect(refused.status == .unprocessableContent)
        let detail = try refused.document["errors"]?.array?.first?["detail"]?.string
        #expect(detail?.hasSuffix("it is neither a .tar.gz nor a .zip") == true)
    }

    @Test func `a server without commands takes no code`() throws {
        let other = TestService()
        let refused = try other.send(.post, "/v1/archives", fields: [:], body: Self.zip)
        #expect(refused.status == .forbidden)
    }
}
