import ArgumentParser

/// The labels of `--label key=value`.
enum LabelFilter {
    /// Refuses a label without a value.
    static func check(_ labels: [String]) throws {
        if let label = labels.first(where: { !$0.contains("=") }) {
            throw ValidationError(
                "--label \(label): write a label and its value, such as team=vision."
            )
        }
    }

    /// The values by the labels; the last of several of one label.
    static func labels(_ labels: [String]) -> [String: String] {
        Dictionary(
            labels.map { label in
                let parts = label.split(
                    separator: "=",
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                return (String(parts[0]), String(parts[1]))
            },
            uniquingKeysWith: { $1 }
        )
    }
}
