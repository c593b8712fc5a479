internal import Foundation

/// An answer, whole: its status, fields and body without framing.
package struct HTTPReply: Sendable {
    /// The status code.
    package var status: Int
    /// The fields in their order.
    package var fields: [(name: String, value: String)]
    /// The body; chunks are joined.
    package var body: [UInt8]

    /// Makes an answer.
    package init(status: Int, fields: [(name: String, value: String)], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The value of the field `name`, whatever its case; `nil` where it is absent.
    package func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The media type without its parameters, in lower case; `nil` where there is none.
    package var mediaType: String? {
        field("Content-Type").map {
            $0.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        }
    }

    /// The body as text; what is not UTF-8 is replaced.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    package func json() throws -> JSONValue {
        try JSONValue(parsing: body)
    }
}

extension HTTPReply: CustomStringConvertible {
    /// The status and the first part of the body.
    package var description: String { "\(status) \(mediaType ?? "-") \(text.prefix(2_000))" }
}
