/// What the verbs of a store do to a lease.
extension Lease {
    /// Notes that a report was applied.
    ///
    /// - Throws: `outOfOrder` for a report that is not the next one; the lease is then unchanged.
    package mutating func apply(_ report: JobReport) throws(JobStoreError) {
        guard report.sequence == sequence + 1 else { throw .outOfOrder(report, after: self) }
        sequence = report.sequence
        if let start = report.startsAt { resumeStep = start }
        extend(through: report.grantedThrough)
    }

    /// Moves the end of what is granted; it never moves back.
    package mutating func extend(through step: Int?) {
        grantedThrough = max(grantedThrough, step ?? 0)
    }
}
