/// A scheduler of a library: its names, its parameters with the library's defaults, and how it is made.
struct LibraryEntry: Sendable {
    /// What the library makes a scheduler with beside its parameters.
    struct Setting: Sendable {
        /// The optimizer's learning rate; `nil` where the schedule carries its own.
        let learningRate: Double?
        /// Composer's clock.
        let clock: LibraryClock?
        /// The calls that are asked for.
        let steps: Int

        /// The optimizer's learning rate.
        func rate() throws(LibraryFailure) -> Double {
            guard let learningRate else { throw .missingRate }
            return learningRate
        }
    }

    typealias Make =
        @Sendable (LibraryArguments, Setting) throws(LibraryFailure) -> any LibraryScheduler

    let name: String
    let aliases: [String]
    /// The parameters in the library's order; `nil` marks a required one.
    let parameters: [(name: String, defaultValue: LibraryValue?)]
    /// Whether the scheduler steps on reports of a metric.
    let followsMetric: Bool
    let make: Make

    init(
        _ name: String,
        aliases: [String] = [],
        followsMetric: Bool = false,
        _ parameters: KeyValuePairs<String, LibraryValue?>,
        make: @escaping Make
    ) {
        self.init(
            name,
            aliases: aliases,
            followsMetric: followsMetric,
            parameters: parameters.map { ($0.key, $0.value) },
            make: make
        )
    }

    init(
        _ name: String,
        aliases: [String] = [],
        followsMetric: Bool = false,
        parameters: [(name: String, defaultValue: LibraryValue?)],
        make: @escaping Make
    ) {
        self.name = name
        self.aliases = aliases
        self.followsMetric = followsMetric
        self.parameters = parameters
        self.make = make
    }

    /// The arguments that `values` stand for: unknown ones are refused, defaults filled in.
    func arguments(_ values: [String: LibraryValue]) throws(LibraryFailure) -> LibraryArguments {
        let known = parameters.map(\.name)
        if let stranger = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw .type(
                "\(name) has no parameter \"\(stranger)\"; it has \(known.joined(separator: ", "))"
            )
        }
        var complete = values
        for parameter in parameters where values[parameter.name] == nil {
            guard let value = parameter.defaultValue else {
                throw .type("\(name) requires the parameter \(parameter.name)")
            }
            complete[parameter.name] = value
        }
        return LibraryArguments(values: complete)
    }
}
