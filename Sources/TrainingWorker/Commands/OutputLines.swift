internal import TrainingAPI

/// The output of a command as lines for the job's log.
///
/// It is cut to what the protocol takes, and to what the job allows; what comes after is counted alone.
struct OutputLines {
    /// The last lines that are remembered, to say how a command failed.
    private static let memory = 20

    private let limit: Int
    private var taken = 0
    private var pending: [UInt8] = []
    private var lines: [String] = []
    private var last: [String] = []
    private(set) var dropped = 0
    /// The number of the first line of ``next``, from 0.
    private(set) var number = 0

    /// Makes the lines of output of at most `limit` bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether lines wait.
    var isEmpty: Bool { lines.isEmpty }

    /// Whether more waits than one message takes.
    var isFull: Bool { lines.count >= WorkerReport.logLineLimit }

    /// Takes some output.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        let room = min(bytes.count, max(0, limit - taken))
        dropped += bytes.count - room
        taken += room
        for byte in bytes[..<room] {
            if byte == UInt8(ascii: "\n") {
                endLine()
            } else {
                pending.append(byte)
                // Four bytes are the most of one character.
                if pending.count >= WorkerReport.logLineLength * 4 { endLine() }
            }
        }
    }

    /// Ends the last line, and tells what was left out.
    mutating func finish() {
        if !pending.isEmpty { endLine() }
        if dropped > 0 {
            add("\(dropped) more bytes of output were left out: the job allows \(limit)")
        }
    }

    /// Adds a line of the worker's own.
    mutating func add(_ line: String) {
        lines.append(Self.clean(line))
    }

    /// The lines of the next message.
    var next: [String] { Array(lines.prefix(WorkerReport.logLineLimit)) }

    /// Lets the lines of a message go, which were taken.
    mutating func drop(_ count: Int) {
        lines.removeFirst(min(count, lines.count))
        number += count
    }

    /// The last lines that say something, for the detail of a failure.
    func tail(_ count: Int) -> String {
        last.suffix(count).joined(separator: " | ")
    }

    private mutating func endLine() {
        let line = Self.clean(String(decoding: pending, as: UTF8.self))
        pending.removeAll(keepingCapacity: true)
        lines.append(line)
        guard line.contains(where: { !$0.isWhitespace }) else { return }
        last.append(line)
        if last.count > Self.memory { last.removeFirst() }
    }

    /// A line without what moves a terminal's cursor, of a length that the protocol takes.
    private static func clean(_ line: String) -> String {
        // A progress bar writes over its line: what stands last is what is seen.
        let seen = line.split(separator: "\r").last.map(String.init) ?? ""
        let scalars = seen.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control && scalar != "\t"
                ? " " : Character(scalar)
        }
        return String(scalars.prefix(WorkerReport.logLineLength))
    }
}
