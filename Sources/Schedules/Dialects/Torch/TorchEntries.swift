extension LibraryEntry {
    /// The schedulers of `torch.optim.lr_scheduler`.
    static let torch: [LibraryEntry] = torchMaking.map { making in
        LibraryEntry(
            making.name,
            aliases: making.aliases,
            followsMetric: making.followsMetric,
            parameters: making.parameters
        ) { (arguments, setting) throws(LibraryFailure) in
            try TorchSession(rate: setting.rate()) { (optimizer) throws(LibraryFailure) in
                try making.make(arguments, &optimizer)
            }
        }
    }

    fileprivate static let torchMaking =
        TorchMaking.rules + TorchMaking.cycles + TorchMaking.compositions + [.reduceOnPlateau]
}

/// A scheduler of PyTorch's and how it is made over a given optimizer, alone or inside another.
struct TorchMaking: Sendable {
    typealias Make =
        @Sendable (LibraryArguments, inout TorchOptimizer) throws(LibraryFailure)
        -> any TorchScheduler

    let name: String
    let aliases: [String]
    let parameters: [(name: String, defaultValue: LibraryValue?)]
    let followsMetric: Bool
    let make: Make

    init(
        _ name: String,
        aliases: [String] = [],
        followsMetric: Bool = false,
        _ parameters: KeyValuePairs<String, LibraryValue?>,
        make: @escaping Make
    ) {
        self.name = name
        self.aliases = aliases
        self.followsMetric = followsMetric
        self.parameters = parameters.map { ($0.key, $0.value) } + [("last_epoch", -1)]
        self.make = { (arguments, optimizer) throws(LibraryFailure) in
            guard try arguments.integer("last_epoch") == -1 else {
                throw LibraryFailure(
                    type: "KeyError",
                    message: "initial_lr is not in a fresh optimizer: last_epoch must be -1"
                )
            }
            return try make(arguments, &optimizer)
        }
    }

    /// A scheduler inside another, over the optimizer that both share.
    static func makeNested(
        _ child: (name: String, parameters: [String: LibraryValue]),
        _ optimizer: inout TorchOptimizer
    ) throws(LibraryFailure) -> any TorchScheduler {
        guard let entry = LibraryEntry.torch.first(where: { $0.name == child.name }),
            let making = LibraryEntry.torchMaking.first(where: { $0.name == child.name })
        else { throw .value("there is no scheduler \"\(child.name)\"") }
        guard !entry.followsMetric else {
            throw .value("\(child.name) needs a metric and cannot be part of another scheduler")
        }
        return try making.make(entry.arguments(child.parameters), &optimizer)
    }
}
