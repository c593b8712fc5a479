/// Reading fields that are objects themselves.
extension ObjectDecoder {
    /// The value of `name` as `read` makes it, or a fault that shows what to write.
    mutating func requireObject<Value>(
        _ name: String,
        example: String,
        _ context: inout DecodingContext,
        _ read: (Document, Pointer, inout DecodingContext) -> Value?
    ) -> Value? {
        guard let document = document(name) else {
            reportMissing(name, expecting: "an object such as \(example)", &context)
            return nil
        }
        return read(document, pointer.appending(name), &context)
    }

    /// The value of `name` as `read` makes it; `nil` where it is absent.
    mutating func given<Value>(
        _ name: String,
        _ context: inout DecodingContext,
        _ read: (Document, Pointer, inout DecodingContext) -> Value?
    ) -> Value? {
        document(name).flatMap { read($0, pointer.appending(name), &context) }
    }

    /// The value of `name` as `read` makes it, or `standard` where it is absent.
    mutating func optionalObject<Value>(
        _ name: String,
        default standard: Value,
        _ context: inout DecodingContext,
        _ read: (Document, Pointer, inout DecodingContext) -> Value?
    ) -> Value? {
        guard let document = document(name) else { return standard }
        return read(document, pointer.appending(name), &context)
    }
}
