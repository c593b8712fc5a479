import Foundation
import HTTPTLS
import Logging
import TrainingService

/// What a running server reads again at SIGHUP: its tokens and its certificate.
struct AccessFiles: Sendable {
    let tokenFile: String?
    let gate: TokenGate?
    let tls: TLSServer?
    let logger: Logger

    /// Whether there is anything to read.
    var isEmpty: Bool { gate == nil && tls == nil }

    /// Reads the tokens of a file.
    static func tokens(in file: String) throws -> [AccessToken] {
        do {
            return try TokenFile.read(String(contentsOf: URL(filePath: file), encoding: .utf8))
        } catch let failure as TokenFile.Failure {
            throw Failure(description: "the token file \(file), \(failure)")
        } catch {
            throw Failure(description: "the token file \(file) cannot be read")
        }
    }

    /// Reads everything again; what cannot be used stays as it was, and the log says so.
    func reload() {
        if let tokenFile, let gate {
            do {
                let tokens = try Self.tokens(in: tokenFile)
                gate.replace(tokens)
                logger.notice("read \(tokens.count) tokens")
            } catch {
                logger.error("the tokens stay as they were: \(error)")
            }
        }
        if let tls {
            do {
                try tls.reload()
                logger.notice("read the certificate \(tls.certificateFile)")
            } catch {
                logger.error("the certificate stays as it was: \(error)")
            }
        }
    }

    /// A file that cannot be used.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
