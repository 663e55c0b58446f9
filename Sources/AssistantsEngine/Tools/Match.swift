/// A passage that matches a query.
struct Match {
    var row: Int64
    /// 0…1
    var score: Double

    /// Joins the lists of several queries: what stands high in many lists comes first.
    static func fused(_ lists: [[Match]]) -> [Match] {
        if lists.count == 1 { return lists[0] }
        var ranks: [Int64: Double] = [:]
        var best: [Int64: Match] = [:]
        for list in lists {
            for (place, match) in list.enumerated() {
                ranks[match.row, default: 0] += 1 / Double(60 + place)
                if (best[match.row]?.score ?? -1) < match.score { best[match.row] = match }
            }
        }
        return best.values.sorted {
            (ranks[$0.row] ?? 0, -$0.row) > (ranks[$1.row] ?? 0, -$1.row)
        }
    }
}
