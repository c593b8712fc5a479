/// What a library's scheduler raises, by the name of the exception there.
struct LibraryFailure: Error, Hashable, Sendable {
    /// The exception, such as `ValueError`.
    let type: String
    /// What is wrong, in a sentence.
    let message: String

    static func value(_ message: String) -> LibraryFailure {
        LibraryFailure(type: "ValueError", message: message)
    }

    static func type(_ message: String) -> LibraryFailure {
        LibraryFailure(type: "TypeError", message: message)
    }

    static func index(_ message: String) -> LibraryFailure {
        LibraryFailure(type: "IndexError", message: message)
    }

    static let missingRate = LibraryFailure.type("learning_rate is required by this scheduler")

    static let zeroDivision = LibraryFailure(
        type: "ZeroDivisionError",
        message: "division by zero"
    )
}

extension LibraryFailure: CustomStringConvertible {
    var description: String { "\(type): \(message)" }
}
