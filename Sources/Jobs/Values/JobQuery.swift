package import Foundation

/// Which jobs to list; all conditions hold together.
///
/// Newest first, by creation and then by id.
package struct JobQuery: Hashable, Sendable {
    /// The place after which a page begins: the last job of the page before.
    package struct Cursor: Hashable, Sendable {
        /// That job's creation.
        package let createdAt: Date
        /// That job.
        package let id: JobID

        /// The place right after one job.
        package init(createdAt: Date, id: JobID) {
            self.createdAt = createdAt
            self.id = id
        }
    }

    /// Any of these states; nil for all.
    package var states: Set<JobState>?
    /// This kind; nil for all.
    package var kind: String?
    /// This very name; nil for all.
    package var name: String?
    /// All of these labels with these values.
    package var labels: [String: String] = [:]
    /// At most so many jobs; at least 1.
    package var limit: Int
    /// Only what comes after; nil begins with the newest job.
    package var cursor: Cursor?

    /// The newest jobs without a condition.
    package init(limit: Int = 50) {
        self.limit = limit
    }
}

/// One page of a list of jobs.
package struct JobPage: Hashable, Sendable {
    /// The jobs, newest first.
    package let jobs: [JobRecord]
    /// Where the next page begins; nil when this one is the last.
    package let next: JobQuery.Cursor?

    /// A page, given one job more than fits where there are more.
    package init(upTo limit: Int, of found: [JobRecord]) {
        jobs = Array(found.prefix(limit))
        next =
            found.count > limit
            ? jobs.last.map { JobQuery.Cursor(createdAt: $0.createdAt, id: $0.id) } : nil
    }
}
