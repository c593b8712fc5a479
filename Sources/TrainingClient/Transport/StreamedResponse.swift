/// A server's answer whose content is still on its way.
public struct StreamedResponse: Sendable {
    /// The status code, 200–599.
    public let status: Int
    /// The answer's fields.
    public let fields: ClientFields
    /// The content, in pieces as they arrive.
    public let body: ResponseBody

    /// Makes an answer.
    public init(status: Int, fields: ClientFields = [:], body: ResponseBody) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
