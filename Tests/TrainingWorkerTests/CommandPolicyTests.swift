import Foundation
import Testing

@testable import TrainingWorker

@Suite struct CommandPolicyTests {
    @Test func `passes on what is allowed, what the job gives, and what the worker adds`() {
        let policy = CommandPolicy(variables: ["PATH", "KEPT"])
        let environment = policy.environment(
            of: ["PATH": "/bin", "KEPT": "1", "SECRET": "x"],
            ["KEPT": "2", "OWN": "3", "LEHR_JOB": "mine"],
            ["LEHR_JOB": "id"]
        )
        #expect(environment == ["PATH": "/bin", "KEPT": "2", "OWN": "3", "LEHR_JOB": "id"])
    }

    @Test func `bounds folders where it is told to, through links too`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        let inside = root.appending(path: "allowed/deep")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        let link = root.appending(path: "allowed/link")
        try FileManager.default.createSymbolicLink(
            at: link,
            withDestinationURL: URL(filePath: "/usr")
        )
        let beside = root.appending(path: "allowed-not")
        try FileManager.default.createDirectory(at: beside, withIntermediateDirectories: true)
        let policy = CommandPolicy(folders: [root.appending(path: "allowed").path])
        #expect(policy.refusal(ofFolder: inside.path) == nil)
        for folder in [link, beside, root] {
            #expect(policy.refusal(ofFolder: folder.path)?.contains("not among those") == true)
        }
        #expect(CommandPolicy().refusal(ofFolder: "/no/such") != nil)
        #expect(CommandPolicy().refusal(ofFolder: "/usr") == nil)
    }

    @Test(arguments: [
        ("sh", true), ("/bin/sh", true), ("./sh", true), ("no-such-program", false),
        ("/bin", false), ("/etc/passwd", false), ("./no", false),
    ])
    func `finds programs that can be run, and nothing else`(_ program: String, _ isThere: Bool) {
        let path = CommandPolicy.path(of: program, in: "/bin", ["PATH": "/usr/bin:/bin"])
        #expect((path != nil) == isThere)
    }
}
