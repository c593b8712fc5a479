import GRDB
import Jobs

extension JobStoreError {
    /// A store that cannot be opened.
    static func cannotOpen(_ detail: String) -> JobStoreError {
        JobStoreError(code: .unavailable, operation: "open", detail: detail)
    }

    /// A verb on a store that was closed, or whose disk failed.
    static func unavailable(_ operation: String, because reason: String) -> JobStoreError {
        JobStoreError(code: .unavailable, operation: operation, detail: reason)
    }

    /// The meaning of what a verb's body threw.
    ///
    /// Source: https://www.sqlite.org/rescode.html
    init(_ error: any Error, in operation: String, at path: String) {
        guard let error = error as? DatabaseError else {
            self =
                error as? JobStoreError
                ?? JobStoreError.unavailable(operation, because: "\(path): \(error)")
            return
        }
        let said = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(
                code: .noSpace,
                operation: operation,
                detail: "no room is left on the disk of \(path)"
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                code: .corrupt,
                operation: operation,
                detail: "\(path) is damaged: \(said)"
            )
        default:
            self.init(
                code: .unavailable,
                operation: operation,
                detail: "\(path) cannot be used: \(said) (\(error.extendedResultCode.rawValue))"
            )
        }
    }
}
