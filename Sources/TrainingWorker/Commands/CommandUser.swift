internal import Archives
internal import Foundation

/// A user of this machine as whom commands run.
struct CommandUser: Hashable, Sendable {
    /// The user's name.
    let name: String
    /// The user's number.
    let id: UInt32
    /// The number of the user's own group.
    let group: UInt32
    /// The user's folder.
    let home: String

    /// The user called `name`.
    ///
    /// - Throws: `CommandProcess.StartError` where there is none.
    init(_ name: String) throws(CommandProcess.StartError) {
        guard let entry = getpwnam(name)?.pointee else {
            throw CommandProcess.StartError(detail: "the worker knows no user \(name)")
        }
        self.name = name
        id = entry.pw_uid
        group = entry.pw_gid
        home = entry.pw_dir.map { String(cString: $0) } ?? "/"
    }

    /// The user as an owner of files.
    var owner: FileOwner { FileOwner(user: id, group: group) }

    /// The variables that tell programs whose they are.
    var variables: [String: String] { ["HOME": home, "USER": name, "LOGNAME": name] }

    /// Lets the user have a file or a folder.
    ///
    /// - Throws: `CommandProcess.StartError`.
    func take(_ path: String) throws(CommandProcess.StartError) {
        guard chown(path, id, group) == 0 else {
            let reason = String(cString: strerror(errno))
            throw CommandProcess.StartError(
                detail: "the worker cannot run commands as \(name): \(reason)"
            )
        }
    }
}
