import Assistants

/// The pieces of text that the messages of a run grow by.
public struct TextDeltas: AsyncSequence {
    public typealias Element = String
    public typealias Failure = any Error

    let stream: RunStream

    /// Reads the text that has not been read.
    public func makeAsyncIterator() -> Iterator { Iterator(stream: stream) }

    /// Gives one piece after the other.
    public struct Iterator: AsyncIteratorProtocol {
        let stream: RunStream
        private var ready: [String] = []

        init(stream: RunStream) { self.stream = stream }

        /// The next piece, never empty; nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws -> String? {
            if !ready.isEmpty { return ready.removeFirst() }
            while let event = try await stream.nextEvent() {
                guard case .messageDelta(let delta) = event else { continue }
                var first: String?
                for part in delta.parts {
                    guard case .text(let text, _) = part.content, !text.isEmpty else { continue }
                    if first == nil { first = text } else { ready.append(text) }
                }
                if let first { return first }
            }
            return nil
        }
    }
}
