/// The body of an answer, as chunks that come one by one.
public struct ByteBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = Never

    private let chunks: [[UInt8]]

    /// A body that gives these chunks and ends.
    public init(_ chunks: [[UInt8]]) { self.chunks = chunks }

    /// Starts at the first chunk.
    public func makeAsyncIterator() -> Iterator { Iterator(rest: chunks[...]) }

    /// Gives one chunk after the other.
    public struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<[UInt8]>

        /// The next chunk, or nil at the end.
        public mutating func next() async -> [UInt8]? { rest.popFirst() }
    }
}
