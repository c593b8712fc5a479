import TrainingAPI
import TrainingClient

/// Follows a job's log to the job's end, also past servers that go away and come back.
struct LogFollower {
    let client: LehrClient
    /// Takes the text as it comes.
    let write: ([UInt8]) throws -> Void
    /// Takes a sentence for the person who waits.
    let note: (String) -> Void
    /// How long to wait before a server is asked again that was away.
    var interval: Duration = .milliseconds(300)
    /// How long the server may be away before following ends with its error.
    var patience: Duration = .seconds(600)
    var clock: any Clock<Duration> = ContinuousClock()

    /// How much of the end of what was written is kept, to know the place again.
    private static let mark = 1_024

    /// How many bytes were written, and the last of them.
    private struct Place {
        var count = 0
        var tail: [UInt8] = []

        mutating func pass(_ bytes: some Collection<UInt8>) {
            count += bytes.count
            tail = Array((tail + bytes).suffix(LogFollower.mark))
        }
    }

    /// Writes the log until the job is final.
    ///
    /// Where the text breaks off, it is asked for again, and what was written is passed over. A server keeps
    /// the newest lines of a very long log: where the text is another than it was, it is written again from
    /// the first line that is left, after a note.
    func follow(_ id: String) async throws {
        var written = Place()
        var away: Duration = .zero
        var isNoted = false
        while true {
            do {
                let isWhole = try await read(id, past: &written) {
                    away = .zero
                    isNoted = false
                }
                guard isWhole else {
                    note("the server keeps no more of the log than follows")
                    written = Place()
                    continue
                }
                // A server that stops ends the text as a job does that is final.
                if try await client.job(id).value.isFinal { return }
            } catch let error as ClientError where error.isPassing && away < patience {
                if !isNoted { note("\(error.detail); waiting for it") }
                isNoted = true
            }
            away += interval
            try await clock.sleep(for: interval)
        }
    }

    /// Writes what of the text was not written before.
    ///
    /// - Returns: Whether the text begins with what was written.
    private func read(
        _ id: String,
        past written: inout Place,
        _ progress: () -> Void
    ) async throws -> Bool {
        var passed = Place()
        let before = written
        for try await piece in try await client.log(of: id, follow: true) {
            progress()
            var rest = piece[...]
            if passed.count < before.count {
                let known = rest.prefix(before.count - passed.count)
                passed.pass(known)
                rest = rest.dropFirst(known.count)
                guard passed.count < before.count || passed.tail == before.tail else {
                    return false
                }
            }
            guard !rest.isEmpty else { continue }
            try write(Array(rest))
            written.pass(rest)
        }
        return true
    }
}
