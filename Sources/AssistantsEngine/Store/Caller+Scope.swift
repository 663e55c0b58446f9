import Assistants
import GRDB

extension Caller {
    /// Where what the caller creates belongs.
    var project: String {
        switch self {
        case .trusted: Caller.localProject
        case .project(let id): id
        }
    }

    /// What limits a statement to the rows the caller may see.
    var scope: Condition {
        switch self {
        case .trusted: Condition()
        case .project(let id): Condition("project = ?", [id])
        }
    }
}

/// A part of a WHERE clause and its values.
struct Condition: Sendable {
    private(set) var sql: String
    private(set) var values: [(any DatabaseValueConvertible & Sendable)?]

    init(_ sql: String = "", _ values: [(any DatabaseValueConvertible & Sendable)?] = []) {
        self.sql = sql
        self.values = values
    }

    /// Both conditions.
    func and(
        _ sql: String, _ values: [(any DatabaseValueConvertible & Sendable)?] = []
    ) -> Condition {
        self.sql.isEmpty
            ? Condition(sql, values) : Condition(self.sql + " AND " + sql, self.values + values)
    }

    var clause: String { sql.isEmpty ? "" : " WHERE " + sql }
    var arguments: StatementArguments { StatementArguments(values) }
}
