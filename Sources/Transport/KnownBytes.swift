import Synchronization

/// A body that is already here.
final class KnownBytes: HTTPBodySource {
    private let bytes: Mutex<[UInt8]>

    init(_ bytes: [UInt8]) {
        self.bytes = Mutex(bytes)
    }

    func next() async throws(TransportError) -> [UInt8]? {
        bytes.withLock { bytes in
            defer { bytes = [] }
            return bytes.isEmpty ? nil : bytes
        }
    }

    func cancel() {
        bytes.withLock { $0 = [] }
    }
}
