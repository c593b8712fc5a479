package import Glibc

/// A process that this one has started, in a group of its own and with every signal as programs expect it.
package struct SpawnedProcess: Hashable, Sendable {
    /// How a process ended.
    package enum Ending: Hashable, Sendable, CustomStringConvertible {
        /// It exited with a status.
        case exited(Int32)
        /// A signal ended it.
        case signalled(Int32)

        /// Reads what `waitpid` says.
        init(status: Int32) {
            let signal = status & 0x7F
            self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
        }

        /// What the process did, as the end of a sentence.
        package var description: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .signalled(let signal): "was ended by signal \(signal)"
            }
        }
    }

    /// A process that could not be started.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        /// What failed: `pipe`, `starting /bin/true`.
        package let operation: String
        /// The system's error.
        package let code: Int32

        /// A failure of an operation.
        package init(operation: String, code: Int32) {
            self.operation = operation
            self.code = code
        }

        /// The sentence.
        package var description: String {
            "\(operation) failed: \(String(cString: strerror(code)))"
        }
    }

    /// The process's id, which is its group's too.
    package let id: pid_t

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - words: The program's path, and its arguments.
    ///   - environment: All its variables.
    ///   - files: Says what becomes of its descriptors, and where it starts.
    /// - Throws: `Failure`.
    package init(
        _ words: [String],
        environment: [String: String],
        _ files: (inout posix_spawn_file_actions_t) -> Void
    ) throws(Failure) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        files(&actions)
        // Signals that this process blocks or ignores are the other's own business.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // A terminal's Ctrl-C reaches a whole group, and ends only who is meant.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)
        )
        let pairs = environment.map { "\($0.key)=\($0.value)" }.sorted()
        var child: pid_t = 0
        let code = Self.withCStrings(words) { arguments in
            Self.withCStrings(pairs) { variables in
                posix_spawn(&child, words[0], &actions, &attributes, arguments, variables)
            }
        }
        guard code == 0 else { throw Failure(operation: "starting \(words[0])", code: code) }
        id = child
    }

    /// Sends a signal to the process.
    package func signal(_ number: Int32) {
        kill(id, number)
    }

    /// Sends a signal to the whole group.
    package func signalGroup(_ number: Int32) {
        kill(-id, number)
    }

    /// Waits until the process has ended, and lets its number go; blocks the calling thread.
    package func wait() -> Ending {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return Ending(status: status)
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
