import Foundation
import GRDB
import Jobs
import TestSupport
import Testing

@testable import JobsSQLite

@Suite struct SQLiteBackupTests {
    /// The code of the error that opening a folder's store meets; nil for none.
    private func openingFails(_ folder: String) -> JobStoreError.Code? {
        do {
            try SQLiteJobStore(folder: folder).close()
            return nil
        } catch {
            return error.code
        }
    }

    private func bytes(_ folder: TemporaryFolder, _ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)"))
    }

    @Test func `a backup after an unclean end leaves the doubt about the original as it was`()
        throws
    {
        let folder = try TemporaryFolder()
        let store = try SQLiteJobStore(folder: folder.path)
        let id = try store.add(submission(1)).id
        let left = try image(of: folder)
        store.close()
        let before = try ["jobs.sqlite", "jobs.sqlite-wal"].map { try bytes(left, $0) }
        let target = try TemporaryFolder()
        let backup = try SQLiteBackup(of: left.path, to: target.path + "/jobs.sqlite")
        #expect(backup.jobs == 1)
        #expect(try ["jobs.sqlite", "jobs.sqlite-wal"].map { try bytes(left, $0) } == before)
        let (pool, isDoubtful) = try SQLiteFile(folder: left.path).open(checkedBytes: 0)
        #expect(isDoubtful)
        try pool.close()
        // The copy was checked and is no longer in doubt.
        #expect(!DoubtMark(of: target.path + "/jobs.sqlite").isSet)
        let (copy, isCopyDoubtful) = try SQLiteFile(folder: target.path).open(checkedBytes: 0)
        #expect(!isCopyDoubtful)
        try copy.close()
        let restored = try SQLiteJobStore(folder: target.path)
        #expect(try restored.job(id).id == id)
        restored.close()
    }

    @Test func `damage ends a backup, and is found by the next server still`() throws {
        let folder = try damagedImage()
        let target = try TemporaryFolder()
        let path = target.path + "/jobs.sqlite"
        for _ in 1...2 {
            #expect(
                JobStoreError.Code.corrupt.isThrown {
                    _ = try SQLiteBackup(of: folder.path, to: path)
                }
            )
        }
        #expect(openingFails(folder.path) == .corrupt)
    }

    @Test func `a backup after a clean end puts nothing in doubt`() throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteJobStore(folder: folder.path)
        try store.add(submission(1))
        store.close()
        let target = try TemporaryFolder()
        #expect(try SQLiteBackup(of: folder.path, to: target.path + "/jobs.sqlite").jobs == 1)
        let (pool, isDoubtful) = try SQLiteFile(folder: folder.path).open(checkedBytes: 0)
        #expect(!isDoubtful)
        try pool.close()
    }
}
