import Synchronization

/// What a server has shown of itself.
///
/// A class, because all copies of a connection share it.
final class ServerTraits: Sendable {
    private let knowsRepeats = Atomic(false)

    /// Whether the server is one of ours, which carries a request that is repeated out once.
    var isSwitchboard: Bool { knowsRepeats.load(ordering: .relaxed) }

    func noteSwitchboard() { knowsRepeats.store(true, ordering: .relaxed) }
}
