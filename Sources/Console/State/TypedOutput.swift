import Wire

/// The output of a call as a person types it: text, or JSON where it begins like JSON.
struct TypedOutput: Hashable, Sendable {
    private(set) var draft = Draft()
    /// What is wrong with the JSON, in a sentence. What is submitted in spite of it is text.
    private(set) var problem: String?
    /// Whether an output of nothing is meant.
    private(set) var isEmptyOnPurpose = false

    /// Changes what is typed.
    mutating func change(_ make: (inout Draft) -> Void) {
        make(&draft)
        problem = nil
        isEmptyOnPurpose = false
    }

    /// Moves the cursor.
    mutating func move(to place: Int) { draft.move(to: place) }

    /// Whether what is typed begins like JSON.
    var looksLikeJSON: Bool {
        for element in draft.elements {
            let first = element.source.first { !$0.isWhitespace }
            if let first { return first == "{" || first == "[" }
        }
        return false
    }

    /// Whether there is something to submit.
    var isGiven: Bool { !draft.isEmpty || isEmptyOnPurpose }

    /// Says that nothing is what the tool gave back.
    mutating func allowEmpty() { isEmptyOnPurpose = draft.isEmpty }

    /// Whether it may be submitted; JSON that is none may be once more asked for.
    mutating func check() -> Bool {
        guard isGiven else { return false }
        guard looksLikeJSON, problem == nil else { return true }
        let text = draft.text
        do throws(JSONError) {
            _ = try JSONValue(parsing: text, repairing: false)
            return true
        } catch {
            problem = error.sentence(in: text)
            return false
        }
    }
}

extension JSONError {
    /// What is wrong in a text that a person wrote, with its line and column.
    fileprivate func sentence(in text: String) -> String {
        let before = String(decoding: text.utf8.prefix(offset), as: UTF8.self)
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        let column = (lines.last?.count ?? 0) + 1
        return "This is no JSON at line \(max(1, lines.count)), column \(column): \(message)."
    }
}
