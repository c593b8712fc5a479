/// What is known of a library's scheduler: its names and its parameters with the library's defaults.
public struct LibrarySchedulerType: Hashable, Sendable {
    /// A parameter by the library's name.
    public struct Parameter: Hashable, Sendable {
        /// The library's name.
        public let name: String
        /// What holds where it is left out; `nil` where it must be given, `.null` where the library has `None`.
        public let defaultValue: LibraryValue?
    }

    /// The scheduler, as the library spells it.
    public let name: String
    /// Other names under which it is known, such as the function that makes it.
    public let aliases: [String]
    /// The parameters, in the library's order.
    public let parameters: [Parameter]
    /// Whether the scheduler steps on reports of a metric.
    public let followsMetric: Bool
}

extension Library {
    /// The schedulers that are reproduced.
    public var types: [LibrarySchedulerType] {
        entries.map { entry in
            LibrarySchedulerType(
                name: entry.name,
                aliases: entry.aliases,
                parameters: entry.parameters.map {
                    .init(name: $0.name, defaultValue: $0.defaultValue)
                },
                followsMetric: entry.followsMetric
            )
        }
    }
}
