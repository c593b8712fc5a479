import Schedules
import TrainingAPI

/// A library's scheduler that is to be drawn, from pasted code or from a file.
struct PreviewLibrary {
    /// The rate of an optimizer that nobody gave, so that rates are shares of it.
    private static let standardRate = 1.0

    let schedule: LibrarySchedule
    /// What messages call it.
    let name: String

    /// Reads pasted code.
    ///
    /// - Parameters:
    ///   - code: The code; `-` is standard input.
    ///   - library: The library.
    ///   - unit: When the scheduler is stepped.
    ///   - learningRate: The optimizer's rate; `nil` for the one in the code.
    ///   - stepsPerEpoch: The updates of an epoch, where they are known.
    /// - Throws: `PreviewDraft.Failure` where the code cannot be read or the library refuses it.
    init(
        code: String,
        library: Library,
        unit: LibrarySchedule.Unit,
        learningRate: Double?,
        stepsPerEpoch: Int?
    ) throws {
        let text = code == "-" ? try SpecificationFile.read("-").text : code
        func read(_ rate: Double?) throws(ScheduleError) -> LibrarySchedule {
            try LibrarySchedule(
                parsing: text,
                library: library,
                learningRate: rate,
                unit: unit,
                batchesPerEpoch: stepsPerEpoch
            )
        }
        do throws(ScheduleError) {
            schedule = try read(learningRate)
        } catch .missing("learning_rate", _) {
            schedule = try read(Self.standardRate)
        } catch {
            throw PreviewDraft.Failure(description: "--\(library.option): \(Self.sentence(error))")
        }
        name = schedule.name
    }

    init(_ schedule: LibrarySchedule, name: String) {
        self.schedule = schedule
        self.name = name
    }

    /// The error without the field, which is the option itself.
    private static func sentence(_ error: ScheduleError) -> String {
        guard case .conflict(_, let detail) = error else { return "\(error)" }
        return detail
    }

    /// What the scheduler answers over a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - metrics: The reports, one a call, for schedulers that follow a metric.
    ///   - label: What the curve is called.
    ///   - pointLimit: The most points; `nil` for all.
    /// - Returns: The curve.
    /// - Throws: `PreviewDraft.Failure` where the scheduler cannot be run.
    func curve(
        over run: Run,
        metrics: [Double]?,
        label: String,
        pointLimit: Int?
    ) throws -> PreviewCurve {
        let updates = schedule.unit == .epochs ? run.stepsPerEpoch : 1
        let calls = metrics?.count ?? (run.totalSteps + updates - 1) / updates
        let preview: LibraryPreview
        do throws(ScheduleError) {
            preview = try schedule.preview(
                steps: calls,
                metrics: schedule.followsMetric ? metrics : nil,
                clock: schedule.library == .composer
                    ? LibraryClock(
                        maximumDuration: "\(run.totalSteps)ba",
                        batchesPerEpoch: run.stepsPerEpoch
                    ) : nil
            )
        } catch .missing("metrics", _) {
            throw PreviewDraft.Failure(
                description: "\(name) follows a metric; say with --metrics 0.9,0.8,0.8 what is "
                    + "reported"
            )
        } catch {
            throw PreviewDraft.Failure(description: "\(name): \(Self.sentence(error))")
        }
        guard !preview.learningRates.isEmpty else {
            throw PreviewDraft.Failure(
                description: "\(name) fails at once: \(preview.refusal?.reason ?? "")"
            )
        }
        return PreviewCurve(
            label: label,
            preview,
            updatesPerCall: updates,
            total: metrics == nil ? run.totalSteps : calls * updates,
            pointLimit: pointLimit
        )
    }
}

extension Library {
    /// The option that takes the library's code.
    var option: String { rawValue.replacing("_", with: "-") }
}
