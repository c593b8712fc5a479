internal import CProcesses
internal import Foundation
internal import TrainingAPI

/// A command of somebody's, in a process group of its own.
///
/// The worker is the reaper of whatever the command leaves behind, so that a script which forks and goes
/// away leaves nothing running.
final class CommandProcess: Sendable {
    /// How a command ended.
    enum Ending: Hashable, Sendable {
        /// It exited with a status.
        case exited(Int32)
        /// A signal ended it.
        case signalled(Int32)
    }

    /// A command that could not be started.
    struct StartError: Error {
        let detail: String
    }

    /// The process, which leads its group.
    let id: pid_t
    /// Where its output comes out.
    let output: Int32

    /// Starts a command.
    ///
    /// - Parameters:
    ///   - path: The program.
    ///   - arguments: Its arguments, the first of which is its name.
    ///   - environment: All its variables.
    ///   - folder: Where it starts.
    ///   - limits: What it may take.
    ///   - user: As whom it runs; `nil` for this process's user.
    /// - Throws: `StartError`.
    init(
        path: String,
        arguments: [String],
        environment: [String: String],
        folder: String,
        limits: CommandLimits,
        user: String?
    ) throws(StartError) {
        // What a command leaves behind becomes a child of this process.
        _ = cprocesses_become_reaper()
        var ends: [Int32] = [0, 0]
        guard cprocesses_pipe(&ends) == 0 else { throw Self.failure("making a pipe", errno) }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        cprocesses_start_in(&actions, folder)
        cprocesses_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)
        )
        let words = Self.limiting(limits, user) + [path] + arguments.dropFirst()
        let pairs = environment.map { "\($0.key)=\($0.value)" }.sorted()
        var child: pid_t = 0
        let code = Self.withCStrings(words) { argumentList in
            Self.withCStrings(pairs) { environmentList in
                posix_spawn(&child, words[0], &actions, &attributes, argumentList, environmentList)
            }
        }
        guard code == 0 else {
            close(ends[0])
            throw Self.failure("starting \(path)", code)
        }
        id = child
        output = ends[0]
    }

    /// Sends a signal to the whole group.
    func signal(_ number: Int32) {
        kill(-id, number)
    }

    /// Waits for the process, ends all that it has left behind, and closes its output.
    ///
    /// Blocks the calling thread until the process has ended.
    func reap() -> Ending {
        // The process is looked at before it is gone, so that its number still names its group.
        var info = siginfo_t()
        while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        signal(SIGKILL)
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        Self.endStrays()
        let number = status & 0x7F
        return number == 0 ? .exited(status >> 8 & 0xFF) : .signalled(number)
    }

    /// Ends the processes that have become this one's children because their parents are gone.
    private static func endStrays() {
        for _ in 0..<1_000 {
            let strays = children()
            guard !strays.isEmpty else { return }
            for stray in strays {
                kill(stray, SIGKILL)
                waitpid(stray, nil, 0)
            }
        }
    }

    /// The children of this process.
    private static func children() -> [pid_t] {
        let threads =
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return threads.flatMap { thread -> [pid_t] in
            // A thread that has ended meanwhile has no children any more.
            let path = "/proc/self/task/\(thread)/children"
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// What goes before a program so that it runs under limits and as another user.
    private static func limiting(_ limits: CommandLimits, _ user: String?) -> [String] {
        var words = ["/usr/bin/prlimit", "--core=0", "--fsize=\(limits.fileBytes)"]
        if let memory = limits.memoryBytes { words.append("--as=\(memory)") }
        if let seconds = limits.cpuSeconds { words.append("--cpu=\(seconds)") }
        words.append("--")
        guard let user else { return words }
        return words + [
            "/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--init-groups", "--",
        ]
    }

    private static func failure(_ operation: String, _ code: Int32) -> StartError {
        StartError(detail: "\(operation) failed: \(String(cString: strerror(code)))")
    }

    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the list ends in nil") }
            return body(UnsafePointer(base))
        }
    }
}
