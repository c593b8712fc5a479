/// Composer's time strings, brought to batches.
struct ComposerTime: Sendable {
    /// The batches of an epoch.
    private let perEpoch: Double
    /// The run's length in its own unit, scaled.
    private let duration: Double
    /// The batches of that unit.
    private let perUnit: Double
    /// The scale schedule ratio.
    private let ratio: Double

    init(_ clock: LibraryClock) throws(LibraryFailure) {
        guard clock.batchesPerEpoch >= 1 else {
            throw .value("dataloader_len must be at least 1, got \(clock.batchesPerEpoch)")
        }
        guard clock.scaleRatio > 0, clock.scaleRatio.isFinite else {
            throw .value("ssr must be above 0, got \(clock.scaleRatio.plain)")
        }
        perEpoch = Double(clock.batchesPerEpoch)
        ratio = clock.scaleRatio
        let (value, unit) = try Self.parse(clock.maximumDuration)
        duration = (value * ratio).rounded(.towardZero)
        switch unit {
        case "ep": perUnit = perEpoch
        case "ba": perUnit = 1
        default:
            throw .value("max_duration must be in ep or ba, got \"\(clock.maximumDuration)\"")
        }
    }

    /// The batches of the run, scaled.
    var total: Double { duration * perUnit }

    /// The batches of a time string; a share of the run is scaled already.
    ///
    /// - Parameters:
    ///   - text: A number and its unit: `2ep`, `30ba`, `0.9dur`.
    ///   - isScaled: Whether the ratio applies to it.
    /// - Returns: A whole number of batches.
    /// - Throws: A failure where the text is no time.
    func batches(_ text: String, isScaled: Bool = true) throws(LibraryFailure) -> Double {
        let (value, unit) = try Self.parse(text)
        if unit == "dur" { return (value * perUnit * duration).rounded(.towardZero) }
        let batches = unit == "ep" ? value * perEpoch : value
        return (batches * (isScaled ? ratio : 1)).rounded(.towardZero)
    }

    private static func parse(
        _ text: String
    ) throws(LibraryFailure) -> (value: Double, unit: String) {
        guard let unit = ["ep", "ba", "dur"].first(where: text.hasSuffix),
            let value = Double(text.dropLast(unit.count)), value.isFinite
        else {
            throw .value(
                "\"\(text)\" is no time in epochs, batches or shares, such as 2ep, 30ba, 0.9dur"
            )
        }
        guard unit == "dur" || value == value.rounded() else {
            throw .type("\"\(text)\" must be a whole number of \(unit)")
        }
        return (value, unit)
    }
}
