/// The text of an answer, piece by piece, and nothing else of it.
///
/// Ends as the stream does: with the answer, or by throwing why it broke off.
public struct ChatTextDeltas: AsyncSequence, Sendable {
    /// A piece of text; never empty.
    public typealias Element = String
    /// Why the answer broke off.
    public typealias Failure = ChatError

    let stream: ChatStream

    /// Reads the pieces of text.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var events: ChatStream.AsyncIterator

        /// The next piece; nil after the last.
        public mutating func next() async throws(ChatError) -> String? {
            while let event = try await events.next() {
                if case .text(let text) = event { return text }
            }
            return nil
        }

        /// The next piece; nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ChatError) -> String? {
            try await next()
        }
    }

    /// Reads on from where the stream's last reader stopped.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(events: stream.makeAsyncIterator())
    }
}

extension ChatStream {
    /// The answer's text alone, as it comes.
    ///
    /// ```swift
    /// for try await text in try await client.stream(request).textDeltas {
    ///     print(text, terminator: "")
    /// }
    /// ```
    public var textDeltas: ChatTextDeltas { ChatTextDeltas(stream: self) }
}
