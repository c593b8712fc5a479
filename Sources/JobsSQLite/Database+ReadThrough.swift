import GRDB
import GRDBSQLite

extension Database {
    /// Has the system read the file into memory, in the order of the disk and as far as that goes.
    ///
    /// It is read by the descriptor that the connection has. One of our own would do harm when it is closed: the
    /// system then drops the locks that all connections of this process have on the file. A program that looks
    /// into it from outside would take itself for the last one, and remove the log that commits go to.
    ///
    /// Source: https://www.sqlite.org/howtocorrupt.html, 2.2
    ///
    /// - Parameter goesOn: Asked before each MiB whether to read it.
    func readThrough(while goesOn: () -> Bool) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file, let read = file.pointee.pMethods?.pointee.xRead else {
            return
        }
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        var offset: sqlite3_int64 = 0
        // A short read is the end; what cannot be read is found by the checks.
        while goesOn(), read(file, &piece, Int32(piece.count), offset) == SQLITE_OK {
            offset += sqlite3_int64(piece.count)
        }
    }
}
