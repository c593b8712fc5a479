package import Foundation

/// `lehrd serve` as a process of its own, on a free port and a folder that outlives it.
///
/// A test stops it, kills it, and starts another on the same folder:
/// ```swift
/// let server = try await RunningServer(.init(binaries: binaries, folder: folder))
/// await server.kill()
/// let again = try await RunningServer(server.configuration)
/// ```
/// One that is left behind is killed when the last reference to it goes.
package final class RunningServer: Sendable {
    /// How a server is started.
    package struct Configuration: Sendable {
        /// The folder that holds `lehrd`.
        package var binaries: URL
        /// The data folder.
        package var folder: URL
        /// The number of local workers; 1 by default, 0 is legal.
        package var workers: Int
        /// The port; 0, the default, lets the system choose a free one at every start.
        package var port: UInt16
        /// Further arguments of `lehrd serve`.
        package var arguments: [String]
        /// What the server finds in its environment beside what this process has.
        package var environment: [String: String] = [:]
        /// How long the server may take until it listens; 30 seconds by default, since a test machine
        /// may be busy.
        package var patience = Duration.seconds(30)

        /// Makes a configuration.
        package init(
            binaries: URL,
            folder: URL,
            workers: Int = 1,
            port: UInt16 = 0,
            arguments: [String] = []
        ) {
            self.binaries = binaries
            self.folder = folder
            self.workers = workers
            self.port = port
            self.arguments = arguments
        }

        /// The file beside the data folder to which every server on it appends its log.
        package var log: URL { folder.appendingPathExtension("log") }
    }

    /// How a process ended.
    package enum End: Hashable, Sendable {
        /// It exited with this status.
        case exit(Int32)
        /// This signal ended it.
        case signal(Int32)
    }

    /// Why no server runs.
    package struct Failure: Error, CustomStringConvertible {
        /// What happened, with the end of the server's log.
        package let description: String
    }

    /// What the server was started with.
    package let configuration: Configuration
    /// The port on which it listens.
    package let port: UInt16
    private let process: ServerProcess

    /// Starts a server and waits until it listens.
    ///
    /// - Parameter configuration: The binary, folder and workers.
    /// - Throws: ``Failure`` where it does not listen in time, with the end of its log.
    package init(_ configuration: Configuration) async throws {
        self.configuration = configuration
        let arguments =
            [
                "serve", "--listen", "127.0.0.1:\(configuration.port)",
                "--data", configuration.folder.path, "--workers", "\(configuration.workers)",
            ] + configuration.arguments
        let process = try ServerProcess(
            path: configuration.binaries.appending(path: "lehrd").path,
            arguments: arguments,
            environment: configuration.environment,
            log: configuration.log.path
        )
        self.process = process
        do {
            let line: String = try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(
                        with: Result { try process.firstLine(within: configuration.patience) }
                    )
                }
            }
            let prefix = "://127.0.0.1:"
            guard line.hasPrefix("listening on http"), let place = line.range(of: prefix),
                let port = UInt16(line[place.upperBound...])
            else {
                throw ServerProcess.Failure(description: "the first line is \"\(line)\"")
            }
            self.port = port
        } catch {
            process.signal(SIGKILL)
            let end = await process.end()
            let log = Self.tail(of: configuration.log)
            throw Failure(description: "no server: \(error); it ended by \(end); its log: \(log)")
        }
    }

    deinit { process.signal(SIGKILL) }

    /// The id of the server's process.
    package var processID: Int32 { process.id }

    /// A client of this server.
    package var client: HTTPClient { HTTPClient(port: port) }

    /// The ids of the server's child processes: its local workers.
    package var workerProcessIDs: [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { Int32($0) }.filter { id in
            // A process that has ended meanwhile has no file and is no child.
            guard let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                let name = stat.lastIndex(of: ")")
            else { return false }
            let words = stat[stat.index(after: name)...].split(separator: " ")
            return words.count > 1 && words[0] != "Z" && Int32(words[1]) == processID
        }.sorted()
    }

    /// Sends a signal to the server, unless it has ended.
    package func signal(_ number: Int32) {
        process.signal(number)
    }

    /// Waits until the server has ended.
    @discardableResult
    package func end() async -> End {
        await process.end()
    }

    /// Stops the server with SIGTERM, which lets it drain, and waits until it has ended.
    @discardableResult
    package func stop() async -> End {
        process.signal(SIGTERM)
        return await process.end()
    }

    /// Stops the server with SIGKILL, as a power failure would, and waits until it has ended.
    @discardableResult
    package func kill() async -> End {
        process.signal(SIGKILL)
        return await process.end()
    }

    /// Makes every write of the server to a file fail from now on, as a full disk would.
    ///
    /// - Throws: ``Failure`` where the system refuses.
    package func failFileWrites() async throws {
        let limiter = try ServerProcess(
            path: "/usr/bin/prlimit",
            arguments: ["--pid", "\(processID)", "--fsize=0:unlimited"],
            log: configuration.log.path
        )
        guard await limiter.end() == .exit(0) else {
            let log = Self.tail(of: configuration.log)
            throw Failure(description: "the size of files could not be limited: \(log)")
        }
    }

    private static func tail(of log: URL) -> String {
        // A server that never ran wrote no log.
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return String(text.suffix(2_000))
    }
}
