extension String {
    /// The text between quotation marks, shortened, with nothing in it that a terminal would obey.
    var quoted: String {
        let limit = 60
        let start = unicodeScalars.prefix(limit)
        let ellipsis = start.endIndex < unicodeScalars.endIndex ? "…" : ""
        return "“\(String(start).withoutControls)\(ellipsis)”"
    }

    /// The text with control characters, line separators and direction overrides made visible.
    var withoutControls: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                text += "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The word of `candidates` that a person most likely meant, if any is near.
    func nearest(among candidates: [String]) -> String? {
        let longest = 40
        guard utf8.count <= longest else { return nil }
        let scored = candidates.map { (word: $0, distance: editDistance(to: $0)) }
        guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= Swift.max(1, Swift.min(3, utf8.count / 2)) ? best.word : nil
    }

    /// How many bytes must be added, removed or replaced to get `other`.
    private func editDistance(to other: String) -> Int {
        let target = Array(other.utf8)
        var row = Array(0...target.count)
        for (index, byte) in utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in target.indices {
                let replaced = diagonal + (byte == target[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[target.count]
    }
}
