import Archives
import Foundation
import Testing

/// Archives that would write where they must not, or more than they may.
@Suite struct UnsafeArchiveTests {
    /// A Python program's lines that make an archive, and what the refusal says.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let lines: String
        let says: String

        init(_ description: String, _ lines: String, says: String) {
            testDescription = description
            self.lines = lines
            self.says = says
        }
    }

    private static let cases: [Case] = [
        Case("a parent", "add('../evil')", says: "leads out of its folder"),
        Case("a parent inside", "add('a/../../evil')", says: "leads out of its folder"),
        Case("an absolute path", "add('/tmp/evil')", says: "is an absolute path"),
        Case("a control character", "add('a\\nb')", says: "control characters"),
        Case("a long name", "add('n' * 300)", says: "too long a name"),
        Case("the same twice", "add('a'); add('a')", says: "a is in the archive twice"),
        Case("a file in a file", "add('a'); add('a/b')", says: "lies in what is no folder"),
        Case("a folder over a file", "add('a'); folder('a')", says: "a"),
        Case("a link out", "link('a', '../outside')", says: "is a link to ../outside"),
        Case("an absolute link", "link('a', '/etc/passwd')", says: "is a link to /etc/passwd"),
        Case(
            "a file through a link",
            "link('a', '.'); add('a/b')",
            says: "a is in the archive twice"
        ),
        Case("a link to nothing", "link('a', 'nothing')", says: "is a link to nothing"),
        Case("links in a circle", "link('a', 'b'); link('b', 'a')", says: "is a link to"),
        Case(
            "a link whose folder is elsewhere",
            """
            folder('d'); folder('d/e'); add('f')
            link('d/e/up', '../..'); link('d/out', 'e/up/../f')
            """,
            says: "is a link to e/up/../f"
        ),
    ]

    @Test(arguments: cases, ["tar", "zip"])
    func `nothing is written outside`(unsafe: Case, format: String) throws {
        let bench = try Bench()
        let path = try bench.craft(unsafe.lines, format: format)
        let fault = #expect(throws: ArchiveFault.self) {
            try Archive(path: path).unpack(into: bench.target)
        }
        #expect(fault?.description.contains(unsafe.says) == true, "\(fault?.description ?? "")")
        #expect(fault?.code == .archive)
        #expect(!FileManager.default.fileExists(atPath: bench.folder + "/evil"))
        #expect(!FileManager.default.fileExists(atPath: "/tmp/evil"))
    }

    @Test(arguments: [
        ("hard('a', 'b')", "is a hard link"), ("special('a', tarfile.CHRTYPE)", "is a device"),
        ("special('a', tarfile.FIFOTYPE)", "is a pipe"),
    ])
    func `a tar of other things than files, folders and links is refused`(
        lines: String,
        says: String
    ) throws {
        let bench = try Bench()
        let path = try bench.craft(lines, format: "tar")
        let fault = #expect(throws: ArchiveFault.self) { _ = try Archive(path: path).check() }
        #expect(fault?.description.contains(says) == true)
    }

    @Test(arguments: ["tar", "zip"])
    func `an archive that unpacks to too much is refused before it fills the disk`(
        format: String
    ) throws {
        let bench = try Bench()
        let path = try bench.craft("add('zeros', bytes(20_000_000))", format: format)
        var limits = ArchiveLimits()
        limits.bytes = 10 << 20
        let fault = #expect(throws: ArchiveFault.self) {
            try Archive(path: path).unpack(into: bench.target, limits)
        }
        #expect(fault?.description == "the archive unpacks to more than 10 MiB")
        let written = try FileManager.default.attributesOfItem(atPath: bench.folder)[.size] as? Int
        #expect(written ?? 0 < 11 << 20)
    }

    @Test(arguments: ["tar", "zip"])
    func `an archive of too many files is refused`(format: String) throws {
        let bench = try Bench()
        let path = try bench.craft("[add(f'f{i}') for i in range(50)]", format: format)
        var limits = ArchiveLimits()
        limits.entries = 40
        let fault = #expect(throws: ArchiveFault.self) {
            _ = try Archive(path: path).check(limits)
        }
        #expect(fault?.description == "the archive has more than 40 files and folders")
    }
}
