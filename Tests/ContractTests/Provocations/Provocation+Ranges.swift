import TestSupport
import Testing

extension Provocation {
    /// Where a file can be read, and by whom.
    typealias FilePlace = @Sendable (Stage) async throws -> (client: HTTPClient, path: String)

    /// A file of at least two bytes in part: all but its first byte, what lies behind it, and nothing where
    /// the client has it.
    static func ranges(
        _ operation: String,
        _ title: String,
        mediaType: String = "application/octet-stream",
        _ place: @escaping FilePlace
    ) -> [Provocation] {
        [
            Provocation(operation, 206, "all but the first byte of \(title)", mediaType: mediaType)
            {
                let (client, path) = try await place($0)
                let whole = try await client.get(path)
                let tag = try #require(whole.field("ETag"))
                let part = try await client.get(
                    path,
                    fields: ["Range": "bytes=1-", "If-Range": tag]
                )
                let size = whole.body.count
                #expect(part.body == Array(whole.body.dropFirst()))
                #expect(part.field("Content-Range") == "bytes 1-\(size - 1)/\(size)")
                #expect(part.field("Content-Length") == "\(size - 1)")
                #expect(part.field("ETag") == tag)
                #expect(whole.field("Accept-Ranges") == "bytes")
                #expect(whole.field("Content-Length") == "\(size)")
                return part
            },
            Provocation(operation, 206, "the last byte of \(title), packed", mediaType: mediaType) {
                let (client, path) = try await place($0)
                let part = try await client.get(
                    path,
                    fields: ["Range": "bytes=-1", "Accept-Encoding": "gzip"]
                )
                #expect(part.field("Content-Encoding") == nil)
                #expect(part.body.count == 1)
                return part
            },
            Provocation(operation, 200, "another \(title) than before", mediaType: mediaType) {
                let (client, path) = try await place($0)
                return try await client.get(
                    path,
                    fields: ["Range": "bytes=1-", "If-Range": "\"another\""]
                )
            },
            Provocation(operation, 304, "\(title), which the client has, in part") {
                let (client, path) = try await place($0)
                let tag = try #require(try await client.get(path).field("ETag"))
                return try await client.get(
                    path,
                    fields: ["Range": "bytes=1-", "If-None-Match": tag]
                )
            },
            Provocation(operation, 416, "what lies behind \(title)", fields: ["Content-Range"]) {
                let (client, path) = try await place($0)
                return try await client.get(path, fields: ["Range": "bytes=1000000000000-"])
            },
        ]
    }
}
