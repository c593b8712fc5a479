import Foundation
import TrainingAPI

/// How a job's parts read in every table and view.
enum JobText {
    /// The job's name, or its id where it has none.
    static func title(_ job: JobBody) -> String {
        job.name ?? job.id
    }

    /// The colour of a state.
    static func paint(ofState state: String) -> Paint {
        switch state {
        case "running": .accent
        case "succeeded": .good
        case "failed": .bad
        case "pausing", "cancelling", "paused", "cancelled": .doubtful
        default: .plain
        }
    }

    /// How far the job has come, as a share of one.
    static func fraction(_ progress: JobBody.Progress) -> Double {
        Double(progress.step) / Double(max(progress.totalSteps, 1))
    }

    /// What the job came to, in one sentence without its full stop; `nil` while it is not final.
    static func conclusion(_ job: JobBody) -> String? {
        guard job.isFinal else { return nil }
        let time = job.summary?.seconds.map { " in \(NumberText.duration(seconds: $0))" } ?? ""
        switch job.state {
        case "succeeded":
            let results = job.summary.map(results(of:)) ?? []
            let stop = job.summary?.earlyStop
            let early = stop.map { ", stopped early at step \(NumberText.count($0.step))" } ?? ""
            return "succeeded\(time)\(early)"
                + (results.isEmpty ? "" : ": " + results.joined(separator: ", "))
        case "failed":
            guard let failure = job.failure else { return "failed\(time)" }
            return "failed\(time): \(failure.detail) (\(failure.code))"
        default:
            return job.stateReason.map { "\(job.state)\(time): \($0)" } ?? "\(job.state)\(time)"
        }
    }

    private static func results(of summary: TrainingSummary) -> [String] {
        let values = [
            ("validation accuracy", summary.validationAccuracy),
            ("test accuracy", summary.testAccuracy),
            ("validation loss", summary.validationAccuracy == nil ? summary.validationLoss : nil),
            ("test loss", summary.testAccuracy == nil ? summary.testLoss : nil),
        ]
        return values.compactMap { name, value in value.map { "\(name) \(NumberText.value($0))" } }
    }

    /// How long ago an instant (RFC 3339) was: `12 s`; empty where it is none.
    static func age(of instant: String, now: Date) -> String {
        guard let date = date(instant) else { return "" }
        let seconds = max(0, now.timeIntervalSince(date)).rounded()
        return seconds < 60 ? "\(Int(seconds)) s" : NumberText.duration(seconds: seconds)
    }

    /// The instant that a text (RFC 3339) means.
    static func date(_ text: String) -> Date? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        // A text that is no instant has no age to show.
        return try? style.parse(text)
    }

    /// The shortest beginnings of ids, of at least thirteen characters, that tell them apart.
    static func shortened(_ ids: [String]) -> [String] {
        let length = (13...36).first { length in
            Set(ids.map { $0.prefix(length) }).count == Set(ids).count
        }
        return ids.map { String($0.prefix(length ?? 36)) }
    }
}
