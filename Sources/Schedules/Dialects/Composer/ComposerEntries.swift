internal import Foundation

extension LibraryEntry {
    /// The schedulers of `composer.optim.scheduler`: multipliers, pure functions of the clock in batches.
    static let composer: [LibraryEntry] = ComposerMaking.all.map { making in
        LibraryEntry(making.name, parameters: making.parameters) {
            (arguments, setting) throws(LibraryFailure) in
            guard let clock = setting.clock else {
                throw .value("Composer's schedulers need max_duration and dataloader_len")
            }
            let rate = try setting.rate()
            let factor = try making.make(arguments, ComposerTime(clock))
            return try PositionScheduler(rate: { (position) throws(LibraryFailure) in
                rate * (try factor(Double(position)))
            })
        }
    }
}

/// A scheduler of Composer's and how its multiplier is made.
struct ComposerMaking: Sendable {
    /// The multiplier at a count of batches.
    typealias Factor = @Sendable (Double) throws(LibraryFailure) -> Double
    typealias Make =
        @Sendable (LibraryArguments, ComposerTime) throws(LibraryFailure) -> Factor

    let name: String
    let parameters: [(name: String, defaultValue: LibraryValue?)]
    let make: Make

    static let all: [ComposerMaking] = plain + warmed
}
