import Foundation
import TrainingClient

/// The process's own output.
enum StandardOutput {
    /// Nobody reads the output any more; there is nothing left to do.
    struct Closed: Error {}

    /// Writes lines, each with its end.
    static func write(lines: [String]) throws {
        try write(lines.map { "\($0)\n" }.joined())
    }

    /// Writes text.
    static func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// Writes bytes as they are.
    static func write(_ bytes: [UInt8]) throws {
        try write(bytes, to: STDOUT_FILENO)
    }

    /// Writes lines for people: to standard error where standard output takes the answer as JSON.
    static func show(_ lines: [String], besidesJSON isJSON: Bool) throws {
        guard isJSON else { return try write(lines: lines) }
        for line in lines { note(line) }
    }

    /// Writes a line for people where standard output is for programs.
    static func note(_ line: String) {
        // Where even this cannot be written, nobody is there to be told.
        try? write(Array("\(line)\n".utf8), to: STDERR_FILENO)
    }

    /// A file that is shown as it comes.
    struct Sink: DownloadSink {
        /// The file began anew, and what was written of it cannot be taken back.
        struct BeganAnew: Error, CustomStringConvertible {
            let description =
                "the connection broke, and the server does not go on where it was; what was written is not"
                + " whole"
        }

        private var hasWritten = false

        func begin() throws {
            if hasWritten { throw BeganAnew() }
        }

        mutating func append(_ piece: [UInt8]) throws {
            try StandardOutput.write(piece)
            hasWritten = true
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw Closed() }
            rest = rest.dropFirst(count)
        }
    }
}
