internal import Foundation

/// NVIDIA's `nvidia-smi`, which lists a machine's GPUs.
enum SystemManagement {
    /// A GPU as it is listed.
    struct Entry: Hashable, Sendable {
        /// Its number.
        let index: Int
        /// Its name that no other GPU has.
        let uuid: String
        /// What its maker calls it.
        let model: String
        /// Its memory, in bytes; 0 where it is not listed.
        let memoryBytes: Int

        /// Whether a person or a variable means this one: by its number, its UUID or a beginning of that.
        func isCalled(_ name: String) -> Bool {
            name == "\(index)" || name.hasPrefix("GPU-") && uuid.hasPrefix(name)
        }
    }

    /// How long the program may take: a driver that hangs must not keep a worker from its work.
    private static let patience = Duration.seconds(15)

    /// The GPUs of this machine; `nil` where the program is not there.
    ///
    /// - Throws: `GPUFault` where the program is there and does not answer as it should.
    static func list() async throws(GPUFault) -> [Entry]? {
        let process = Process()
        // Found by PATH.
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "nvidia-smi", "--query-gpu=index,uuid,name,memory.total",
            "--format=csv,noheader,nounits",
        ]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let status: Int32
        do {
            status = try await end(of: process)
        } catch {
            throw GPUFault("nvidia-smi could not be run: \(error)")
        }
        // env's answer where the program is not there.
        if status == 127 { return nil }
        guard status == 0 else {
            throw GPUFault(
                "nvidia-smi ended with status \(status) or hung, so that GPUs are not known; mend its"
                    + " driver, or say which GPUs there are: --gpus 0:24GiB, or --gpus none"
            )
        }
        // All of it is in the pipe, which holds more than the lines of 64 GPUs.
        let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        return try read(String(decoding: data, as: UTF8.self))
    }

    /// Runs a process to its end; one that hangs is ended.
    private static func end(of process: Process) async throws -> Int32 {
        let (ends, end) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            end.yield(process.terminationStatus)
            end.finish()
        }
        try process.run()
        let number = process.processIdentifier
        let guardian = Task {
            try await Task.sleep(for: patience)
            kill(number, SIGKILL)
        }
        defer { guardian.cancel() }
        for await status in ends { return status }
        return -1
    }

    /// Reads the lines that the program has written.
    ///
    /// - Throws: `GPUFault` for a line that is not understood.
    static func read(_ text: String) throws(GPUFault) -> [Entry] {
        var entries: [Entry] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: ",").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard words.count >= 4, let index = Int(words[0]), words[1].hasPrefix("GPU-") else {
                throw GPUFault("nvidia-smi lists what is no GPU: \(line.prefix(200))")
            }
            // Machines whose GPUs share the main memory list "[N/A]".
            let mebibytes = words.last.flatMap { Int($0) } ?? 0
            entries.append(
                Entry(
                    index: index,
                    uuid: words[1],
                    model: words[2..<words.count - 1].joined(separator: ", "),
                    memoryBytes: mebibytes << 20
                )
            )
        }
        return entries
    }
}
