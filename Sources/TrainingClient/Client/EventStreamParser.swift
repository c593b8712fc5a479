/// Cuts the text of an event stream into events.
///
/// Source: HTML Living Standard, 9.2.6, "Interpreting an event stream"; lines end in LF, CR LF or CR.
struct EventStreamParser {
    /// An event as it was sent.
    struct Event: Hashable, Sendable {
        /// The event's own id; `nil` where it has none.
        var id: String?
        /// The event's type; `message` where it has none.
        var name = "message"
        /// The data, its lines joined by line feeds.
        var data = ""
    }

    private var line: [UInt8] = []
    private var skipsLineFeed = false
    private var current = Event()
    private var hasData = false

    /// Takes the next bytes, and returns the events that they complete.
    mutating func feed(_ bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            let isLineFeed = byte == UInt8(ascii: "\n")
            defer { skipsLineFeed = byte == UInt8(ascii: "\r") }
            if isLineFeed, skipsLineFeed { continue }
            guard isLineFeed || byte == UInt8(ascii: "\r") else {
                line.append(byte)
                continue
            }
            if let event = take(String(decoding: line, as: UTF8.self)) { events.append(event) }
            line = []
        }
        return events
    }

    private mutating func take(_ line: String) -> Event? {
        guard !line.isEmpty else {
            defer {
                current = Event()
                hasData = false
            }
            return hasData ? current : nil
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? String(parts[1]) : ""
        if value.first == " " { value.removeFirst() }
        switch parts[0] {
        case "id": current.id = value
        case "event": current.name = value
        case "data":
            current.data += hasData ? "\n\(value)" : value
            hasData = true
        // A comment, or a field that is not known.
        default: break
        }
        return nil
    }
}
