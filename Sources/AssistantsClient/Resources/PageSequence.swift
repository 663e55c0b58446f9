public import Assistants

/// Every object of a list, page by page: the next page is asked for when the one before is used up.
public struct PageSequence<Element: Identifiable & Sendable>: AsyncSequence, Sendable
where Element.ID == String {
    public typealias Failure = any Error

    private let request: PageRequest
    private let load: @Sendable (PageRequest) async throws(APIError) -> Page<Element>

    init(
        _ request: PageRequest,
        _ load: @escaping @Sendable (PageRequest) async throws(APIError) -> Page<Element>
    ) {
        self.request = request
        self.load = load
    }

    /// The first page alone.
    public func firstPage() async throws(APIError) -> Page<Element> { try await load(request) }

    /// Begins at the first page.
    public func makeAsyncIterator() -> Iterator { Iterator(request: request, load: load) }

    /// Gives one object after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private var request: PageRequest
        private let load: @Sendable (PageRequest) async throws(APIError) -> Page<Element>
        private var page: ArraySlice<Element> = []
        private var hasMore = true

        init(
            request: PageRequest,
            load: @escaping @Sendable (PageRequest) async throws(APIError) -> Page<Element>
        ) {
            self.request = request
            self.load = load
        }

        /// The next object; nil at the end. Throws `APIError`.
        public mutating func next() async throws -> Element? {
            while page.isEmpty {
                if !hasMore { return nil }
                let next = try await load(request)
                // A server that never says that it is at the end must not be walked for ever.
                let last = next.data.last?.id
                hasMore = next.hasMore && last != nil && last != request.after
                page = next.data[...]
                request.after = last ?? request.after
            }
            return page.removeFirst()
        }
    }
}
