/// Takes keys out of what a server says, as some servers repeat them in their errors.
struct KeyMask: Sendable {
    /// What stands in a key's place.
    static let mark = "…"
    /// Shorter ones are no secrets, and would take words apart.
    static let shortestKey = 4

    /// The key that was sent; nil for none.
    let key: String?

    init(_ key: String?) {
        self.key = key.flatMap { $0.utf8.count < Self.shortestKey ? nil : $0 }
    }

    /// The text without the key, and without anything that looks like the key of somebody.
    func masked(_ text: String) -> String {
        withoutKey(text)
            .replacing(#/\b(bearer\s+)[^\s"',;…]+/#.ignoresCase()) { $0.1 + Self.mark }
            .replacing(#/\bsk-[A-Za-z0-9_\-]{6,}/#, with: Self.mark)
    }

    /// The error with a message that holds no key.
    func masked(_ error: ChatError) -> ChatError {
        var error = error
        error.message = masked(error.message)
        return error
    }

    /// A long text may have been cut within the key.
    private func withoutKey(_ text: String) -> String {
        guard let key else { return text }
        var text = text.replacing(key, with: Self.mark)
        for length in stride(from: key.count - 1, through: Self.shortestKey, by: -1) {
            text = text.replacing(key.prefix(length) + "…", with: Self.mark)
        }
        return text
    }
}
