/// What a server answered: the value, and the bytes that it was read from.
public struct Answer<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value
    /// The status code; 200–299.
    public let status: Int
    /// The answer's fields.
    public let fields: ClientFields
    /// The content as it was sent.
    public let body: [UInt8]

    /// What stands for this state of the thing; sent back, it asks for news alone.
    public var entityTag: String? { fields["ETag"] }
}
