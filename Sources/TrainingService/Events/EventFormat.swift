internal import Jobs

/// How a job's event log is written to those who follow it.
enum EventFormat: Hashable, CaseIterable {
    /// Every event, as an event stream.
    case stream
    /// The lines of the log, as plain text.
    case text

    /// The kinds that are read; `nil` for all.
    var kinds: Set<JobEventKind>? {
        switch self {
        case .stream: nil
        case .text: LogText.kinds
        }
    }

    /// The events of a page that begins after `number`.
    func bytes(_ events: [JobEventRecord], after number: Int) -> [UInt8] {
        switch self {
        case .stream:
            var bytes: [UInt8] = []
            for body in EventBody.bodies(events, after: number) { body.append(to: &bytes) }
            return bytes
        case .text: return LogText.text(events)
        }
    }

    /// What tells a reader that it does not get the events from one number to another.
    func gap(_ missing: ClosedRange<Int>) -> [UInt8] {
        switch self {
        case .stream: bytes(of: .gap(missing))
        case .text: Array("-- this reader was too slow for some lines\n".utf8)
        }
    }

    /// What tells a reader that a job is final; `nil` is that there is no such job any more.
    func end(_ state: JobState?) -> [UInt8] {
        switch self {
        case .stream: bytes(of: state.map(EventBody.end) ?? .deleted)
        case .text: []
        }
    }

    /// What keeps a silent connection from being taken for a dead one, by machines between.
    var beat: [UInt8] {
        switch self {
        case .stream: Array(":\n\n".utf8)
        case .text: []
        }
    }

    private func bytes(of body: EventBody) -> [UInt8] {
        var bytes: [UInt8] = []
        body.append(to: &bytes)
        return bytes
    }
}
