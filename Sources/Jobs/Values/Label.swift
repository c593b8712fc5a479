/// A label of a job: a name with a text.
package struct Label: Hashable, Sendable {
    /// The name.
    package let key: String
    /// The text.
    package let value: String

    /// A name with a text.
    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
