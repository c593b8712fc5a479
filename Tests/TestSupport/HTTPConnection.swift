internal import Foundation

/// A connection to a server on this machine, to send on it whatever a test wants.
///
/// Calls block; use ``HTTPClient`` where a whole exchange is wanted without that.
package final class HTTPConnection: Sendable {
    /// What kept bytes from passing.
    package struct Failure: Error, CustomStringConvertible {
        /// The operation and what the system said to it.
        package let description: String

        init(_ operation: String, _ code: Int32 = errno) {
            description = "\(operation): \(String(cString: strerror(code)))"
        }
    }

    private let descriptor: Int32

    /// Connects to 127.0.0.1 at `port`.
    ///
    /// - Parameters:
    ///   - port: The port.
    ///   - timeout: How long a single read or write may take.
    /// - Throws: ``Failure``.
    package init(port: UInt16, timeout: Duration) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure("socket") }
        var limit = timeval(tv_sec: Int(timeout.components.seconds), tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            let size = socklen_t(MemoryLayout<timeval>.size)
            guard setsockopt(descriptor, SOL_SOCKET, option, &limit, size) == 0 else {
                throw Failure("setsockopt")
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            // Every property is set, so deinit closes the descriptor.
            throw Failure("connect to port \(port)")
        }
    }

    deinit { close(descriptor) }

    /// Sends all of `bytes`.
    package func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw Failure("send")
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Tells the server that no more bytes come; it can still answer.
    package func finishSending() throws {
        guard shutdown(descriptor, Int32(SHUT_WR)) == 0 else { throw Failure("shutdown") }
    }

    /// Waits for an answer.
    ///
    /// - Parameter isAnswerToHead: Whether the request was a HEAD.
    /// - Returns: The answer.
    /// - Throws: ``Failure``, or ``HTTPReplyParser/Malformed`` where the bytes are no whole answer.
    package func receive(isAnswerToHead: Bool = false) throws -> HTTPReply {
        var parser = HTTPReplyParser(isAnswerToHead: isAnswerToHead)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw Failure("recv")
            }
            parser.feed(buffer[..<count])
            if let reply = try parser.next(isAtEnd: count == 0) { return reply }
        }
    }
}
