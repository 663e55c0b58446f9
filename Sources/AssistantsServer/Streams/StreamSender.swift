import Assistants
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Bytes of a stream, and whether text of the model is among them; nil at the end.
typealias StreamPiece = (bytes: [UInt8], hasText: Bool)

/// Sends a stream over one connection for as long as its reader reads.
struct StreamSender: Sendable {
    private let streams: OpenStreams
    private let limits: ServerLimits
    private let channel: any Channel
    private let firstText: @Sendable () -> Void

    /// - Parameter firstText: Called once, when the first text is on its way.
    init(
        _ streams: OpenStreams, _ limits: ServerLimits, _ channel: any Channel,
        firstText: @escaping @Sendable () -> Void
    ) {
        self.streams = streams
        self.limits = limits
        self.channel = channel
        self.firstText = firstText
    }

    /// Sends a head and then all that a source gives; returns how many bytes followed the head.
    ///
    /// Reading the source never waits for the connection. Throws when the reader is gone, or was
    /// dropped because it left too much unread: its connection is closed then.
    @concurrent func send(
        _ next: @escaping @Sendable () async throws -> [UInt8]?, under head: HTTPResponse,
        to writer: consuming ResponseWriter
    ) async throws -> Int {
        try await send({ try await next().map { ($0, false) } }, under: head, to: writer)
    }

    /// The same, for a source that knows where text begins.
    @concurrent func send(
        _ next: @escaping @Sendable () async throws -> StreamPiece?, under head: HTTPResponse,
        to writer: consuming ResponseWriter
    ) async throws -> Int {
        let channel = channel
        let outbox = Outbox(limit: limits.unreadBytes) { channel.close(promise: nil) }
        streams.add(outbox)
        defer { streams.remove(outbox) }
        channel.closeFuture.whenComplete { [weak outbox] _ in outbox?.abandon() }
        // Ends with this scope: whoever reads no more need not wait for the next event.
        async let _: Void = fill(outbox, from: next)
        var body: any ResponseBodyWriter = try await writer.writeHead(head)
        var sent = 0
        while let portion = await outbox.next() {
            sent += portion.readableBytes
            try await body.write(portion)
        }
        if outbox.isBroken { throw ReaderGone() }
        try await body.finish(nil)
        return sent
    }

    private func fill(
        _ outbox: Outbox, from next: @Sendable () async throws -> StreamPiece?
    ) async {
        do {
            var hasBegun = false
            while let piece = try await next() {
                if !outbox.add(piece.bytes) { return }
                if piece.hasText, !hasBegun {
                    hasBegun = true
                    firstText()
                }
            }
            outbox.finish()
        } catch let error as APIError {
            outbox.finish(with: EventEncoder.farewell(error))
        } catch {
            outbox.finish(
                with: EventEncoder.farewell(
                    APIError(status: 500, message: "The stream broke off: \(error)")))
        }
    }
}

/// The reader of a stream closed its connection, or did not read.
struct ReaderGone: Error {}

/// Gives the bytes of a run's events, one event after the other.
///
/// An actor, because it keeps its place in the events between two calls.
actor EventSource {
    private var events: AssistantEventStream.Iterator
    private var encoder: EventEncoder

    init(_ events: AssistantEventStream, _ encoder: EventEncoder) {
        self.events = events.makeAsyncIterator()
        self.encoder = encoder
    }

    /// The next event's bytes.
    @Sendable func next() async throws -> StreamPiece? {
        var iterator = events
        guard let event = try await iterator.next() else { return nil }
        events = iterator
        var bytes: [UInt8] = []
        encoder.write(event, to: &bytes)
        if case .messageDelta = event { return (bytes, true) }
        return (bytes, false)
    }
}
