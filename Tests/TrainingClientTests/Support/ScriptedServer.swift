import Foundation
import Synchronization

/// A server on loopback that treats each connection by a script, on a thread of its own.
final class ScriptedServer: Sendable {
    /// What a test may wait for.
    enum Event: Hashable, Sendable {
        case connected
        case requested
        case disconnected
    }

    /// One connection, in its script's hands.
    struct Connection {
        fileprivate let descriptor: Int32
        fileprivate let tell: @Sendable (Event) -> Void

        /// Reads one request with its content; `nil` at the end of the connection.
        func request() -> String? {
            var bytes: [UInt8] = []
            while true {
                if let length = Self.length(of: bytes), bytes.count >= length {
                    tell(.requested)
                    return String(decoding: bytes, as: UTF8.self)
                }
                var buffer = [UInt8](repeating: 0, count: 65536)
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { return nil }
                bytes += buffer[..<count]
            }
        }

        /// Writes text; `false` where nobody reads any more.
        @discardableResult
        func write(_ text: String) -> Bool {
            write(Array(text.utf8))
        }

        @discardableResult
        func write(_ bytes: [UInt8]) -> Bool {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }

        /// Answers with a status and a content.
        @discardableResult
        func answer(_ status: String = "200 OK", fields: String = "", body: String = "") -> Bool {
            write(
                "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
            )
        }

        /// Waits until the other side has closed.
        func waitForEnd() {
            var byte: UInt8 = 0
            while read(descriptor, &byte, 1) > 0 {}
        }

        private static func length(of bytes: [UInt8]) -> Int? {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { return nil }
            let head = text[..<end.upperBound]
            let length = head.split(separator: "\r\n").first {
                $0.lowercased().hasPrefix("content-length:")
            }
            let content = length.flatMap {
                Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces))
            }
            return head.utf8.count + (content ?? 0)
        }
    }

    /// `http://127.0.0.1:PORT`.
    let url: String
    /// What happens, in order.
    let events: AsyncStream<Event>
    private let descriptor: Int32
    /// The open connections, each closed by its own thread, and how many there were.
    private let connections = Mutex<(open: Set<Int32>, count: Int)>(([], 0))

    /// Listens on a free port of loopback, or on a Unix socket at `path`.
    init(path: String? = nil, script: @escaping @Sendable (Connection) -> Void) throws {
        (descriptor, url) = try path.map(Self.listen(at:)) ?? Self.listenOnLoopback(backlog: 64)
        let (events, feed) = AsyncStream.makeStream(of: Event.self)
        self.events = events
        Thread { [self, descriptor] in
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                connections.withLock { connections in
                    connections.open.insert(connection)
                    connections.count += 1
                }
                feed.yield(.connected)
                Thread { [self] in
                    script(Connection(descriptor: connection) { feed.yield($0) })
                    feed.yield(.disconnected)
                    connections.withLock { _ = $0.open.remove(connection) }
                    close(connection)
                }.start()
            }
            feed.finish()
        }.start()
    }

    /// How many connections were accepted.
    var connectionCount: Int { connections.withLock { $0.count } }

    /// Stops listening and ends all connections.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
        connections.withLock { connections in
            for connection in connections.open { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    /// Waits for the next `event`.
    func wait(for event: Event) async {
        for await next in events where next == event { return }
    }

    /// A listening socket on a free port, and its URL.
    static func listenOnLoopback(backlog: Int32) throws -> (descriptor: Int32, url: String) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutableBytes(of: &address) { bytes in
            let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            return bind(descriptor, address, size) == 0 && Glibc.listen(descriptor, backlog) == 0
                && address.map { getsockname(descriptor, $0, &size) } == 0
        }
        guard isListening else { throw POSIXError(.EADDRINUSE) }
        return (descriptor, "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))")
    }

    private static func listen(at path: String) throws -> (descriptor: Int32, url: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isListening = withUnsafeMutableBytes(of: &address) { bytes in
            let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            return bind(descriptor, address, socklen_t(bytes.count)) == 0
                && Glibc.listen(descriptor, 64) == 0
        }
        guard isListening else { throw POSIXError(.EADDRINUSE) }
        return (descriptor, "http://localhost")
    }
}
