/// A server's answer, whole in memory.
public struct ClientResponse: Hashable, Sendable {
    /// The status code, 200–599.
    public let status: Int
    /// The answer's fields.
    public let fields: ClientFields
    /// The content; empty where there is none.
    public let body: [UInt8]

    /// Makes an answer.
    public init(status: Int, fields: ClientFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
