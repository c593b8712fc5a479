internal import Foundation

/// A schedule of Optax's: a function of the count, without exceptions once it is made.
typealias OptaxSchedule = @Sendable (Double) -> Double

extension LibraryEntry {
    /// The schedules of `optax.schedules`, and `optax.contrib.reduce_on_plateau`.
    static let optax: [LibraryEntry] =
        OptaxMaking.all.map { making in
            LibraryEntry(making.name, parameters: making.parameters) {
                (arguments, _) throws(LibraryFailure) in
                let schedule = try making.make(arguments)
                return try PositionScheduler { position in schedule(Double(position)) }
            }
        } + [optaxPlateau]

    private static let optaxPlateau = LibraryEntry(
        "reduce_on_plateau",
        followsMetric: true,
        [
            "factor": 0.1, "patience": 10, "rtol": 1e-4, "atol": 0, "cooldown": 0,
            "accumulation_size": 1, "min_scale": 0,
        ]
    ) { (arguments, setting) throws(LibraryFailure) in
        try OptaxPlateau(arguments, rate: setting.rate())
    }
}

/// A schedule of Optax's and how it is made.
struct OptaxMaking: Sendable {
    typealias Make = @Sendable (LibraryArguments) throws(LibraryFailure) -> OptaxSchedule

    let name: String
    let parameters: [(name: String, defaultValue: LibraryValue?)]
    let make: Make

    init(
        _ name: String,
        _ parameters: KeyValuePairs<String, LibraryValue?>,
        make: @escaping Make
    ) {
        self.name = name
        self.parameters = parameters.map { ($0.key, $0.value) }
        self.make = make
    }

    static let all: [OptaxMaking] = shapes + compositions

    /// The schedule of that name.
    static func make(
        _ name: String,
        _ parameters: [String: LibraryValue]
    ) throws(LibraryFailure) -> OptaxSchedule {
        guard let making = all.first(where: { $0.name == name }),
            let entry = LibraryEntry.optax.first(where: { $0.name == name })
        else { throw .value("there is no schedule \"\(name)\" to be joined") }
        return try making.make(entry.arguments(parameters))
    }
}
