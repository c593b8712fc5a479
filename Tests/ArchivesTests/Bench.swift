import Foundation
import Testing

/// What packs the files of a test.
enum PackedCase: String, Sendable, CaseIterable {
    /// GNU tar's pax format.
    case pax
    /// GNU tar's own format.
    case gnu
    /// The oldest common format.
    case ustar
    /// A zip.
    case zip
}

/// Files to pack, and where they are unpacked, in a folder that goes with this.
final class Bench {
    let folder: String
    private var source: String { folder + "/source" }
    /// Where archives are unpacked.
    var target: String { folder + "/target" }

    init() throws {
        folder = NSTemporaryDirectory() + "archives-\(UUID().uuidString)"
        for name in ["source", "target"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)",
                withIntermediateDirectories: true
            )
        }
    }

    deinit {
        // What stays takes space in the system's folder for such.
        try? FileManager.default.removeItem(atPath: folder)
    }

    func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        let url = URL(filePath: "\(source)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(source)/\(name)",
            withDestinationPath: target
        )
    }

    /// Packs the files; the archive's path.
    func pack(_ packed: PackedCase) throws -> String {
        let path = "\(folder)/archive.\(packed == .zip ? "zip" : "tar.gz")"
        if packed == .zip {
            try run("cd \(source) && python3 -m zipfile -c \(path) *")
        } else {
            try run("tar --format=\(packed.rawValue) -czf \(path) -C \(source) .")
        }
        return path
    }

    /// Makes an archive that no honest tool makes, by lines of Python.
    func craft(_ lines: String, format: String) throws -> String {
        let path = "\(folder)/crafted.\(format == "zip" ? "zip" : "tar.gz")"
        let tar = """
            import io, tarfile
            archive = tarfile.open(PATH, 'w:gz')
            def put(name, kind, data=b'', target=''):
                info = tarfile.TarInfo(name); info.type = kind; info.size = len(data)
                info.linkname = target; archive.addfile(info, io.BytesIO(data))
            def add(name, data=b'x'): put(name, tarfile.REGTYPE, data)
            def folder(name): put(name, tarfile.DIRTYPE)
            def link(name, target): put(name, tarfile.SYMTYPE, target=target)
            def hard(name, target): put(name, tarfile.LNKTYPE, target=target)
            def special(name, kind): put(name, kind)
            """
        let zip = """
            import zipfile, warnings
            warnings.simplefilter('ignore')
            archive = zipfile.ZipFile(PATH, 'w', zipfile.ZIP_DEFLATED)
            def put(name, mode, data=b''):
                info = zipfile.ZipInfo('x'); info.filename = name; info.create_system = 3
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = mode << 16; archive.writestr(info, data)
            def add(name, data=b'x'): put(name, 0o100644, data)
            def folder(name): put(name + '/', 0o040755)
            def link(name, target): put(name, 0o120777, target.encode())
            """
        let program = """
            PATH = '\(path)'
            \(format == "zip" ? zip : tar)
            \(lines)
            archive.close()
            """
        let file = folder + "/craft.py"
        try Data(program.utf8).write(to: URL(filePath: file))
        try run("python3 \(file)")
        return path
    }

    /// Where what was unpacked differs from what was packed.
    func difference() throws -> String {
        try run("diff -r --no-dereference \(source) \(target) || true")
    }

    /// Runs a command of the shell, and returns what it writes.
    @discardableResult
    func run(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        try #require(process.terminationStatus == 0, "\(command): \(text)")
        return text
    }
}
