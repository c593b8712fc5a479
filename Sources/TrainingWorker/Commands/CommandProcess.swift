internal import CProcesses
internal import Foundation
internal import Processes
internal import TrainingAPI

/// A command of somebody's, in a process group of its own.
///
/// The worker is the reaper of whatever the command leaves behind, so that a script which forks and goes
/// away leaves nothing running.
final class CommandProcess: Sendable {
    /// A command that could not be started.
    struct StartError: Error {
        let detail: String
    }

    /// Where its output comes out.
    let output: Int32
    /// The process, which leads its group.
    private let process: SpawnedProcess
    /// Ends the group when this process is gone, however that went: what a dead worker's command goes on to
    /// use, such as its GPUs, is another's by then.
    private let guardian: SpawnedProcess
    /// Held by this process alone; its end is what the guardian waits for.
    private let lifeline: Int32

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
        user: CommandUser?
    ) throws(StartError) {
        // What a command leaves behind becomes a child of this process.
        _ = cprocesses_become_reaper()
        var ends: [Int32] = [0, 0]
        guard cprocesses_pipe(&ends) == 0 else {
            throw StartError(detail: "making a pipe failed: \(String(cString: strerror(errno)))")
        }
        defer { close(ends[1]) }
        let process: SpawnedProcess
        do {
            process = try SpawnedProcess(
                Self.limiting(limits, user) + [path] + arguments.dropFirst(),
                environment: environment
            ) { actions in
                posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
                posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
                cprocesses_start_in(&actions, folder)
                cprocesses_close_from(&actions, 3)
            }
        } catch {
            close(ends[0])
            throw StartError(detail: "\(error)")
        }
        let guardian: SpawnedProcess
        let lifeline: Int32
        do {
            (guardian, lifeline) = try Self.guardian(of: process)
        } catch {
            process.signalGroup(SIGKILL)
            _ = process.wait()
            close(ends[0])
            throw StartError(detail: "\(error)")
        }
        self.process = process
        self.guardian = guardian
        self.lifeline = lifeline
        output = ends[0]
    }

    /// Starts what ends a group when this process is gone.
    private static func guardian(
        of process: SpawnedProcess
    ) throws(SpawnedProcess.Failure) -> (SpawnedProcess, lifeline: Int32) {
        var ends: [Int32] = [0, 0]
        guard cprocesses_pipe(&ends) == 0 else {
            throw SpawnedProcess.Failure(operation: "making a pipe", code: errno)
        }
        defer { close(ends[0]) }
        let words = [
            "/bin/sh", "-c", "read -r _; kill -KILL -$1", "guardian", "\(process.id)",
        ]
        do {
            let guardian = try SpawnedProcess(words, environment: [:]) { actions in
                posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
                for file in [STDOUT_FILENO, STDERR_FILENO] {
                    posix_spawn_file_actions_addopen(&actions, file, "/dev/null", O_WRONLY, 0)
                }
                cprocesses_close_from(&actions, 3)
            }
            return (guardian, ends[1])
        } catch {
            close(ends[1])
            throw error
        }
    }

    /// Sends a signal to the whole group.
    func signal(_ number: Int32) {
        process.signalGroup(number)
    }

    /// Waits for the process, ends all that it has left behind, and closes its output.
    ///
    /// Blocks the calling thread until the process has ended.
    func reap() -> SpawnedProcess.Ending {
        // The process is looked at before it is gone, so that its number still names its group.
        var info = siginfo_t()
        while waitid(P_PID, id_t(process.id), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        signal(SIGKILL)
        guardian.signal(SIGKILL)
        _ = guardian.wait()
        close(lifeline)
        defer { Self.endStrays() }
        return process.wait()
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
    private static func limiting(_ limits: CommandLimits, _ user: CommandUser?) -> [String] {
        var words = ["/usr/bin/prlimit", "--core=0", "--fsize=\(limits.fileBytes)"]
        if let memory = limits.memoryBytes { words.append("--as=\(memory)") }
        if let seconds = limits.cpuSeconds { words.append("--cpu=\(seconds)") }
        words.append("--")
        guard let user else { return words }
        return words + [
            "/usr/bin/setpriv", "--reuid=\(user.id)", "--regid=\(user.group)", "--init-groups",
            "--",
        ]
    }
}
