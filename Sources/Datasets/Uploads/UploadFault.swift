/// Why a file that somebody brought is not a dataset.
package struct UploadFault: Error, Hashable, CustomStringConvertible {
    /// One sentence that names the place (line and column, array, entry or row), what stands there
    /// and what would be right.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
