/// Why a dataset cannot be used.
package enum DatasetError: Error, Hashable, CustomStringConvertible {
    /// The catalogue has no dataset of this name.
    case unknown(name: String, known: [String])
    /// A file is not there; `remedy` says how to get it.
    case missing(path: String, remedy: String)
    /// A file is there and is not what it should be.
    case malformed(path: String, detail: String)
    /// Data are not the ones that the catalogue describes.
    case changed(path: String, expected: ContentHash, found: ContentHash)
    /// The operating system refused `operation` on `path`.
    case refused(operation: String, path: String, detail: String)
    /// There is no memory for what `purpose` says.
    case outOfMemory(purpose: String)
    /// A field of the specification does not fit the dataset.
    case invalid(field: String, detail: String)

    /// One sentence that names the place, the value and what would be right.
    package var description: String {
        switch self {
        case .unknown(let name, let known):
            "dataset.name: there is no dataset '\(name)'; the catalogue has "
                + known.joined(separator: ", ")
        case .missing(let path, let remedy):
            "\(path) does not exist: \(remedy)"
        case .malformed(let path, let detail):
            "\(path): \(detail)"
        case .changed(let path, let expected, let found):
            "\(path) holds other data than the catalogue describes: SHA-256 \(found), not \(expected)"
        case .refused(let operation, let path, let detail):
            "cannot \(operation) \(path): \(detail)"
        case .outOfMemory(let purpose):
            "there is no memory for \(purpose)"
        case .invalid(let field, let detail):
            "\(field) \(detail)"
        }
    }
}
