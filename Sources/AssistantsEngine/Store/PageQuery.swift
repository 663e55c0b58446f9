import Assistants
import GRDB

/// Reads one page of a list (`CONTRACT.md` 6).
struct PageQuery {
    var table: String
    /// What the list is ordered by; the last column has no equal values.
    var order: [String]
    var condition: Condition
    /// The most objects of a page.
    var most = 100

    /// The objects of a page, each read from its row.
    func page<Object: Sendable>(
        _ page: PageRequest, in db: Database, _ read: (Row) throws -> Object
    ) throws -> Page<Object> {
        try check(page.limit)
        var condition = condition
        // A page that ends in front of a row is read backwards from it.
        let isBackwards = page.before != nil && page.after == nil
        let descends = (page.order == .descending) != isBackwards
        if let id = page.after {
            condition = condition.and(
                try beyond(id, "after", descends: page.order == .descending, in: db))
        }
        if let id = page.before {
            condition = condition.and(
                try beyond(id, "before", descends: page.order == .ascending, in: db))
        }
        let direction = descends ? " DESC" : " ASC"
        let order = order.map { $0 + direction }.joined(separator: ", ")
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM \(table)\(condition.clause) ORDER BY \(order) LIMIT ?")
        var rows = try Row.fetchAll(
            statement, arguments: condition.arguments + [page.limit + 1])
        let hasMore = rows.count > page.limit
        if hasMore { rows.removeLast() }
        let objects = try rows.map(read)
        return Page(data: isBackwards ? objects.reversed() : objects, hasMore: hasMore)
    }

    /// What holds for the rows behind a cursor in a direction.
    private func beyond(
        _ id: String, _ param: String, descends: Bool, in db: Database
    ) throws -> Condition {
        let columns = order.joined(separator: ", ")
        let cursor = condition.and("id = ?", [id])
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM \(table)\(cursor.clause)")
        guard let row = try Row.fetchOne(statement, arguments: cursor.arguments) else {
            throw APIError.invalid(
                "Invalid '\(param)': '\(id)'. Expected the ID of an object in this list.",
                param: param, code: "invalid_value")
        }
        let places = order.map { _ in "?" }.joined(separator: ", ")
        let values = order.map { row[$0] as Int64? }
        return Condition("(\(columns)) \(descends ? "<" : ">") (\(places))", values)
    }

    private func check(_ limit: Int) throws {
        if limit < 1 { throw RequestFault.below(1, limit, at: "limit") }
        if limit > most { throw RequestFault.above(most, limit, at: "limit") }
    }
}

extension Condition {
    func and(_ other: Condition) -> Condition { and(other.sql, other.values) }
}
