internal import Foundation
internal import Synchronization

/// Answers about jobs, kept while nothing changes that they tell of.
///
/// An answer follows from the store, from what the server alone knows of running scripts, and, of a job
/// that waits for an instant, from the time.
final class JobAnswers: Sendable {
    /// How many answers are kept.
    private static let limit = 1_024

    /// What an answer was made from; an answer holds while this is the same.
    struct Basis: Equatable, Sendable {
        /// The commits of the store.
        let commits: Int
        /// How often a script has fallen silent or was heard again.
        let silences: Int
    }

    private struct Answer {
        let job: PresentedJob
        let basis: Basis
    }

    private let answers = Mutex<[String: Answer]>([:])

    /// The answer about a job by its id's text, if it was made from the same as one would be now.
    func job(_ id: String, from basis: Basis?) -> PresentedJob? {
        guard let basis, let answer = answers.withLock({ $0[id] }), answer.basis == basis else {
            return nil
        }
        if let end = answer.job.end, end <= Date() { return nil }
        return answer.job
    }

    /// Keeps an answer; `basis` is from before its making, and none where that was not known.
    func keep(_ id: String, _ job: PresentedJob, from basis: Basis?) {
        guard let basis else { return }
        answers.withLock { answers in
            if answers.count >= Self.limit { answers.removeAll(keepingCapacity: true) }
            answers[id] = Answer(job: job, basis: basis)
        }
    }
}

/// A job as it is shown: its body under its entity tag.
struct PresentedJob: Sendable {
    /// The job as JSON.
    let body: [UInt8]
    /// The strong entity tag.
    let tag: String
    /// When it is shown otherwise without any change, on the wall clock; nil where it never is.
    var end: Date?
}
