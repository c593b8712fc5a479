/// Why a certificate and its key cannot be used.
public struct TLSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: Sendable, Hashable {
        /// The file of the certificate cannot be read, or holds none.
        case certificate
        /// The file of the key cannot be read, or holds none that is usable.
        case key
        /// The key is not the certificate's.
        case mismatch
        /// OpenSSL has no memory, or is not as it must be.
        case unavailable
    }

    /// What kind of failure it is.
    public let code: Code
    /// What went wrong, as a sentence without its full stop.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
