import TrainingAPI
import TrainingClient

/// Follows a job's log to the job's end, also past servers that go away and come back.
struct LogFollower {
    let client: LehrClient
    /// Takes the text as it comes, in whole lines.
    let write: ([UInt8]) throws -> Void
    /// Takes a sentence for the person who waits.
    let note: (String) -> Void
    /// How long to wait before a server is asked again that was away.
    var interval: Duration = .milliseconds(300)
    /// How long the server may be away before following ends with its error.
    var patience: Duration = .seconds(600)
    var clock: any Clock<Duration> = ContinuousClock()

    /// Writes the log until the job is final.
    ///
    /// Where the text breaks off, it is asked for again, and the lines that were written are passed over. A
    /// server keeps the newest lines of a very long log: where it does not have the line any more that was
    /// written last, a note says that some may be missing.
    func follow(_ id: String) async throws {
        var written = WrittenLines()
        var absence = ServerAbsence(clock)
        var wasFinal = false
        while true {
            do {
                try await read(id, follow: !wasFinal, past: &written) { absence.end() }
                if wasFinal { return }
                // A server that stops ends the text as a job does that is final, and a job may end while
                // its server is away: what was read before the job was seen to be final is not all.
                wasFinal = try await client.job(id).value.isFinal
                absence.end()
                if wasFinal { continue }
            } catch let error as ClientError where error.isPassing && absence.duration < patience {
                if absence.note() { note("\(error.detail); waiting for it") }
            }
            try await clock.sleep(for: interval)
        }
    }

    /// Writes the lines of the text that were not written before.
    private func read(
        _ id: String,
        follow: Bool,
        past written: inout WrittenLines,
        _ progress: () -> Void
    ) async throws {
        written.restart()
        // A line that is cut by the end of a connection comes again as a whole.
        var line: [UInt8] = []
        for try await piece in try await client.log(of: id, follow: follow) {
            progress()
            var lines: [UInt8] = []
            for byte in piece {
                line.append(byte)
                guard byte == UInt8(ascii: "\n") else { continue }
                switch written.take(line) {
                case .known: break
                case .newAfterGap:
                    note("the log does not go on where it broke off; lines may be missing here")
                    fallthrough
                case .new: lines += line
                }
                line.removeAll(keepingCapacity: true)
            }
            if !lines.isEmpty { try write(lines) }
        }
    }
}
