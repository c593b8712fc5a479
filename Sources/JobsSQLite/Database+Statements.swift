import GRDB
import GRDBSQLite

/// Statements, run through SQLite itself: the rows here are small, and GRDB's arguments and rows would take
/// longer than what SQLite does with them. GRDB compiles and keeps the statements.
extension Database {
    /// Runs a statement that returns nothing, compiled once per connection.
    func run(_ sql: String, _ arguments: [(any ColumnValue)?] = []) throws {
        let statement = try prepare(sql, arguments, isKept: true)
        defer { statement.release() }
        try step(statement.pointer, sql)
    }

    /// The values of the rows that a statement returns.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - arguments: Its parameters.
    ///   - isKept: Whether the statement is compiled once per connection and kept.
    ///   - value: Reads a row; it runs no statement.
    /// - Returns: The values in order.
    /// - Throws: `DatabaseError`, or what `value` throws.
    func values<Value>(
        _ sql: String,
        _ arguments: [(any ColumnValue)?],
        isKept: Bool = true,
        _ value: (ResultRow) throws -> Value
    ) throws -> [Value] {
        let statement = try prepare(sql, arguments, isKept: isKept)
        defer { statement.release() }
        var values: [Value] = []
        while try step(statement.pointer, sql) {
            values.append(try value(ResultRow(statement.pointer)))
        }
        return values
    }

    /// A statement with its parameters, which must be released.
    private struct Prepared {
        let pointer: OpaquePointer
        /// Keeps what `pointer` points to.
        let owner: Statement

        /// Lets go of what the statement reads and of its parameters.
        func release() {
            // What went wrong was told by the step.
            _ = sqlite3_reset(pointer)
            _ = sqlite3_clear_bindings(pointer)
        }
    }

    private func prepare(
        _ sql: String,
        _ arguments: [(any ColumnValue)?],
        isKept: Bool
    ) throws -> Prepared {
        let owner = try isKept ? cachedStatement(sql: sql) : makeStatement(sql: sql)
        let statement = Prepared(pointer: owner.sqliteStatement, owner: owner)
        precondition(
            sqlite3_bind_parameter_count(statement.pointer) == Int32(arguments.count),
            "a statement has as many arguments as parameters"
        )
        for (index, argument) in zip(Int32(1)..., arguments) {
            let code =
                argument?.bind(to: statement.pointer, at: index)
                ?? sqlite3_bind_null(statement.pointer, index)
            guard code == SQLITE_OK else {
                statement.release()
                throw failure(code, sql)
            }
        }
        return statement
    }

    /// Goes on to the next row; tells whether there is one.
    @discardableResult
    private func step(_ statement: OpaquePointer, _ sql: String) throws -> Bool {
        let code = sqlite3_step(statement)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw failure(code, sql) }
        return code == SQLITE_ROW
    }

    private func failure(_ code: Int32, _ sql: String) -> DatabaseError {
        let message = sqlite3_errmsg(sqliteConnection).map { String(cString: $0) }
        return DatabaseError(resultCode: .init(rawValue: code), message: message, sql: sql)
    }
}
