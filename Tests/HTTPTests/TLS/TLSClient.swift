import COpenSSL
import Glibc

/// A client that speaks TLS over a blocking socket and verifies nothing.
final class TLSClient {
    /// How a client says hello.
    struct Hello {
        /// The only version that it offers; the newest by default.
        var version: Int32?
        var protocols: [String] = []
    }

    enum Failure: Error {
        case cannotConnect
        case handshake(String)
    }

    private let socket: Int32
    private let context: OpaquePointer?
    private let session: OpaquePointer?

    init(port: UInt16, hello: Hello = Hello()) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        context = SSL_CTX_new(TLS_client_method())
        if let version = hello.version {
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
            SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
            // Versions that are too old for OpenSSL's usual level are offered too.
            SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0")
        }
        let offer = hello.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !offer.isEmpty { SSL_CTX_set_alpn_protos(context, offer, UInt32(offer.count)) }
        session = SSL_new(context)
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            socket,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &timeout,
            socklen_t(MemoryLayout<timeval>.size)
        )
        guard Self.connect(socket, port) else { throw Failure.cannotConnect }
        SSL_set_fd(session, socket)
        ERR_clear_error()
        guard SSL_connect(session) == 1 else {
            throw Failure.handshake(String(cString: copenssl_reason(ERR_peek_error())))
        }
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
        close(socket)
    }

    /// The version that both sides agreed on, such as `TLSv1.3`.
    var version: String { String(cString: SSL_get_version(session)) }

    /// The protocol that the server chose.
    var chosenProtocol: String {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(session, &name, &length)
        return String(
            decoding: UnsafeBufferPointer(start: name, count: Int(length)),
            as: UTF8.self
        )
    }

    /// The common name of the certificate that the server showed.
    var serverName: String {
        guard let certificate = SSL_get1_peer_certificate(session) else { return "" }
        defer { X509_free(certificate) }
        var text = [CChar](repeating: 0, count: 256)
        let name = X509_get_subject_name(certificate)
        X509_NAME_get_text_by_NID(name, NID_commonName, &text, Int32(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// Sends all bytes; false when the connection breaks before the last.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var count = 0
        return bytes.isEmpty || SSL_write_ex(session, bytes, bytes.count, &count) == 1
    }

    /// Says that nothing more is sent, as TLS has it.
    func finishSending() {
        _ = SSL_shutdown(session)
    }

    /// Asks for new keys in the middle of the connection, which TLS 1.2 calls renegotiation.
    func renegotiates() -> Bool {
        ERR_clear_error()
        return SSL_renegotiate(session) == 1 && SSL_do_handshake(session) == 1
            && !exchange("GET /inline HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").isEmpty
    }

    /// Everything that the server sends until it ends.
    func remainder() -> String {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1_024)
        var count = 0
        while SSL_read_ex(session, &buffer, buffer.count, &count) == 1 {
            received += buffer[..<count]
        }
        return String(decoding: received, as: UTF8.self)
    }

    /// Sends a text and reads to the end.
    func exchange(_ text: String) -> String {
        send(Array(text.utf8))
        return remainder()
    }

    private static func connect(_ socket: Int32, _ port: UInt16) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
