import Foundation
import GRDB
import Jobs
import TestSupport

@testable import JobsSQLite

/// What a process that is killed now would leave behind, as another folder.
func image(of folder: TemporaryFolder) throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    for file in ["jobs.sqlite", "jobs.sqlite-wal"] {
        try FileManager.default.copyItem(
            atPath: "\(folder.path)/\(file)",
            toPath: "\(copy.path)/\(file)"
        )
    }
    return copy
}

/// What an unclean end left of a folder of 500 jobs, with the second half of the file wiped out.
func damagedImage() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let store = try SQLiteJobStore(folder: folder.path)
    for number in 0..<500 {
        try store.add(submission(number))
    }
    try store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try store.probe()
    let copy = try image(of: folder)
    let path = copy.path + "/jobs.sqlite"
    var bytes = try Data(contentsOf: URL(filePath: path))
    let half = bytes.count / 8_192 * 4_096
    bytes.replaceSubrange(half..<bytes.count, with: Data(count: bytes.count - half))
    try bytes.write(to: URL(filePath: path))
    return copy
}
