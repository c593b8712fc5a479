/// Why an archive cannot be unpacked.
package struct ArchiveFault: Error, Hashable, CustomStringConvertible {
    /// What would help.
    package enum Code: Hashable, Sendable {
        /// Another archive.
        case archive
        /// Another place: room, or leave to write.
        case place
    }

    /// What would help.
    package let code: Code
    /// One sentence without its end, which names the entry and what is wrong with it.
    package let description: String

    init(_ description: String, code: Code = .archive) {
        self.code = code
        self.description = description
    }
}
