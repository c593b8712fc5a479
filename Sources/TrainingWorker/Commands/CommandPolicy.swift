internal import Foundation
internal import TrainingAPI

/// What the commands of people may see of a worker's machine.
package struct CommandPolicy: Sendable {
    /// The variables of the worker's own environment that are passed on.
    package var variables: Set<String>
    /// The folders in and below which a command may be told to start; `nil` for any.
    package var folders: [String]?
    /// The user as whom commands run; `nil` for the worker's own.
    package var user: String?

    /// Where programs are found, and how text is written.
    package static let standardVariables: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
        "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES",
    ]

    /// The variable that shows programs their GPUs.
    package static let visibleGPUs = CommandSpecification.visibleGPUs

    /// Makes a policy.
    package init(
        variables: Set<String> = standardVariables,
        folders: [String]? = nil,
        user: String? = nil
    ) {
        self.variables = variables
        self.folders = folders
        self.user = user
    }

    /// Why a command may not start in `folder`, as a sentence; `nil` where it may.
    func refusal(ofFolder folder: String) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
            isFolder.boolValue
        else { return "the working directory \(folder) is not there" }
        guard let folders else { return nil }
        // Links lead to where they lead.
        let place = URL(filePath: folder).resolvingSymlinksInPath().path
        let isInside = folders.contains { allowed in
            let allowed = URL(filePath: allowed).resolvingSymlinksInPath().path
            return place == allowed
                || place.hasPrefix(allowed.hasSuffix("/") ? allowed : allowed + "/")
        }
        return isInside
            ? nil : "the working directory \(folder) is not among those that the worker allows"
    }

    /// The environment of a command.
    ///
    /// - Parameters:
    ///   - own: The worker's.
    ///   - given: What the job gives.
    ///   - added: What the worker adds.
    /// - Returns: The variables.
    func environment(
        of own: [String: String],
        _ given: [String: String],
        _ added: [String: String]
    ) -> [String: String] {
        own.filter { variables.contains($0.key) }
            .merging(given) { $1 }
            .merging(added) { $1 }
    }

    /// Where `program` is; `nil` where it is not, or cannot be run.
    static func path(of program: String, in folder: String, _ environment: [String: String])
        -> String?
    {
        func isProgram(_ path: String) -> Bool {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && !isFolder.boolValue && access(path, X_OK) == 0
        }
        if program.contains("/") {
            let path = program.hasPrefix("/") ? program : folder + "/" + program
            return isProgram(path) ? path : nil
        }
        let places = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        return places.map { "\($0)/\(program)" }.first(where: isProgram)
    }

    /// The interpreter that the first line of the script at `path` names, where it is not there.
    static func missingInterpreter(of path: String) -> String? {
        // What may be run need not be readable.
        guard let file = FileHandle(forReadingAtPath: path),
            let start = try? file.read(upToCount: 256), start.starts(with: "#!".utf8),
            let line = String(decoding: start.dropFirst(2), as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false).first,
            let word = line.split(separator: " ").first.map(String.init),
            !FileManager.default.fileExists(atPath: word)
        else { return nil }
        return word
    }
}
