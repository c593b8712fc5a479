import TestSupport

extension SchemaValidator {
    /// What cannot be applied anywhere in `schema`, whether or not a value would lead there.
    ///
    /// - Parameters:
    ///   - schema: The schema.
    ///   - place: What the schema is called in the complaints.
    /// - Returns: A complaint per unknown keyword, dangling reference or malformed argument.
    func complaints(about schema: JSONValue, called place: String) -> [String] {
        if schema.bool != nil { return [] }
        guard let keywords = schema.object else { return ["\(place): not a schema"] }
        return keywords.flatMap { name, argument -> [String] in
            guard let keyword = Keyword(rawValue: name) else {
                return ["\(place): the keyword \(name) is not known"]
            }
            let inner = "\(place)/\(name)"
            switch keyword {
            case .not, .items, .additionalProperties, .propertyNames:
                return complaints(about: argument, called: inner)
            case .oneOf:
                guard let forms = argument.array, !forms.isEmpty else {
                    return ["\(inner): no forms"]
                }
                return forms.flatMap { complaints(about: $0, called: inner) }
            case .properties:
                guard let members = argument.object else { return ["\(inner): no object"] }
                return members.flatMap { complaints(about: $1, called: "\(inner)/\($0)") }
            default:
                return complaint(about: [name: argument]).map { ["\(place): \($0)"] } ?? []
            }
        }.sorted()
    }

    /// Applies one keyword to a value of each kind, of which one makes it look at its argument.
    private func complaint(about schema: JSONValue) -> String? {
        if let reference = schema["$ref"]?.string {
            // The schema there is audited where it stands.
            do { _ = try resolve(reference) } catch { return "\(error)" }
            return nil
        }
        let samples: [JSONValue] = [nil, true, 1, "text", [1], ["member": 1]]
        for sample in samples {
            do { _ = try violations(of: sample, by: schema) } catch { return "\(error)" }
        }
        return nil
    }
}
