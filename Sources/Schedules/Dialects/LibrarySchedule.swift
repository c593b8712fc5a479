/// A library's own scheduler, by its own names and with its own semantics.
///
/// Written `{"library": "torch", "name": "CosineAnnealingLR", "params": {"T_max": 50}, "learning_rate": 0.1,
/// "unit": "epochs"}`. A value that exists can be constructed by the library.
public struct LibrarySchedule: Hashable, Sendable {
    /// When the scheduler is stepped.
    public enum Unit: String, Hashable, Sendable, Codable, CaseIterable {
        /// After every optimizer update.
        case steps
        /// After every epoch.
        case epochs
    }

    /// The library.
    public let library: Library
    /// The scheduler, as the library spells it.
    public let name: String
    /// The parameters as they were written; those left out take the library's defaults.
    public let parameters: [String: LibraryValue]
    /// The optimizer's learning rate; schedulers that carry their own take no notice of it, as there.
    public let learningRate: Double?
    /// When the scheduler is stepped.
    public let unit: Unit
    /// The metric that is reported to a scheduler that follows one; `nil` for the one that its parameters speak
    /// of, which is the validation loss, or the accuracy where greater is better.
    public let monitor: String?

    /// Makes a schedule.
    ///
    /// - Parameters:
    ///   - library: The library.
    ///   - name: The scheduler, as the library spells it.
    ///   - parameters: The parameters; those left out take the library's defaults.
    ///   - learningRate: The optimizer's learning rate; finite and at least 0.
    ///   - unit: When the scheduler is stepped.
    ///   - monitor: The metric that is reported to a scheduler that follows one, where its parameters do not say.
    /// - Throws: A `ScheduleError` that names `name`, `params`, `learning_rate` or `monitor`, in the library's own
    ///   terms where it refuses the parameters.
    public init(
        library: Library,
        name: String,
        parameters: [String: LibraryValue] = [:],
        learningRate: Double? = nil,
        unit: Unit = .steps,
        monitor: String? = nil
    ) throws(ScheduleError) {
        self.library = library
        self.name = name
        self.parameters = parameters
        self.learningRate = learningRate
        self.unit = unit
        self.monitor = monitor
        if let learningRate, !Bounds.from(0).contains(learningRate) {
            throw .outOfRange(
                "learning_rate",
                value: "\(learningRate)",
                requirement: Bounds.from(0).description
            )
        }
        try checkMonitor()
        // Composer's clock comes with the run; a scheduler that needs it is checked there.
        guard library != .composer else {
            let entry = try entry()
            do throws(LibraryFailure) {
                _ = try entry.arguments(parameters)
            } catch {
                throw Self.refusal(error)
            }
            return
        }
        _ = try makeScheduler(steps: 1, clock: nil)
    }

    /// Whether the scheduler takes its rates from its parameters, so that `learningRate` changes nothing.
    public var carriesRates: Bool {
        let bare = try? LibrarySchedule(library: library, name: name, parameters: parameters)
        // Composer's schedulers are factors of the optimizer's rate, and are made only with a run's clock.
        return bare != nil && library != .composer
    }

    /// Whether the scheduler steps on reports of a metric.
    public var followsMetric: Bool { library.entry(named: name)?.followsMetric ?? false }

    private func checkMonitor() throws(ScheduleError) {
        guard monitor != nil else { return }
        guard try entry().followsMetric else {
            throw .conflict("monitor", detail: "\(title) follows no metric")
        }
        guard try !entry().parameters.contains(where: { $0.name == "monitor" }) else {
            throw .conflict("monitor", detail: "\(title) names its metric in params.monitor")
        }
    }

    func entry() throws(ScheduleError) -> LibraryEntry {
        guard let entry = library.entry(named: name) else {
            throw .outOfRange(
                "name",
                value: "\"\(name)\"",
                requirement: "one of " + library.names.joined(separator: ", ")
            )
        }
        return entry
    }

    /// The scheduler at its start.
    func makeScheduler(
        steps: Int,
        clock: LibraryClock?,
        parameters: [String: LibraryValue]? = nil
    ) throws(ScheduleError) -> any LibraryScheduler {
        let entry = try entry()
        do throws(LibraryFailure) {
            let arguments = try entry.arguments(parameters ?? self.parameters)
            return try entry.make(
                arguments,
                LibraryEntry.Setting(learningRate: learningRate, clock: clock, steps: steps)
            )
        } catch {
            throw Self.refusal(error)
        }
    }

    private static func refusal(_ failure: LibraryFailure) -> ScheduleError {
        failure == .missingRate
            ? .missing("learning_rate", requirement: Bounds.from(0).description)
            : .conflict("params", detail: failure.description)
    }
}

extension LibrarySchedule: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case library, name
        case parameters = "params"
        case learningRate = "learning_rate"
        case unit, monitor
    }

    /// Reads the written form, with the checks of the initialiser; other fields are refused.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError`.
    public init(from decoder: any Decoder) throws {
        let known = CodingKeys.allCases.map(\.rawValue)
        let fields = try decoder.container(keyedBy: FieldKey.self).allKeys.map(\.stringValue)
        if let stranger = fields.first(where: { !known.contains($0) }) {
            throw ScheduleError.unknown(FieldPath([.key(stranger)]), allowed: known)
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            library: container.decode(Library.self, forKey: .library),
            name: container.decode(String.self, forKey: .name),
            parameters: container.decodeIfPresent(
                [String: LibraryValue].self,
                forKey: .parameters
            ) ?? [:],
            learningRate: container.decodeIfPresent(Double.self, forKey: .learningRate),
            unit: container.decodeIfPresent(Unit.self, forKey: .unit) ?? .steps,
            monitor: container.decodeIfPresent(String.self, forKey: .monitor)
        )
    }

    /// Writes the form that was read.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(library, forKey: .library)
        try container.encode(name, forKey: .name)
        try container.encode(parameters, forKey: .parameters)
        try container.encodeIfPresent(learningRate, forKey: .learningRate)
        try container.encode(unit, forKey: .unit)
        try container.encodeIfPresent(monitor, forKey: .monitor)
    }
}
