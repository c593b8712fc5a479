extension TorchMaking {
    /// The schedulers of schedulers.
    static let compositions: [TorchMaking] = [
        TorchMaking("SequentialLR", ["schedulers": nil, "milestones": nil]) {
            (arguments, optimizer) throws(LibraryFailure) in
            let children = try arguments.nested("schedulers")
            let milestones = try arguments.numbers("milestones")
            guard !children.isEmpty else { throw .value("schedulers is empty") }
            guard milestones.count == children.count - 1 else {
                throw .value(
                    "\(children.count) schedulers need \(children.count - 1) milestones, "
                        + "got \(milestones.count)"
                )
            }
            var schedulers: [any TorchScheduler] = []
            for child in children { schedulers.append(try makeNested(child, &optimizer)) }
            return try TorchSequence(&optimizer, schedulers, milestones)
        },
        TorchMaking("ChainedScheduler", ["schedulers": nil]) {
            (arguments, optimizer) throws(LibraryFailure) in
            let children = try arguments.nested("schedulers")
            guard !children.isEmpty else { throw .value("schedulers is empty") }
            var schedulers: [any TorchScheduler] = []
            for child in children { schedulers.append(try makeNested(child, &optimizer)) }
            return TorchChain(schedulers)
        },
    ]
}

/// SequentialLR: one scheduler after the other, each entered at its closed form for 0.
private struct TorchSequence: TorchScheduler {
    private var schedulers: [any TorchScheduler]
    private var milestones: [Double]
    private var epoch = 0.0

    init(
        _ optimizer: inout TorchOptimizer,
        _ schedulers: [any TorchScheduler],
        _ milestones: [Double]
    ) throws(LibraryFailure) {
        self.schedulers = schedulers
        self.milestones = milestones
        optimizer.rate = optimizer.initialRate ?? optimizer.rate
        undo()
        let first = PythonNumber.bisectRight(milestones, 0)
        try self.schedulers[first].stepInitially(&optimizer)
    }

    mutating func step(
        _ optimizer: inout TorchOptimizer,
        metric: Double?
    ) throws(LibraryFailure) {
        epoch += 1
        let active = PythonNumber.bisectRight(milestones, epoch)
        if active > 0, milestones[active - 1] == epoch {
            try schedulers[active].enter(&optimizer)
        } else {
            try schedulers[active].step(&optimizer, metric: metric)
        }
    }

    mutating func stepInitially(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        try step(&optimizer, metric: nil)
    }

    mutating func enter(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        throw LibraryFailure(
            type: "NotImplementedError",
            message: "a SequentialLR cannot be entered at a milestone of another"
        )
    }

    /// Reaches the innermost schedulers alone: a nested sequence keeps its own count, one ahead.
    mutating func undo() {
        for index in schedulers.indices { schedulers[index].undo() }
    }

    mutating func load(_ saved: any TorchScheduler) throws(LibraryFailure) {
        guard let saved = saved as? TorchSequence else {
            throw .type("the saved scheduler is of another kind")
        }
        guard saved.schedulers.count <= schedulers.count else {
            throw .index("the saved sequence has more schedulers")
        }
        milestones = saved.milestones
        epoch = saved.epoch
        for index in saved.schedulers.indices {
            try schedulers[index].load(saved.schedulers[index])
        }
    }
}

/// ChainedScheduler: every child steps on the shared rate, one after the other.
private struct TorchChain: TorchScheduler {
    private var schedulers: [any TorchScheduler]

    init(_ schedulers: [any TorchScheduler]) {
        self.schedulers = schedulers
    }

    mutating func step(
        _ optimizer: inout TorchOptimizer,
        metric: Double?
    ) throws(LibraryFailure) {
        for index in schedulers.indices {
            try schedulers[index].step(&optimizer, metric: metric)
        }
    }

    mutating func stepInitially(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        try step(&optimizer, metric: nil)
    }

    mutating func enter(_ optimizer: inout TorchOptimizer) throws(LibraryFailure) {
        throw LibraryFailure(
            type: "NotImplementedError",
            message: "a ChainedScheduler cannot be entered at a milestone of a SequentialLR"
        )
    }

    mutating func undo() {
        for index in schedulers.indices { schedulers[index].undo() }
    }

    mutating func load(_ saved: any TorchScheduler) throws(LibraryFailure) {
        guard let saved = saved as? TorchChain else {
            throw .type("the saved scheduler is of another kind")
        }
        guard saved.schedulers.count <= schedulers.count else {
            throw .index("the saved chain has more schedulers")
        }
        for index in saved.schedulers.indices {
            try schedulers[index].load(saved.schedulers[index])
        }
    }
}
