import Glibc
import HTTP

/// A client on a blocking socket that sends bytes as they are and reads answers one by one.
final class TestClient {
    struct Answer: Equatable {
        var status: Int
        var fields: Fields
        var body: String
        /// Whether the body came in chunks.
        var isChunked = false
    }

    enum Failure: Error {
        case cannotConnect
        case connectionEnded(received: String)
        case malformed(String)
    }

    /// The bytes of the last answer's body, which may be no text.
    private(set) var body: [UInt8] = []
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var isOpen = true

    /// Connects to the loopback address; a read that gets nothing for 20 s fails.
    convenience init(
        port: UInt16,
        address: UInt32 = 0x7F00_0001,
        receiveBuffer: Int32? = nil
    ) throws {
        self.init(receiveBuffer: receiveBuffer)
        try connect(port: port, address: address)
    }

    /// Has a descriptor and no connection.
    init(receiveBuffer: Int32? = nil) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        if var receiveBuffer {
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, size)
        }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
    }

    func connect(port: UInt16, address number: UInt32 = 0x7F00_0001) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = number.bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.cannotConnect }
    }

    deinit {
        disconnect()
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Sends all bytes; false when the connection breaks before the last.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(Glibc.MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends from another thread; false when the connection takes no more.
    var sender: @Sendable (String) -> Bool {
        { [descriptor] text in
            Array(text.utf8).withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(Glibc.MSG_NOSIGNAL)) > 0
            }
        }
    }

    /// Reads on another thread and forgets it; false once nothing comes any more.
    var discarder: @Sendable () -> Bool {
        { [descriptor] in
            withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 1) {
                recv(descriptor, $0.baseAddress, $0.count, 0) > 0
            }
        }
    }

    func get(_ path: String, fields: String = "") throws -> Answer {
        send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n")
        return try answer()
    }

    /// Closes the sending side alone.
    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    func disconnect() {
        guard isOpen else { return }
        isOpen = false
        close(descriptor)
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_LINGER,
            &option,
            socklen_t(MemoryLayout<linger>.size)
        )
        disconnect()
    }

    /// The next answer; interim ones are passed over.
    func answer(toHead isHead: Bool = false) throws -> Answer {
        while true {
            var answer = try head()
            if answer.status == 100 { continue }
            body = []
            if isHead || answer.status == 204 || answer.status == 304 { return answer }
            if let length = answer.fields["Content-Length"].flatMap({ Int($0) }) {
                body = try take(length)
            } else if answer.fields["Transfer-Encoding"] == "chunked" {
                answer.isChunked = true
                while try appendChunk() {}
            } else {
                body = Array(remainder().utf8)
            }
            answer.body = String(decoding: body, as: UTF8.self)
            return answer
        }
    }

    /// The status, the fields, and no body.
    func head() throws -> Answer {
        let lines = try line(endingIn: "\r\n\r\n").split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "),
            let status = Int(first.dropFirst(9).prefix(3))
        else { throw Failure.malformed(lines.joined(separator: "|")) }
        var fields = Fields()
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields.append(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        return Answer(status: status, fields: fields, body: "")
    }

    /// The next chunk's data; empty for the last one.
    func chunk() throws -> String {
        String(decoding: try chunkData(), as: UTF8.self)
    }

    /// Everything up to the end of the connection.
    func remainder() -> String {
        while receive() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Whether the server closes the connection behind what was read, without a reset.
    func endsInOrder() -> Bool {
        var byte: UInt8 = 0
        return received.isEmpty && recv(descriptor, &byte, 1, 0) == 0
    }

    /// Takes the next chunk into the body; false for the last one.
    private func appendChunk() throws -> Bool {
        let data = try chunkData()
        body += data
        return !data.isEmpty
    }

    private func chunkData() throws -> [UInt8] {
        let size = try line(endingIn: "\r\n")
        guard let count = Int(size, radix: 16) else { throw Failure.malformed(size) }
        let data = try take(count)
        guard try take(2) == [13, 10] else { throw Failure.malformed("no CR LF behind a chunk") }
        return data
    }

    private func line(endingIn end: String) throws -> String {
        let end = Array(end.utf8)
        while true {
            if received.count >= end.count {
                for start in 0...(received.count - end.count)
                where received[start..<(start + end.count)].elementsEqual(end) {
                    let line = try take(start + end.count)
                    return String(decoding: line.dropLast(end.count), as: UTF8.self)
                }
            }
            try more()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while received.count < count { try more() }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    private func more() throws {
        guard receive() else {
            throw Failure.connectionEnded(received: String(decoding: received, as: UTF8.self))
        }
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }
}
