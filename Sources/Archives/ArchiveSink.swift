/// Takes what an archive unpacks to, entry by entry.
protocol ArchiveSink {
    /// Begins an entry.
    mutating func begin(_ entry: ArchiveEntry) throws(ArchiveFault)
    /// Takes the next bytes of a file.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFault)
    /// Ends the entry.
    mutating func end() throws(ArchiveFault)
}

/// Counts what an archive unpacks to, and hands it on while that is not too much.
struct CountingSink<Next: ArchiveSink>: ArchiveSink {
    private let limits: ArchiveLimits
    private(set) var contents = ArchiveContents()
    var next: Next

    init(_ limits: ArchiveLimits, _ next: Next) {
        self.limits = limits
        self.next = next
    }

    mutating func begin(_ entry: ArchiveEntry) throws(ArchiveFault) {
        contents.entries += 1
        guard contents.entries <= limits.entries else {
            throw ArchiveFault("the archive has more than \(limits.entries) files and folders")
        }
        if case .file(let size, _) = entry.kind {
            contents.files += 1
            // What a header says is refused before it is unpacked, what it hides as it comes.
            guard size <= limits.bytes - contents.bytes else { throw tooLarge }
        }
        try next.begin(entry)
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFault) {
        contents.bytes += bytes.count
        guard contents.bytes <= limits.bytes else { throw tooLarge }
        try next.write(bytes)
    }

    mutating func end() throws(ArchiveFault) {
        try next.end()
    }

    private var tooLarge: ArchiveFault {
        ArchiveFault("the archive unpacks to more than \(limits.bytes >> 20) MiB")
    }
}

/// Keeps the names that were seen, so that what cannot be unpacked is known without a disk.
struct NameSink: ArchiveSink {
    private var names: Set<String> = []
    private var folders: Set<String> = []

    mutating func begin(_ entry: ArchiveEntry) throws(ArchiveFault) {
        for length in 1..<max(1, entry.path.count) {
            let parent = entry.path[..<length].joined(separator: "/")
            guard !names.contains(parent) else {
                throw ArchiveFault("\(entry.name) in the archive lies in what is no folder")
            }
            folders.insert(parent)
        }
        if entry.kind == .folder {
            guard !names.contains(entry.name) else { throw Self.twice(entry) }
            folders.insert(entry.name)
        } else {
            guard !folders.contains(entry.name), names.insert(entry.name).inserted else {
                throw Self.twice(entry)
            }
            if case .link(let target) = entry.kind { try Self.check(target, of: entry) }
        }
    }

    mutating func write(_: UnsafeRawBufferPointer) {}

    mutating func end() {}

    static func twice(_ entry: ArchiveEntry) -> ArchiveFault {
        ArchiveFault("\(entry.name) is in the archive twice")
    }

    /// Refuses a link that leads out by its text alone; where it really leads is known once it is there.
    static func check(_ target: String, of entry: ArchiveEntry) throws(ArchiveFault) {
        var depth = entry.path.count - 1
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            guard depth >= 0 else { throw leadsOut(entry, target) }
        }
        guard !target.hasPrefix("/"), !target.isEmpty, !target.utf8.contains(0) else {
            throw leadsOut(entry, target)
        }
    }

    static func leadsOut(_ entry: ArchiveEntry, _ target: String) -> ArchiveFault {
        ArchiveFault(
            "\(entry.name) in the archive is a link to \(target.prefix(200)), which is not in the archive"
        )
    }
}
