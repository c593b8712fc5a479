import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A child of this process that ends when this process does, however that ends.
///
/// The child holds the reading end of a pipe as its descriptor ``lifelineDescriptor``; this process
/// alone holds the writing end. The kernel closes it at this process's death, and the child sees the
/// end of file. Every other descriptor is closed in the child.
struct ChildProcess {
    /// The descriptor at which a child watches for the end of its parent.
    static let lifelineDescriptor: Int32 = 3

    /// The child's process id.
    let id: pid_t
    private let lifeline: Int32

    /// How a child ended.
    enum Ending: CustomStringConvertible {
        /// It exited with a status.
        case exited(Int32)
        /// A signal ended it.
        case signalled(Int32)

        var description: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .signalled(let signal): "was ended by signal \(signal)"
            }
        }
    }

    /// A child that could not be started.
    struct SpawnError: Error, CustomStringConvertible {
        let operation: String
        let code: Int32

        var description: String { "\(operation) failed: \(String(cString: strerror(code)))" }
    }

    /// Starts `executable` with `arguments` and `environment`; it writes to `output`.
    ///
    /// Children must be started one at a time: between making the pipe and marking it close-on-exec, a
    /// child that another thread starts would inherit it.
    init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        output: Int32
    ) throws(SpawnError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SpawnError(operation: "pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A copy made by dup2 survives exec; where the end already has the number, dup2 would keep
        // its close-on-exec mark, so it is moved out of the way first.
        let reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 10)
        guard reading >= 0 else {
            close(ends[1])
            throw SpawnError(operation: "fcntl", code: errno)
        }
        defer { close(reading) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, reading, Self.lifelineDescriptor)
        // Signals that this process blocks or ignores are the child's own business.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // A terminal's Ctrl-C reaches a whole group; the server itself tells its children to stop.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)
        )
        let pairs = environment.map { "\($0.key)=\($0.value)" }.sorted()
        var child: pid_t = 0
        let code = Self.withCStrings([executable] + arguments) { argumentList in
            Self.withCStrings(pairs) { environmentList in
                posix_spawn(
                    &child,
                    executable,
                    &actions,
                    &attributes,
                    argumentList,
                    environmentList
                )
            }
        }
        guard code == 0 else {
            close(ends[1])
            throw SpawnError(operation: "starting \(executable)", code: code)
        }
        id = child
        lifeline = ends[1]
    }

    /// Waits until the child has ended; blocks the calling thread.
    func wait() -> Ending {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        close(lifeline)
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    /// Sends `signal` to the child.
    func send(_ signal: Int32) {
        kill(id, signal)
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
