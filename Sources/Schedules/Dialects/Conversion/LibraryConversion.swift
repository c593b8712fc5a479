/// A library's scheduler in the native vocabulary, and how far the two are apart.
public struct LibraryConversion: Hashable, Sendable {
    /// The native schedule.
    public let schedule: Schedule
    /// The greatest difference of two rates of one update, relative to the greatest rate; 0 where none differs.
    public let largestDifference: Double
    /// The first update whose rates differ by more than rounding; `nil` where none does.
    public let firstDifference: Int?
    /// What differs, in sentences; empty where every update has the same rate.
    public let differences: [String]
}

extension LibrarySchedule {
    /// The share of the greatest rate below which two rates count as the same.
    private static let rounding = 1e-12
    /// The most updates that are compared one by one; of longer runs as many are taken at even distances.
    private static let comparedSteps = 100_000

    /// The schedule in the native vocabulary, compared with the library's over a run.
    ///
    /// - Parameter run: The run over which the rates are compared.
    /// - Returns: The native schedule and what differs.
    /// - Throws: A `ScheduleError` that names `name` where there is no native counterpart, or where the run
    ///   cannot hold the schedule.
    public func converted(for run: Run) throws(ScheduleError) -> LibraryConversion {
        let form = try nativeForm(for: run)
        let schedule = try Schedule(
            curve: form.curve,
            learningRate: form.peak,
            floor: form.floor,
            warmup: form.warmup
        )
        let native = try schedule.resolve(for: run)
        let original = try resolve(for: run)
        let stride = max(1, run.totalSteps / Self.comparedSteps)
        var (greatest, largest, place) = (0.0, 0.0, 0)
        var differing: [Int] = []
        for step in Swift.stride(from: 0, to: run.totalSteps, by: stride) {
            let (here, there) = (native.rate(at: step), original.rate(at: step))
            greatest = max(greatest, abs(there), abs(here))
            let difference = abs(here - there)
            if difference > largest { (largest, place) = (difference, step) }
            if differing.isEmpty, difference > Self.rounding * max(abs(there), abs(here)) {
                differing.append(step)
            }
        }
        let share = greatest > 0 ? largest / greatest : 0
        guard share > Self.rounding, let first = differing.first else {
            return LibraryConversion(
                schedule: schedule,
                largestDifference: 0,
                firstDifference: nil,
                differences: form.notes
            )
        }
        let (theirs, ours) = (original.rate(at: place), native.rate(at: place))
        let isPlain = theirs.brief == ours.brief
        let sentence =
            "the rates differ from step \(first) on, most at step \(place): \(title) has "
            + "\(isPlain ? theirs.plain : theirs.brief), the native schedule "
            + "\(isPlain ? ours.plain : ours.brief)"
        return LibraryConversion(
            schedule: schedule,
            largestDifference: share,
            firstDifference: first,
            differences: form.notes + [sentence]
        )
    }

    private func nativeForm(for run: Run) throws(ScheduleError) -> NativeForm {
        let entry = try entry()
        do {
            let request = try NativeForm.Request(
                arguments: entry.arguments(parameters),
                rate: learningRate ?? 0,
                unit: unit,
                run: run,
                calls: unit == .epochs
                    ? Double(run.totalSteps) / Double(run.stepsPerEpoch) : Double(run.totalSteps)
            )
            if let form = try NativeForm(library, entry.name, request) { return form }
        } catch let error as ScheduleError {
            throw .conflict(
                "name",
                detail: "\(title) with these parameters has no native counterpart: \(error)"
            )
        } catch {
            throw .conflict("params", detail: "\(error)")
        }
        throw .conflict("name", detail: "\(title) with these parameters has no native counterpart")
    }
}
