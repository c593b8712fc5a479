/// A request as a test wants it on the wire, sound or not.
package struct HTTPRequest: Sendable {
    /// The method.
    package var method: String
    /// The path and query, sent as they are.
    package var target: String
    /// The fields beside `Host`, `Connection` and `Content-Length`, which are added where none of
    /// that name is given.
    package var fields: [(name: String, value: String)]
    /// What is sent behind the fields.
    package var body: [UInt8]
    /// The length that is announced, where it is not that of `body`: a larger one is a body that
    /// never comes.
    package var announcedLength: Int?

    /// Makes a request.
    package init(
        _ method: String,
        _ target: String,
        fields: KeyValuePairs<String, String> = [:],
        body: [UInt8] = [],
        announcedLength: Int? = nil
    ) {
        self.method = method
        self.target = target
        self.fields = fields.map { (name: $0.key, value: $0.value) }
        self.body = body
        self.announcedLength = announcedLength
    }

    /// The bytes on the wire; the connection closes after the answer.
    package func bytes(host: String) -> [UInt8] {
        var lines = ["\(method) \(target) HTTP/1.1"]
        let names = Set(fields.map { $0.name.lowercased() })
        if !names.contains("host") { lines.append("Host: \(host)") }
        if !names.contains("connection") { lines.append("Connection: close") }
        let length = announcedLength ?? (body.isEmpty && method == "GET" ? nil : body.count)
        if let length, !names.contains("content-length") {
            lines.append("Content-Length: \(length)")
        }
        lines += fields.map { "\($0.name): \($0.value)" }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}
