import Foundation

/// Writes what an archive unpacks to into a fresh folder.
///
/// While files are written there is no link that could lead one out; the links come last, and each must
/// then lead to what is in the folder.
struct FolderSink: ArchiveSink {
    private let folder: String
    private let owner: FileOwner?
    private var file: Int32 = -1
    private var entry: ArchiveEntry?
    private var links: [(entry: ArchiveEntry, target: String)] = []
    private var folders: Set<String> = []

    /// Unpacks into `folder`, which is there and empty.
    init(_ folder: String, owner: FileOwner?) {
        self.folder = folder
        self.owner = owner
    }

    mutating func begin(_ entry: ArchiveEntry) throws(ArchiveFault) {
        self.entry = entry
        try makeFolders(Array(entry.path.dropLast()), of: entry)
        switch entry.kind {
        case .folder: try makeFolders(entry.path, of: entry)
        case .link(let target): links.append((entry, target))
        case .file(_, let isExecutable):
            let mode: mode_t = isExecutable ? 0o755 : 0o644
            file = open(
                path(entry.path),
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                mode
            )
            guard file >= 0 else {
                throw errno == EEXIST ? NameSink.twice(entry) : fault(errno)
            }
            if let owner, fchown(file, owner.user, owner.group) != 0 { throw fault(errno) }
        }
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFault) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(file, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw fault(errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    mutating func end() throws(ArchiveFault) {
        guard file >= 0 else { return }
        let code = close(file)
        file = -1
        guard code == 0 else { throw fault(errno) }
    }

    /// Closes what a fault has left open.
    mutating func abandon() {
        if file >= 0 { close(file) }
        file = -1
    }

    /// Makes the links, each of which must lead to what is in the folder.
    mutating func finish() throws(ArchiveFault) {
        for (entry, target) in links {
            try NameSink.check(target, of: entry)
            let path = path(entry.path)
            guard symlink(target, path) == 0 else {
                throw errno == EEXIST ? NameSink.twice(entry) : fault(errno)
            }
            if let owner, lchown(path, owner.user, owner.group) != 0 { throw fault(errno) }
        }
        guard !links.isEmpty else { return }
        let root = Self.resolved(folder) ?? folder
        for (entry, target) in links {
            guard let place = Self.resolved(path(entry.path)),
                place == root || place.hasPrefix(root + "/")
            else { throw NameSink.leadsOut(entry, target) }
        }
    }

    private mutating func makeFolders(
        _ path: [String],
        of entry: ArchiveEntry
    ) throws(ArchiveFault) {
        for length in 0..<path.count {
            let name = path[...length].joined(separator: "/")
            guard folders.insert(name).inserted else { continue }
            guard mkdir("\(folder)/\(name)", 0o755) == 0 else {
                throw errno == EEXIST
                    ? ArchiveFault("\(entry.name) in the archive lies in what is no folder")
                    : fault(errno)
            }
            if let owner, chown("\(folder)/\(name)", owner.user, owner.group) != 0 {
                throw fault(errno)
            }
        }
    }

    private func path(_ parts: [String]) -> String {
        ([folder] + parts).joined(separator: "/")
    }

    private func fault(_ code: Int32) -> ArchiveFault {
        let reason = String(cString: strerror(code))
        return ArchiveFault(
            "\(entry?.name ?? "the archive") cannot be unpacked: \(reason)",
            code: .place
        )
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

/// To whom what is unpacked belongs.
package struct FileOwner: Hashable, Sendable {
    /// The user.
    package let user: UInt32
    /// The group.
    package let group: UInt32

    /// A user with a group.
    package init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}
