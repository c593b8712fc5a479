extension KeyedDecodingContainer<FieldKey> {
    /// Reads a part whose own errors then name the field in which it stands.
    func part<Part: Decodable>(_ type: Part.Type, at name: String) throws -> Part? {
        do {
            return try decodeIfPresent(type, forKey: FieldKey(name))
        } catch let error as ScheduleError {
            throw error.prefixed(by: FieldPath([.key(name)]))
        }
    }

    /// Reads a list of parts whose own errors then name the field and the place in it.
    func parts<Part: Decodable>(_ type: Part.Type, at name: String) throws -> [Part] {
        var list = try nestedUnkeyedContainer(forKey: FieldKey(name))
        var parts: [Part] = []
        while !list.isAtEnd {
            do {
                parts.append(try list.decode(type))
            } catch let error as ScheduleError {
                throw error.prefixed(by: FieldPath([.key(name), .index(parts.count)]))
            }
        }
        return parts
    }
}
