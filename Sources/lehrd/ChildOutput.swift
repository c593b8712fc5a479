import Foundation
import Glibc
import TrainingService

/// What a child writes: it goes on to this process's standard error, and the newest lines are kept for
/// whoever asks how the child ended.
final class ChildOutput: Sendable {
    /// How many lines are kept, and how many bytes of each.
    private static let limits = (lines: 8, bytes: 200)

    /// The end that the child writes to.
    let writingEnd: Int32
    private let readingEnd: Int32
    private let condition = MonotonicCondition()
    // Guarded by `condition`.
    nonisolated(unsafe) private var lines: [String] = []
    // Guarded by `condition`.
    nonisolated(unsafe) private var isOver = false

    /// Makes the pipe; nil where the system gives none.
    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readingEnd, writingEnd) = (ends[0], ends[1])
    }

    /// Begins to pass on, once the child has its end; this process's own copy of that is closed.
    func start() {
        close(writingEnd)
        let thread = Thread { [self] in
            pass()
            close(readingEnd)
            condition.lock()
            isOver = true
            condition.broadcast()
            condition.unlock()
        }
        thread.name = "worker output"
        thread.start()
    }

    /// The newest lines of a child that has ended.
    ///
    /// Another process that the child has started may still hold its end: so the end of the output is not
    /// waited for longer than a moment.
    func lastLines() -> [String] {
        condition.lock()
        defer { condition.unlock() }
        let deadline = ContinuousClock.now + .milliseconds(50)
        while !isOver, condition.wait(until: deadline) {}
        return lines
    }

    private func pass() {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        var rest: [UInt8] = []
        while true {
            let count = read(readingEnd, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            // The log is for people; what it does not take is lost, as it would be to the child.
            _ = write(STDERR_FILENO, buffer, count)
            rest += buffer.prefix(count)
            keepLines(of: &rest)
        }
        if !rest.isEmpty {
            rest.append(0x0A)
            keepLines(of: &rest)
        }
    }

    /// Keeps the whole lines of some bytes, and leaves what follows the last one.
    private func keepLines(of bytes: inout [UInt8]) {
        guard let end = bytes.lastIndex(of: 0x0A) else {
            // A line without an end is cut, so that it takes no room without an end.
            if bytes.count > 65_536 { bytes.removeFirst(bytes.count - 65_536) }
            return
        }
        let whole = bytes[...end].split(separator: 0x0A).suffix(Self.limits.lines).map { line in
            String(decoding: line.prefix(Self.limits.bytes), as: UTF8.self)
        }
        bytes.removeFirst(end + 1)
        condition.lock()
        defer { condition.unlock() }
        lines = (lines + whole).suffix(Self.limits.lines)
    }
}
