/// The keywords of JSON Schema 2020-12 that are checked; there are no others.
enum Keyword: String, CaseIterable {
    case title, description, `default`, examples
    case reference = "$ref"
    case not, oneOf
    case type
    case enumeration = "enum"
    case constant = "const"
    case minimum, maximum, exclusiveMinimum, exclusiveMaximum
    case minimumLength = "minLength"
    case maximumLength = "maxLength"
    case pattern, format
    case items
    case minimumItems = "minItems"
    case maximumItems = "maxItems"
    case required, properties, additionalProperties, propertyNames
    case maximumMembers = "maxProperties"
}
