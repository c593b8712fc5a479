/// How much of a content a request is answered with (RFC 9110, sections 13.1.5 and 14.2).
public enum ContentSelection: Hashable, Sendable {
    /// All of it, with 200.
    case whole
    /// These bytes, of which there is at least one, with 206.
    case part(Range<Int>)
    /// Nothing: the range lies behind the content, which 416 tells.
    case unsatisfiable

    /// Reads `Range`, and `If-Range`, which asks for the whole where the content is another one.
    ///
    /// Only GET knows ranges. An empty content is always sent whole: no 206 can say that it has no bytes.
    ///
    /// - Parameters:
    ///   - request: The request; its other conditions are known to hold.
    ///   - size: The content's length in bytes.
    ///   - entityTag: The content's strong tag with its quotes; others, and dates, never match it.
    public init(_ request: Request, size: Int, entityTag: String) {
        let conditions = request.fields.values(for: "If-Range")
        guard request.method == .get, size > 0, conditions.allSatisfy({ $0 == entityTag }),
            let range = ByteRange(request.fields)
        else {
            self = .whole
            return
        }
        self = range.resolved(in: size).map { .part($0) } ?? .unsatisfiable
    }

    /// The `Content-Range` of the answer (RFC 9110, section 14.4).
    ///
    /// - Parameter size: The content's length in bytes.
    /// - Returns: The field's value; `nil` for all of the content, which has none.
    public func contentRange(of size: Int) -> String? {
        switch self {
        case .whole: nil
        case .part(let bytes): "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(size)"
        case .unsatisfiable: "bytes */\(size)"
        }
    }
}
