/// What a worker did since its last report, to be taken whole or not at all.
package struct JobReport: Hashable, Sendable {
    /// The lease under which it was done.
    package let key: LeaseKey
    /// The number of the report in its run, from 1 and without gaps.
    package let sequence: Int
    /// The updates that it covers; its upper bound is the count of finished steps.
    package let steps: Range<Int>
    /// The step from which the run really goes on, where its first report shows that it has a state of its
    /// own; nil for the lease's.
    package var startsAt: Int?
    /// What was measured.
    package var chunks: [SeriesChunk] = []
    /// How the work stands; nil leaves what is there.
    package var progress: [UInt8]?
    /// The results so far; nil leaves what is there.
    package var summary: [UInt8]?
    /// What the measurements have done to the work; nil leaves what is there.
    package var feedback: [UInt8]?
    /// How many turns of the work's course the measurements have brought about.
    package var turns = 0
    /// What to tell of the job.
    package var events: [JobEventDraft] = []
    /// How many seconds the job has run by now; nil leaves what is there.
    package var ranSeconds: Double?
    /// Through which step the answer will grant; nil where it grants nothing new.
    package var grantedThrough: Int?

    /// A report without measurements; the properties add them.
    package init(key: LeaseKey, sequence: Int, steps: Range<Int>) {
        self.key = key
        self.sequence = sequence
        self.steps = steps
    }
}

/// What became of a report.
package enum ReportReceipt: Hashable, Sendable {
    /// It is stored.
    case applied(LeasedJob)
    /// It was stored before; this is how the job stands now.
    case duplicate(LeasedJob)
}
