/// How the answers to one request are coded: with gzip, where the client takes it and it is worth it.
///
/// The same content in another coding is another representation, and has another entity tag
/// (RFC 9110, section 8.8.3.3): what a handler tags `"3"` goes out compressed as `"3-gzip"`.
/// Conditions that come with such tags reach handlers without the suffix, so that no handler knows of
/// it.
struct AnswerCoding: Sendable {
    private static let suffix = "-gzip\""
    private static let conditions = ["if-none-match", "if-match"]

    /// Whether the client takes gzip.
    let takesGzip: Bool
    /// The smallest body that is compressed.
    private let minimum: Int
    /// Whether a condition came with the tag of a compressed body.
    private let knowsCompressed: Bool

    /// Reads what a client takes; a `minimum` of 0 compresses nothing.
    init(_ fields: Fields, minimum: Int) {
        self.minimum = minimum
        takesGzip = minimum > 0 && AcceptEncoding.takesGzip(fields)
        knowsCompressed = Self.conditions.contains { name in
            fields.values(for: name).contains { $0.contains(Self.suffix) }
        }
    }

    /// The fields of the request as its handler reads them.
    func handled(_ fields: Fields) -> Fields {
        guard knowsCompressed else { return fields }
        var fields = fields
        for name in Self.conditions {
            let values = fields.values(for: name)
            guard !values.isEmpty else { continue }
            fields.set(name, values.joined(separator: ", ").replacing(Self.suffix, with: "\""))
        }
        return fields
    }

    /// The answer as it goes out; `mayCompress` is false on an event loop, where there is no time.
    func applied(to response: Response, mayCompress: Bool) -> Response {
        var response = response
        if response.status == .notModified {
            // The client has the compressed body, which is still right.
            if knowsCompressed { Self.tag(&response.fields) }
        } else if response.fields["content-encoding"] != nil {
            Self.tag(&response.fields)
        } else if mayCompress, minimum > 0, Self.isCompressible(response.fields),
            response.body.count >= minimum || response.status == .partialContent
        {
            if startsGzip(&response.fields, of: response.status) {
                response.body = GzipEncoder.encode(response.body)
            }
        }
        return response
    }

    /// Whether a body of these fields is to be compressed; the fields then say so.
    ///
    /// A part of a content never is, since its range counts the bytes of the plain one.
    func startsGzip(_ fields: inout Fields, of status: Status) -> Bool {
        guard minimum > 0, Self.isCompressible(fields), fields["content-encoding"] == nil else {
            return false
        }
        fields.append("Vary", "Accept-Encoding")
        guard takesGzip, status != .partialContent else { return false }
        fields.set("Content-Encoding", "gzip")
        Self.tag(&fields)
        return true
    }

    private static func tag(_ fields: inout Fields) {
        guard let tag = fields["etag"], tag.hasSuffix("\""), !tag.hasSuffix(suffix) else { return }
        fields.set("ETag", tag.dropLast() + suffix)
    }

    /// Whether the content is text; event streams stay as they are, since each is cheap and there are
    /// many.
    private static func isCompressible(_ fields: Fields) -> Bool {
        guard let value = fields["content-type"] else { return false }
        let type = value.prefix { $0 != ";" && $0 != " " }.lowercased()
        if type.hasPrefix("text/") { return type != "text/event-stream" }
        guard type.hasPrefix("application/") else { return type == "image/svg+xml" }
        return ["json", "yaml", "xml", "javascript", "openmetrics-text"].contains {
            type.hasSuffix($0)
        }
    }
}
