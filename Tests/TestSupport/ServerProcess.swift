internal import Foundation
internal import Glibc
internal import Synchronization

/// A child process whose standard output is read here and whose end can be waited for.
final class ServerProcess: Sendable {
    /// What kept a process from starting or from saying its first line.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        var end: RunningServer.End?
        var waiting: [CheckedContinuation<RunningServer.End, Never>] = []
    }

    let id: Int32
    private let output: Int32
    private let state = Mutex(State())

    /// Starts `path` with `environment` beside this process's own; its standard error goes to the file
    /// `log`.
    ///
    /// The child heads a process group of its own and ignores SIGXFSZ, so that a limit on the size of
    /// its files makes its writes fail and does not end it.
    init(
        path: String,
        arguments: [String],
        environment: [String: String] = [:],
        log: String
    ) throws {
        Glibc.signal(SIGXFSZ, SIG_IGN)
        var pipes: [Int32] = [-1, -1]
        guard pipe(&pipes) == 0 else { throw Failure(description: "no pipe can be made") }
        for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        output = pipes[0]
        defer { close(pipes[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads that run tests block signals, and a child would inherit that.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK)
        )
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        let whole = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pairs = whole.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { pairs.forEach { free($0) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, path, &actions, &attributes, words, pairs)
        id = child
        guard code == 0 else {
            let reason = String(cString: strerror(code))
            throw Failure(description: "\(path) cannot be started: \(reason)")
        }
        Thread.detachNewThread { self.reap() }
    }

    deinit { close(output) }

    /// The first line of standard output; blocks until it is whole.
    ///
    /// - Parameter timeout: How long to wait.
    /// - Returns: The line without its end.
    /// - Throws: ``Failure`` where none comes in time or the output ends before.
    func firstLine(within timeout: Duration) throws -> String {
        let deadline = ContinuousClock.now + timeout
        var line: [UInt8] = []
        while true {
            let rest = ContinuousClock.now.duration(to: deadline).components
            var waits = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let milliseconds = rest.seconds * 1_000 + rest.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0, poll(&waits, 1, Int32(clamping: milliseconds)) > 0 else {
                throw Failure(description: "no line came within \(timeout)")
            }
            var byte: UInt8 = 0
            guard read(output, &byte, 1) == 1 else {
                throw Failure(description: "the output ended before its first line")
            }
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }

    /// Sends a signal, unless the process has ended.
    func signal(_ number: Int32) {
        state.withLock { state in
            // Reaping takes the same lock, so the id cannot be another process's by now.
            if state.end == nil { kill(id, number) }
        }
    }

    /// Waits until the process has ended.
    func end() async -> RunningServer.End {
        await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.waiting.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    private func reap() {
        var information = siginfo_t()
        // Waits without reaping, so that the id stays taken until `end` is set under the lock.
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (end, waiting) = state.withLock { state in
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let end: RunningServer.End =
                status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
            state.end = end
            defer { state.waiting = [] }
            return (end, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: end) }
    }
}
