import HTTPTypes
import HummingbirdCore
import NIOCore

/// Sends a stream over one connection for as long as its reader reads.
struct StreamSender: Sendable {
    let streams: OpenStreams
    let limits: ServerLimits
    let channel: any Channel

    /// Sends a head and then all that is in a log and comes to it; returns how many bytes followed
    /// the head.
    ///
    /// What comes never waits for the connection. Throws when the reader is gone, or was dropped
    /// because it left too much unread: its connection is closed then.
    ///
    /// - Parameter keeps: Whether there may be a later reader; else the log ends with this one.
    @concurrent func send(
        _ log: StreamLog, keeps: Bool, under head: HTTPResponse, to writer: consuming ResponseWriter
    ) async throws -> Int {
        let channel = channel
        let outbox = Outbox(limit: limits.unreadBytes) { channel.close(promise: nil) }
        streams.add(outbox)
        defer {
            streams.remove(outbox)
            log.detach(outbox)
        }
        channel.closeFuture.whenComplete { [weak outbox] _ in outbox?.abandon() }
        if !log.attach(outbox) { outbox.finish() }
        if !keeps { log.forget() }
        let body: any ResponseBodyWriter = try await writer.writeHead(head)
        let sent = await outbox.sendAll(over: channel)
        if outbox.isBroken { throw ReaderGone() }
        try await body.finish(nil)
        return sent
    }

    /// Sends a head and then pieces as fast as the connection takes them: their source waits.
    @concurrent func send(
        _ pieces: PieceStream, under head: HTTPResponse, to writer: consuming ResponseWriter
    ) async throws -> Int {
        var body: any ResponseBodyWriter = try await writer.writeHead(head)
        var sent = 0
        while let piece = try await pieces.next() {
            sent += piece.count
            try await body.write(ByteBuffer(bytes: piece))
        }
        try await body.finish(nil)
        return sent
    }
}

/// The reader of a stream closed its connection, or did not read.
struct ReaderGone: Error {}
