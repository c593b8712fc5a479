/// A scheduler that steps as its library's does.
protocol LibraryScheduler: Sendable {
    /// The rate now in force.
    var rate: Double { get }
    /// The momentum now in force; `nil` where the scheduler does not move it.
    var momentum: Double? { get }

    /// One call of the library's `step`, with the metric where it takes one.
    mutating func step(metric: Double?) throws(LibraryFailure)
    /// Multiplies the optimizer's rate, as a person does between steps.
    mutating func multiplyRate(by factor: Double)
    /// Goes on from another scheduler of its kind, as after a restart: the optimizer's state is loaded, and the
    /// scheduler's where `loadingState`.
    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure)
}

/// A scheduler whose value is a function of the count of calls alone.
struct PositionScheduler: LibraryScheduler {
    /// A rate, and a momentum where it moves.
    typealias Value = @Sendable (Int) throws(LibraryFailure) -> (rate: Double, momentum: Double?)

    private let value: Value
    private var position = 0
    private(set) var rate: Double
    private(set) var momentum: Double?

    init(_ value: @escaping Value) throws(LibraryFailure) {
        self.value = value
        (rate, momentum) = try value(0)
    }

    /// A scheduler of the rate alone.
    init(rate: @escaping @Sendable (Int) throws(LibraryFailure) -> Double) throws(LibraryFailure) {
        try self.init { (position) throws(LibraryFailure) in (try rate(position), nil) }
    }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        position += 1
        (rate, momentum) = try value(position)
    }

    mutating func multiplyRate(by factor: Double) {
        rate *= factor
    }

    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard loadingState, let saved = saved as? PositionScheduler else { return }
        position = saved.position
        (rate, momentum) = try value(position)
    }
}
