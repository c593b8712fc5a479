/// What stands in an archive under one name.
struct ArchiveEntry: Hashable, Sendable {
    /// The kinds that are unpacked.
    enum Kind: Hashable, Sendable {
        /// A file of so many bytes.
        case file(size: Int, isExecutable: Bool)
        /// A folder.
        case folder
        /// A symbolic link to a path.
        case link(target: String)
    }

    /// The names of the folders on the way, and its own.
    let path: [String]
    /// What it is.
    let kind: Kind

    /// The path with slashes.
    var name: String { path.joined(separator: "/") }
}

extension ArchiveEntry {
    /// The most bytes of a name in a path, and of a path, that file systems take.
    private static let nameLimit = 255, pathLimit = 4_000

    /// The parts of a path that leads down from where the archive is unpacked; empty for that place itself.
    ///
    /// - Throws: `ArchiveFault` for a path that leads elsewhere, or is none.
    static func path(_ text: String) throws(ArchiveFault) -> [String] {
        let shown = text.unicodeScalars.map {
            $0.properties.generalCategory == .control ? "?" : Character($0)
        }
        let name = String(shown.prefix(200))
        guard !text.hasPrefix("/") else {
            throw ArchiveFault("\(name) in the archive is an absolute path")
        }
        let parts = text.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !parts.contains("..") else {
            throw ArchiveFault("\(name) in the archive leads out of its folder")
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw ArchiveFault("\(name) in the archive has control characters in its name") }
        guard parts.allSatisfy({ $0.utf8.count <= nameLimit }), text.utf8.count <= pathLimit else {
            throw ArchiveFault("\(name) in the archive has too long a name")
        }
        return parts
    }
}
