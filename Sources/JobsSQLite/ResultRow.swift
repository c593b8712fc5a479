import Foundation
import GRDBSQLite
import Jobs

/// The row at which a statement stands.
///
/// It is valid until the statement goes on. A column is read as the type that is asked for; what is not null
/// in the schema is never asked for as an optional.
struct ResultRow {
    private let statement: OpaquePointer

    /// The row at which `statement` stands.
    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    func isNull(_ index: Int) -> Bool {
        sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL
    }

    subscript(_ index: Int) -> Int64 { sqlite3_column_int64(statement, Int32(index)) }
    subscript(_ index: Int) -> Int { Int(sqlite3_column_int64(statement, Int32(index))) }
    subscript(_ index: Int) -> Bool { sqlite3_column_int64(statement, Int32(index)) != 0 }
    subscript(_ index: Int) -> Double { sqlite3_column_double(statement, Int32(index)) }
    subscript(_ index: Int) -> Int? { isNull(index) ? nil : self[index] as Int }
    subscript(_ index: Int) -> String? { isNull(index) ? nil : self[index] as String }

    subscript(_ index: Int) -> String {
        // The text comes before its length, which counts it in UTF-8 then.
        guard let text = sqlite3_column_text(statement, Int32(index)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, Int32(index)))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    func bytes(_ index: Int) -> [UInt8]? {
        isNull(index) ? nil : requiredBytes(index)
    }

    func requiredBytes(_ index: Int) -> [UInt8] {
        Array(blob(index))
    }

    /// The number in 16 bytes, the highest first.
    func bits(_ index: Int) -> UInt128 {
        blob(index).reduce(0) { $0 << 8 | UInt128($1) }
    }

    func instant(_ index: Int) -> Date? {
        isNull(index) ? nil : requiredInstant(index)
    }

    func requiredInstant(_ index: Int) -> Date {
        Date(microsecondsSince1970: self[index])
    }

    private func blob(_ index: Int) -> UnsafeRawBufferPointer {
        // An empty blob has no address.
        let start = sqlite3_column_blob(statement, Int32(index))
        let count = Int(sqlite3_column_bytes(statement, Int32(index)))
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }
}
