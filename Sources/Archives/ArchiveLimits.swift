/// How much an archive may unpack to.
package struct ArchiveLimits: Hashable, Sendable {
    /// The bytes of all files together; 2 GiB by default.
    package var bytes = 2 << 30
    /// The files, folders and links; 100,000 by default.
    package var entries = 100_000

    /// The default limits.
    package init() {}
}

/// What an archive unpacks to.
package struct ArchiveContents: Hashable, Sendable {
    /// The files, folders and links.
    package var entries = 0
    /// The files.
    package var files = 0
    /// The bytes of the files.
    package var bytes = 0
}
