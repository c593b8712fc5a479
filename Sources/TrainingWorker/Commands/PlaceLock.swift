internal import Datasets
internal import Foundation

/// A lock beside the folder of a command's run, held for as long as its worker lives.
///
/// The system lets go of it when the worker ends, however that goes: so a worker that starts can tell the
/// folders of the dead, and removes them. The commands of a dead worker have ended with it.
///
/// `@unchecked`: taken before the command starts and let go after its end, one call after the other.
final class PlaceLock: @unchecked Sendable {
    private static let suffix = ".lock"

    private let place: String
    private var descriptor: Int32 = -1

    /// Makes the lock of the folder at `place`, which is not taken yet.
    init(of place: String) {
        self.place = place
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    private var path: String { place + Self.suffix }

    /// Where the folders of all runs lie.
    ///
    /// - Parameter cacheFolder: The folder that the workers of a machine share.
    /// - Returns: The folder's path.
    static func folder(in cacheFolder: String) -> String {
        URL(filePath: cacheFolder).standardizedFileURL.path + "/commands"
    }

    /// Takes the lock, before its folder is made.
    ///
    /// - Throws: `DatasetError.refused`.
    func take() throws(DatasetError) {
        descriptor = try PartialFile.create(path, permissions: 0o600)
    }

    /// Removes the folder with all that is in it, and lets go.
    func removePlace() {
        // What stays takes space until the next worker starts, and nothing else.
        guard descriptor >= 0, Self.remove(place) else { return }
        unlink(path)
    }

    /// Removes the folders of workers that were killed; one without a lock beside it stays, whoever made it.
    ///
    /// - Parameter cacheFolder: The folder that the workers of a machine share.
    /// - Returns: How many were removed.
    static func removeAbandoned(in cacheFolder: String) -> Int {
        PartialFile.removeAbandoned(
            in: folder(in: cacheFolder),
            where: { $0.hasSuffix(suffix) },
            after: { remove(String($0.dropLast(suffix.count))) }
        )
    }

    /// Removes a folder; whether it is not there any more.
    private static func remove(_ folder: String) -> Bool {
        // What was not removed is there still.
        try? FileManager.default.removeItem(atPath: folder)
        return !FileManager.default.fileExists(atPath: folder)
    }
}
