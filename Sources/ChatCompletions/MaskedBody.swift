import Synchronization
import Transport

/// A body in which a key is hidden, wherever its pieces are cut.
///
/// A class because a body's source is one; one task reads it.
final class MaskedBody: HTTPBodySource {
    private let body: HTTPBody
    private let key: [UInt8]
    private let held = Mutex<[UInt8]>([])

    init(_ body: HTTPBody, hiding key: String) {
        self.body = body
        self.key = Array(key.utf8)
    }

    func next() async throws(TransportError) -> [UInt8]? {
        var iterator = body.makeAsyncIterator()
        while true {
            guard let piece = try await iterator.next() else {
                let rest = held.withLock { held in
                    defer { held = [] }
                    return held
                }
                return rest.isEmpty ? nil : rest
            }
            let shown = take(piece)
            if !shown.isEmpty { return shown }
        }
    }

    func cancel() { body.cancel() }

    /// What may be shown now: a beginning of the key at the end waits for what follows.
    private func take(_ piece: [UInt8]) -> [UInt8] {
        held.withLock { held in
            let bytes = (held + piece).replacing(key, with: Array(KeyMask.mark.utf8))
            let longest = min(key.count - 1, bytes.count)
            let count = (0...longest).reversed().first { bytes.suffix($0) == key.prefix($0) } ?? 0
            held = Array(bytes.suffix(count))
            return Array(bytes.dropLast(count))
        }
    }
}
