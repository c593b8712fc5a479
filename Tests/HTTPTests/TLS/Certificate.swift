import Foundation

/// The files of a certificate that is good for `localhost` and nothing else.
enum Certificate: String {
    case first
    case second

    var certificateFile: String { Self.folder.appending(path: "\(rawValue).pem").path }
    var keyFile: String { Self.folder.appending(path: "\(rawValue).key").path }

    private static let folder =
        Bundle.module.resourceURL?.appending(path: "Certificates")
        ?? URL(filePath: "/nonexistent")
}
