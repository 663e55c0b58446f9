// Kinds of values that several sections have.
extension Fields {
    /// An HTTP address that holds no secret.
    func address(_ name: String) -> String? {
        let advice = "Allowed: http://HOST… or https://HOST…, without a user, a password or a key."
        return parsed(name, advice: advice) { text in
            let lowered = text.lowercased()
            guard let scheme = ["http://", "https://"].first(where: lowered.hasPrefix),
                text.utf8.count <= 2_048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { return nil }
            let authority = text.dropFirst(scheme.utf8.count).prefix { !"/?#".contains($0) }
            let isPlain = !authority.isEmpty && !authority.contains("@")
            return isPlain && !authority.hasPrefix(":") ? text : nil
        }
    }

    /// A number within `range`, whole or with a point.
    func decimal(_ name: String, in range: ClosedRange<Double>) -> Double? {
        let advice = "Allowed: a number from \(range.lowerBound) to \(range.upperBound)."
        return parsed(name, advice: advice) { text in
            Double(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// One word or a list of them, at most `limit`: letters, digits and some signs.
    func words(_ name: String, limit: Int) -> [String] {
        guard let value = value(name) else { return [] }
        let advice = "Allowed: at most \(limit) names, as [one, other]."
        var words: [String] = []
        if var list = try? value.unkeyedContainer() {
            while !list.isAtEnd {
                guard let word = try? list.decode(String.self), words.count <= limit else {
                    fail(name, "The list of \(name.quoted) holds something else.", advice: advice)
                    return []
                }
                words.append(word)
            }
        } else if let word = value.scalarText(advice: advice) {
            words = [word]
        }
        guard words.count <= limit, words.allSatisfy(Self.isWord) else {
            fail(name, "The value of \(name.quoted) cannot be used.", advice: advice)
            return []
        }
        return words
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}
