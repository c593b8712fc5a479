/// What the service says to a report or a heartbeat.
public struct ReportReceipt: Hashable, Sendable, JSONWritable {
    /// What a worker must do besides going on.
    public enum Directive: String, Hashable, Sendable {
        /// Stop; the job is to be cancelled.
        case cancel
        /// Save a checkpoint and release the job; it is to be paused.
        case pause
        /// Release the job; the server is about to stop.
        case drain
    }

    /// The next rates, where there are any to grant.
    public var grant: Grant?
    /// What to do besides going on.
    public var directives: [Directive]
    /// How long the lease holds from now without another word, in seconds.
    public var termSeconds: Double

    /// The version of the job's rates: another one makes a plan void that was fetched before.
    public var scheduleVersion = 0

    /// Makes a receipt.
    public init(grant: Grant?, directives: [Directive], termSeconds: Double) {
        self.grant = grant
        self.directives = directives
        self.termSeconds = termSeconds
    }

    /// Writes the receipt.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let grant { writer.field("grant", grant) }
            writer.field("directives", directives.map(\.rawValue))
            writer.field("term_seconds", termSeconds)
            writer.field("schedule_version", scheduleVersion)
        }
    }

    /// Reads a receipt; directives that this side does not know are passed over.
    public init?(_ document: Document) {
        guard let term = document["term_seconds"]?.double else { return nil }
        let words = document["directives"]?.array?.compactMap(\.string) ?? []
        self.init(
            grant: document["grant"].flatMap { Grant($0) },
            directives: words.compactMap(Directive.init(rawValue:)),
            termSeconds: term
        )
        scheduleVersion = document["schedule_version"]?.integer ?? 0
    }
}
