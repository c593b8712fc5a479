/// Bytes known by what they are, which the layer above keeps, or the store where they came to it with a
/// verb.
///
/// A store holds who needs them. Those that it keeps itself go with the last checkpoint or artifact that
/// needs them; that the others exist, and when they go, is the layer above's to see to.
package struct StoredFile: Hashable, Sendable {
    /// The SHA-256 of the bytes: 64 lower-case hexadecimal digits.
    package let hash: String
    /// The number of bytes.
    package let size: Int

    /// Bytes by their hash.
    package init(hash: String, size: Int) {
        self.hash = hash
        self.size = size
    }
}
