import CCrypto

/// SHA-256, as keys and requests are remembered by.
package enum Hash {
    /// How many bytes a hash has.
    package static let length = 32

    /// The hash of some bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        let isDone = bytes.withUnsafeBytes { crypto_sha256($0.baseAddress, $0.count, &digest) }
        // It fails only where the system's library offers no SHA-256 at all.
        precondition(isDone == 1, "The system's libcrypto has no SHA-256.")
        return digest
    }

    /// The hash of a key's text.
    package static func sha256(_ text: String) -> [UInt8] { sha256(Array(text.utf8)) }
}

/// The SHA-256 of bytes that come piece by piece.
struct RunningHash: ~Copyable {
    private let state: OpaquePointer?

    init() { state = crypto_hash_start() }

    deinit { if let state { _ = crypto_hash_end(state, nil) } }

    func add(_ bytes: UnsafeRawBufferPointer) {
        guard let state else { return }
        _ = crypto_hash_add(state, bytes.baseAddress, bytes.count)
    }

    /// The hash of all that was added; nil where the system's library failed.
    consuming func finish() -> [UInt8]? {
        let state = self.state
        discard self
        guard let state else { return nil }
        var digest = [UInt8](repeating: 0, count: Hash.length)
        return crypto_hash_end(state, &digest) == 1 ? digest : nil
    }
}
