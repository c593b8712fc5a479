package import Foundation

/// Whether and when a job runs again after a run that did not succeed.
///
/// Errors count as attempts, up to the job's `maximumAttempts`. Deaths and silences of workers
/// count apart, up to `maximumCrashes` without a new checkpoint between, so that a long job
/// outlives any number of machines as long as it moves on. A release, and a death that the
/// server's own death caused, count as neither.
package struct RetryPolicy: Hashable, Sendable {
    /// What follows from the end of a run.
    package enum Ruling: Hashable, Sendable {
        /// The job runs again, not before the delay has passed.
        case again(after: Duration)
        /// The job ends.
        case giveUp(JobFailure)
    }

    /// The bound of the delay before the first retry; it doubles with each further one.
    package var firstDelay: Duration = .seconds(2)
    /// The bound that doubling does not pass.
    package var maximumDelay: Duration = .seconds(300)
    /// How many workers may be lost without a new checkpoint between before the job fails.
    package var maximumCrashes = 3

    /// The policy of the defaults: 2 s doubling up to 5 minutes, three crashes.
    package init() {}

    /// The delay before a retry, exponential with full jitter.
    ///
    /// `jitter · min(maximumDelay, firstDelay · 2^(retry - 1))`
    ///
    /// Source: Brooker 2015, "Exponential backoff and jitter", AWS Architecture Blog, "full jitter".
    ///
    /// - Parameters:
    ///   - retry: Which retry it is, from 1.
    ///   - jitter: A uniform draw from 0 up to 1.
    /// - Returns: From 0 up to `maximumDelay`.
    package func backoff(beforeRetry retry: Int, jitter: Double) -> Duration {
        var bound = firstDelay
        // More doublings than a Duration has bits change nothing.
        for _ in 0..<min(max(retry, 1) - 1, 64) where bound < maximumDelay {
            bound *= 2
        }
        return min(bound, maximumDelay) * jitter
    }

    /// The end of the longest backoff that begins at an instant.
    package func latestRetry(after instant: Date) -> Date {
        instant + maximumDelay.seconds
    }

    /// What follows from the end of a run that did not succeed.
    ///
    /// - Parameters:
    ///   - ending: How the run ended.
    ///   - attempt: The attempts so far, counting the one that ends.
    ///   - maximumAttempts: The attempts that the job may have.
    ///   - crashes: The workers lost since the last checkpoint, counting this one where one was.
    ///   - jitter: A uniform draw from 0 up to 1.
    ///   - detail: How a lost worker ended, where that is known, as a sentence without its full stop.
    /// - Returns: Another run, or the failure that ends the job.
    package func ruling(
        on ending: RunEnding,
        attempt: Int,
        maximumAttempts: Int,
        crashes: Int,
        jitter: Double,
        detail: String? = nil
    ) -> Ruling {
        switch ending {
        case .succeeded, .released, .serverRestarted, .stopped:
            .again(after: .zero)
        case .failed(let failure, let isPermanent):
            isPermanent || attempt >= maximumAttempts
                ? .giveUp(failure)
                : .again(after: backoff(beforeRetry: attempt, jitter: jitter))
        case .workerCrashed:
            crashes < maximumCrashes
                ? afterCrash(crashes, jitter)
                : .giveUp(gaveUp("worker_crashed", detail ?? "the worker died", crashes))
        case .outOfMemory:
            crashes < maximumCrashes
                ? afterCrash(crashes, jitter)
                : .giveUp(gaveUp("out_of_memory", detail ?? "memory was short", crashes))
        case .leaseExpired:
            crashes < maximumCrashes
                ? afterCrash(crashes, jitter)
                : .giveUp(gaveUp("worker_lost", "the worker was no longer heard of", crashes))
        }
    }

    /// The first crash is retried at once, since most are the machine's and not the job's.
    private func afterCrash(_ crashes: Int, _ jitter: Double) -> Ruling {
        .again(after: crashes <= 1 ? .zero : backoff(beforeRetry: crashes - 1, jitter: jitter))
    }

    private func gaveUp(_ code: String, _ end: String, _ crashes: Int) -> JobFailure {
        JobFailure(
            code: code,
            detail: "\(crashes) workers were lost without a new checkpoint; \(end)"
        )
    }
}
