import Yams

/// The keys of one mapping in a file, read one by one; what is wrong goes to the log.
///
/// A field that is wrong reads as absent, so that one pass finds every problem.
struct Fields {
    private let container: KeyedDecodingContainer<TextKey>?
    private let decoder: any Decoder
    let log: ProblemLog

    /// Opens a mapping in which only the keys of `allowed` may stand; nil allows any.
    ///
    /// The keys of `refused` are left to the caller, who has a reason of its own for each.
    init(_ decoder: any Decoder, allowed: [String]?, refused: [String] = []) {
        self.decoder = decoder
        self.log = ProblemLog.of(decoder)
        do {
            self.container = try decoder.container(keyedBy: TextKey.self)
        } catch {
            self.container = nil
            if !decoder.isEmpty {
                log.add(
                    "This should be a list of settings.",
                    advice: "Write one “name: value” on each line.",
                    at: decoder.place)
            }
        }
        if let allowed { refuseKeys(notIn: allowed, but: refused) }
    }

    /// The keys in alphabetic order.
    var names: [String] {
        (container?.allKeys ?? []).map(\.stringValue).sorted()
    }

    /// The text of a value; nil where there is none.
    func text(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        return value.scalarText(advice: "Write a single value here.")
    }

    /// A text that `parse` understands; `advice` says what it would.
    func parsed<Value>(_ name: String, advice: String, _ parse: (String) -> Value?) -> Value? {
        guard let value = value(name), let text = value.scalarText(advice: advice) else {
            return nil
        }
        if let result = parse(text) { return result }
        log.add(
            "\(text.quoted) cannot be the value of \(name.quoted).", advice: advice,
            at: value.place)
        return nil
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) -> Choice?
    where Choice.RawValue == String {
        let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return parsed(name, advice: "Allowed: \(words).") { Choice(rawValue: $0) }
    }

    /// True or false.
    func flag(_ name: String) -> Bool? {
        parsed(name, advice: "Allowed: true, false.") { text in
            switch text.lowercased() {
            case "true", "yes", "on": true
            case "false", "no", "off": false
            default: nil
            }
        }
    }

    /// A whole number within `range`.
    func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        let advice = "Allowed: a whole number from \(range.lowerBound) to \(range.upperBound)."
        return parsed(name, advice: advice) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A nested value, which reports its own problems; nil where the key is absent or empty.
    func section<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) -> Value? {
        guard let container, let value = value(name) else { return nil }
        do {
            return try container.decode(type, forKey: TextKey(name))
        } catch {
            log.add(
                "The value of \(name.quoted) cannot be understood.",
                at: value.place)
            return nil
        }
    }

    /// The decoder of a value; nil where the key is absent or its value empty.
    func value(_ name: String) -> (any Decoder)? {
        let key = TextKey(name)
        guard let container, container.contains(key) else { return nil }
        do {
            let value = try container.superDecoder(forKey: key)
            return value.isEmpty ? nil : value
        } catch {
            log.add("The value of \(name.quoted) cannot be understood.", at: place(of: name))
            return nil
        }
    }

    /// Where a key stands in the file.
    func place(of name: String) -> Place? {
        let key = TextKey(name)
        guard let container, container.contains(key) else { return nil }
        // The key is there, so this cannot fail; without a mark the problem has no line.
        let value = (try? container.superDecoder(forKey: key))?.place
        return log.place(ofKey: name, valueAt: value)
    }

    /// Adds a problem at a key.
    func fail(_ name: String, _ message: String, advice: String? = nil) {
        log.add(message, advice: advice, at: place(of: name))
    }

    private func refuseKeys(notIn allowed: [String], but refused: [String]) {
        for name in names where !(allowed + refused).contains(name) && !log.isFull {
            let meant = name.nearest(among: allowed).map { "Did you mean \($0)? " } ?? ""
            fail(
                name, "\(name.quoted) is not known here.",
                advice: meant + "Allowed: \(allowed.joined(separator: ", ")).")
        }
    }
}

extension Decoder {
    /// Where the value begins; nil for a file without content.
    var place: Place? { mark.map(Place.init) }

    /// Whether nothing is written here, or null.
    var isEmpty: Bool {
        // Yams gives this container for any value; an error would mean that there is none.
        guard let single = try? singleValueContainer() else { return true }
        if single.decodeNil() { return true }
        // A file without any content arrives as an empty text without a place.
        return mark == nil && (try? single.decode(String.self)) == ""
    }

    /// The text of a single value; anything else is a problem.
    func scalarText(advice: String) -> String? {
        // The only error is that this is a list or a mapping, which the problem says.
        if let text = try? singleValueContainer().decode(String.self) { return text }
        ProblemLog.of(self).add(
            "This should be a single value.", advice: advice, at: place)
        return nil
    }
}

/// A key by its text.
struct TextKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
