internal import COpenSSL
public import HTTP
internal import Synchronization

/// A certificate with its key, and the transports that show it.
///
/// TLS 1.2 and 1.3 with forward secrecy, authenticated ciphers and `http/1.1` as the one protocol of
/// ALPN; no renegotiation, no compression. What it shows can be changed while connections are open
/// (``reload()``): those keep what they began with.
public final class TLSServer: Sendable {
    /// An `SSL_CTX`, freed with its last reference; OpenSSL guards it by itself.
    private struct Context: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// The file of the certificate and those that lead to its authority, in PEM.
    public let certificateFile: String
    /// The file of the certificate's private key, in PEM, not encrypted.
    public let keyFile: String
    private let context: Mutex<Context>

    /// Reads the files.
    public init(certificateFile: String, keyFile: String) throws(TLSError) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        context = Mutex(try Self.load(certificateFile, keyFile))
    }

    deinit {
        context.withLock { SSL_CTX_free($0.pointer) }
    }

    /// Reads the files again; connections from now on are shown what they hold.
    ///
    /// Where they cannot be used, the error says so and nothing changes.
    public func reload() throws(TLSError) {
        let fresh = try Self.load(certificateFile, keyFile)
        let old = context.withLock { current in
            defer { current = fresh }
            return current
        }
        // Connections that use it hold it.
        SSL_CTX_free(old.pointer)
    }

    /// Makes the transport of an accepted, non-blocking descriptor, which it then owns.
    public func makeTransport(_ descriptor: Int32) -> any Transport {
        let session = context.withLock { SSL_new($0.pointer) }
        return TLSTransport(descriptor: descriptor, session: session)
    }

    private static func load(
        _ certificateFile: String,
        _ keyFile: String
    ) throws(TLSError) -> Context {
        ERR_clear_error()
        guard let pointer = copenssl_server_context() else {
            throw TLSError(.unavailable, "OpenSSL cannot be set up: \(reason())")
        }
        do throws(TLSError) {
            guard SSL_CTX_use_certificate_chain_file(pointer, certificateFile) == 1 else {
                throw TLSError(
                    .certificate,
                    "the certificate \(certificateFile) cannot be used: \(reason())"
                )
            }
            // A key that does not fit is told here already; which of the two it is, OpenSSL says.
            guard SSL_CTX_use_PrivateKey_file(pointer, keyFile, SSL_FILETYPE_PEM) == 1,
                SSL_CTX_check_private_key(pointer) == 1
            else {
                let isMismatch = ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_X509
                throw TLSError(
                    isMismatch ? .mismatch : .key,
                    isMismatch
                        ? "the key \(keyFile) is not that of the certificate \(certificateFile)"
                        : "the key \(keyFile) cannot be used: \(reason())"
                )
            }
        } catch {
            SSL_CTX_free(pointer)
            throw error
        }
        return Context(pointer: pointer)
    }

    /// What OpenSSL says of its oldest error, which is nearest to the cause.
    private static func reason() -> String {
        let code = ERR_peek_error()
        ERR_clear_error()
        return String(cString: copenssl_reason(code))
    }
}
