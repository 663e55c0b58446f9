import Synchronization

/// Keeps the console's memory in a file that several consoles share.
///
/// A class, because the terminal's thread and the runner's task share it.
final class MemoryKeeper: Sendable {
    private struct Shared {
        var pending = MemoryChange()
        var failed = false
    }

    private let file: SharedFile
    private let shared = Mutex(Shared())

    init(path: String) { file = SharedFile(path: path) }

    /// What was remembered; a memory of nothing where there is no file or it cannot be understood.
    func read(wall: Int) -> Memory { Self.memory(file.read(), wall: wall) }

    private static func memory(_ bytes: [UInt8]?, wall: Int) -> Memory {
        if let bytes, let memory = Memory(bytes: bytes) { return memory }
        var memory = Memory()
        memory.since = wall
        return memory
    }

    /// Adds a change to be written.
    func note(_ change: MemoryChange) { shared.withLock { $0.pending.merge(change) } }

    /// Writes what is pending; what went wrong in a sentence, once.
    @discardableResult
    func flush() -> String? {
        shared.withLock { shared in
            guard !shared.pending.isEmpty else { return nil }
            // Held while writing: two threads must not write in the wrong order.
            let problem = file.change { bytes in
                var memory = Self.memory(bytes, wall: WallClock.now)
                shared.pending.apply(to: &memory)
                return memory.bytes
            }
            guard let problem else {
                shared.pending = MemoryChange()
                shared.failed = false
                return nil
            }
            defer { shared.failed = true }
            return shared.failed
                ? nil : "Drafts cannot be kept: \(file.path) cannot be written (\(problem))."
        }
    }
}
