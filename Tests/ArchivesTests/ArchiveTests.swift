import Archives
import Foundation
import TestSupport
import Testing

/// Archives that are safe to unpack, made by the tools that people have.
@Suite struct ArchiveTests {
    @Test(arguments: [PackedCase.pax, .gnu, .ustar, .zip])
    func `what was packed is unpacked`(packed: PackedCase) throws {
        let bench = try Bench()
        let long = String(repeating: "d", count: 90) + "/" + String(repeating: "e", count: 90)
        try bench.write("train.py", "print('hello')\n")
        try bench.write("run.sh", "#!/bin/sh\n", mode: 0o755)
        try bench.write("package/\(packed == .ustar ? "module" : long).py", "x = 1\n")
        try bench.write("empty", "")
        try bench.write("large", String(repeating: "0123456789", count: 100_000))
        if packed != .zip { try bench.link("package/latest.py", to: "../train.py") }
        let archive = try Archive(path: try bench.pack(packed))
        let contents = try archive.check()
        #expect(contents.files == 5)
        #expect(contents.bytes == 15 + 10 + 6 + 0 + 1_000_000)
        try archive.unpack(into: bench.target)
        #expect(try bench.difference().isEmpty)
        #expect(access(bench.target + "/run.sh", X_OK) == 0)
        #expect(access(bench.target + "/train.py", X_OK) != 0)
    }

    @Test func `what is unpacked belongs to the owner that is named`() throws {
        guard getuid() == 0 else { return }
        let bench = try Bench()
        try bench.write("package/train.py", "")
        try bench.link("link", to: "package")
        let archive = try Archive(path: try bench.pack(.pax))
        try archive.unpack(into: bench.target, owner: FileOwner(user: 65_534, group: 65_534))
        for name in ["package", "package/train.py", "link"] {
            let facts = try FileManager.default.attributesOfItem(atPath: bench.target + "/" + name)
            #expect(facts[.ownerAccountID] as? Int == 65_534, "\(name)")
        }
    }

    @Test func `a gzip of several members is one archive`() throws {
        let bench = try Bench()
        try bench.write("a", String(repeating: "a", count: 3_000))
        let path = try bench.pack(.pax)
        try bench.run(
            """
            cd \(bench.folder) && gunzip -c \(path) > t
            head -c 700 t | gzip > u.gz && tail -c +701 t | gzip >> u.gz
            """
        )
        let archive = try Archive(path: bench.folder + "/u.gz")
        #expect(try archive.check().bytes == 3_000)
    }

    @Test(arguments: ["it is no archive", "", "\u{1F}"])
    func `other files are refused`(text: String) throws {
        let bench = try Bench()
        try Data(text.utf8).write(to: URL(filePath: bench.folder + "/other"))
        let fault = #expect(throws: ArchiveFault.self) {
            try Archive(path: bench.folder + "/other")
        }
        #expect(fault?.description == "it is neither a .tar.gz nor a .zip")
    }

    @Test(arguments: [PackedCase.pax, .zip])
    func `an archive that was cut off or changed is refused at every place`(
        packed: PackedCase
    ) throws {
        let bench = try Bench()
        let lines = (0..<200).map { "print(\($0 * 7919))" }
        try bench.write("folder/train.py", lines.joined(separator: "\n"))
        let bytes = try Data(contentsOf: URL(filePath: try bench.pack(packed)))
        let path = bench.folder + "/damaged"
        for length in stride(from: 2, to: bytes.count - (packed == .zip ? 0 : 9), by: 7) {
            try bytes.prefix(length).write(to: URL(filePath: path))
            #expect(throws: ArchiveFault.self, "\(length) bytes") {
                _ = try Archive(path: path).check()
            }
        }
        // A changed byte may hit what means nothing, such as a time; then the content is what it was.
        for place in stride(from: 2, to: bytes.count, by: 5) {
            var changed = bytes
            changed[place] ^= 0x55
            try changed.write(to: URL(filePath: path))
            guard let archive = try? Archive(path: path), let contents = try? archive.check() else {
                continue
            }
            #expect(contents.entries <= 3)
        }
    }
}
