import Foundation
import Processes

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

    private let process: SpawnedProcess
    private let lifeline: Int32

    /// The child's process id.
    var id: pid_t { process.id }

    /// Starts `executable` with `arguments` and `environment`; it writes to `output`.
    ///
    /// Children must be started one at a time: between making the pipe and marking it close-on-exec, a
    /// child that another thread starts would inherit it.
    init(
        executable: String,
        arguments: [String],
        environment: [String: String],
        output: Int32
    ) throws(SpawnedProcess.Failure) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SpawnedProcess.Failure(operation: "pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        // A copy made by dup2 survives exec; where the end already has the number, dup2 would keep
        // its close-on-exec mark, so it is moved out of the way first.
        let reading = fcntl(ends[0], F_DUPFD_CLOEXEC, 10)
        guard reading >= 0 else {
            close(ends[1])
            throw SpawnedProcess.Failure(operation: "fcntl", code: errno)
        }
        defer { close(reading) }
        do {
            process = try SpawnedProcess([executable] + arguments, environment: environment) {
                posix_spawn_file_actions_adddup2(&$0, output, STDOUT_FILENO)
                posix_spawn_file_actions_adddup2(&$0, output, STDERR_FILENO)
                posix_spawn_file_actions_adddup2(&$0, reading, Self.lifelineDescriptor)
            }
        } catch {
            close(ends[1])
            throw error
        }
        lifeline = ends[1]
    }

    /// Waits until the child has ended; blocks the calling thread.
    func wait() -> SpawnedProcess.Ending {
        defer { close(lifeline) }
        return process.wait()
    }

    /// Sends `signal` to the child.
    func send(_ signal: Int32) {
        process.signal(signal)
    }
}
