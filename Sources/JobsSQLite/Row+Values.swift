import Foundation
import GRDB
import Jobs

/// How values lie in columns.
extension Row {
    func bytes(_ index: Int) -> [UInt8]? {
        (self[index] as Data?).map { [UInt8]($0) }
    }

    func requiredBytes(_ index: Int) -> [UInt8] {
        [UInt8](self[index] as Data)
    }

    /// The number in 16 bytes, the highest first.
    func bits(_ index: Int) -> UInt128 {
        UInt128(bigEndian: self[index] as Data)
    }

    func instant(_ index: Int) -> Date? {
        (self[index] as Int64?).map(Date.init(microsecondsSince1970:))
    }

    func requiredInstant(_ index: Int) -> Date {
        Date(microsecondsSince1970: self[index])
    }
}

extension UInt128 {
    fileprivate init(bigEndian data: Data) {
        self = data.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// The number as 16 bytes, the highest first.
    var column: Data {
        withUnsafeBytes(of: bigEndian) { Data($0) }
    }
}

extension Date {
    var column: Int64 { microsecondsSince1970 }
}

extension Array where Element == UInt8 {
    var column: Data { Data(self) }
}

extension Database {
    /// Runs a statement that returns nothing, compiled once per connection.
    func run(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }

    /// The values of the rows that a statement returns, compiled once per connection.
    func values<Value>(
        _ sql: String,
        _ arguments: [(any DatabaseValueConvertible)?],
        _ value: (Row) throws -> Value
    ) throws -> [Value] {
        let statement = try cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        var values: [Value] = []
        while let row = try rows.next() {
            values.append(try value(row))
        }
        return values
    }
}
