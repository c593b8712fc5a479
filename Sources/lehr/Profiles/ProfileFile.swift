import Foundation

/// The file of the profiles, which only its owner may read since it holds tokens.
struct ProfileFile {
    let path: String

    /// The file of a user: `lehr/profiles.json` in `XDG_CONFIG_HOME`, else in `~/.config`; nil where there is
    /// neither that folder nor a home.
    ///
    /// - Parameter environment: The process's environment.
    init?(_ environment: Environment) {
        guard
            let folder = environment.configurationFolder
                ?? environment.home.map({ $0 + "/.config" })
        else { return nil }
        path = folder + "/lehr/profiles.json"
    }

    /// Makes the file of a path.
    init(path: String) {
        self.path = path
    }

    /// Reads the profiles; none where there is no file.
    func read() throws(Profiles.Failure) -> Profiles {
        guard FileManager.default.fileExists(atPath: path) else { return Profiles() }
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            return try JSONDecoder().decode(Profiles.self, from: data)
        } catch {
            let reason = (error as? DecodingError).map(Self.reason) ?? error.localizedDescription
            throw Profiles.Failure(description: "\(path) cannot be read: \(reason)")
        }
    }

    /// Writes the profiles: all of them, or none.
    func write(_ profiles: Profiles) throws(Profiles.Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let target = URL(filePath: path)
        let partial = path + ".partial-\(getpid())"
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(),
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let data = try encoder.encode(profiles) + Data("\n".utf8)
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            guard
                FileManager.default.createFile(
                    atPath: partial,
                    contents: data,
                    attributes: attributes
                ), rename(partial, path) == 0
            else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            unlink(partial)
            throw Profiles.Failure(
                description: "\(path) cannot be written: \(error.localizedDescription)"
            )
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "\(place(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(place(context.codingPath)) is not what it should be"
        default: "it is not JSON"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        "/" + path.map(\.stringValue).joined(separator: "/")
    }
}
