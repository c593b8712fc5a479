import Foundation
import GRDBSQLite
import Jobs

/// A value as it is put into a column.
protocol ColumnValue {
    /// Copies the value into a parameter of a statement, counted from 1; returns SQLite's result code.
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

/// Tells SQLite to copy what it is given: `SQLITE_TRANSIENT`, a macro that Swift does not see.
private var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension Int: ColumnValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(self))
    }
}

extension Int64: ColumnValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self)
    }
}

extension Bool: ColumnValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self ? 1 : 0)
    }
}

extension Double: ColumnValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_double(statement, index, self)
    }
}

extension String: ColumnValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                // Without an address the text would be null.
                sqlite3_bind_text(
                    statement,
                    index,
                    characters.baseAddress ?? UnsafePointer(bitPattern: 1),
                    Int32(characters.count),
                    copied
                )
            }
        }
    }
}

extension [UInt8]: ColumnValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        guard !isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
        return withUnsafeBytes {
            sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), copied)
        }
    }
}

/// An identifier, as 16 bytes with the highest first.
extension UInt128: ColumnValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        withUnsafeBytes(of: bigEndian) {
            sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), copied)
        }
    }
}

extension Date {
    var column: Int64 { microsecondsSince1970 }
}
