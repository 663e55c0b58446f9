import Assistants
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Watches one connection: how long it may be silent, what it says that is not HTTP, and how it
/// ends after an answer that closes it.
///
/// A class, as every channel handler is; it lives on its connection's event loop alone.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Phase {
        /// Nothing of a request has come; how long that may be.
        case waiting(TimeAmount)
        case readingBody
        /// The request is whole and is being answered.
        case answering
        /// The last answer was sent; what still comes is thrown away.
        case lingering
    }

    private let limits: ServerLimits
    private var phase: Phase
    private var unanswered = 0
    private var answerCloses = false
    private var requestCloses = false
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture
    private var deadline = NIODeadline.distantFuture
    private var received = 0

    // How much of a body must come within the patience for one.
    private static let progress = 16 << 10
    // How long a client may go on sending after an answer that ends the connection.
    private static let lingerTime = TimeAmount.seconds(2)

    init(_ limits: ServerLimits) {
        self.limits = limits
        phase = .waiting(TimeAmount(limits.headPatience))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Of the handlers before this one only the library knows; a pipeline that is being torn
        // down has none any more, and then nothing is lost.
        let pipeline = context.pipeline.syncOperations
        if let codec = try? pipeline.context(handlerType: HTTP1ToHTTPServerCodec.self) {
            try? pipeline.addHandler(TargetGuard(), position: .before(codec.handler))
        }
        if context.channel.isActive { setTimer(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        setTimer(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .lingering = phase { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            unanswered += 1
            if head.headerFields[.connection]?.lowercased() == "close" { requestCloses = true }
            phase = .readingBody
        case .body(let bytes):
            phase = .readingBody
            received += bytes.readableBytes
            // A byte now and then is no progress.
            if received < Self.progress {
                context.fireChannelRead(data)
                return
            }
        case .end: phase = .answering
        }
        received = 0
        setTimer(context)
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .lingering = phase { return }
        guard error is HTTPParserError, unanswered == 0 else {
            context.fireErrorCaught(error)
            return
        }
        let tooLarge = (error as? HTTPParserError) == .headerOverflow
        refuse(
            context, status: tooLarge ? .requestHeaderFieldsTooLarge : .badRequest,
            tooLarge ? "The request's header is too large." : "The request is not valid HTTP.")
    }

    private func refuse(
        _ context: ChannelHandlerContext, status: HTTPResponse.Status, _ message: String
    ) {
        let body = ByteBuffer(bytes: Answer(.invalid(message)).bytes)
        var head = HTTPResponse(status: status)
        head.headerFields[.contentType] = Answer.json
        head.headerFields[.contentLength] = "\(body.readableBytes)"
        head.headerFields[.connection] = "close"
        unanswered = 1
        for part in [HTTPResponsePart.head(head), .body(body), .end(nil)] {
            write(context: context, data: wrapOutboundOut(part), promise: nil)
        }
        context.flush()
    }

    // MARK: Writing

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headerFields[.connection] == "close" { answerCloses = true }
        case .body: break
        case .end:
            unanswered -= 1
            if answerCloses || (requestCloses && unanswered <= 0) {
                linger(context, data: data, promise: promise)
                return
            }
            if unanswered <= 0 { phase = .waiting(TimeAmount(limits.idlePatience)) }
            setTimer(context)
        }
        context.write(data, promise: promise)
    }

    // Closed at once, the kernel would throw away an answer that the client has not read yet
    // whenever bytes of the request are still on their way.
    private func linger(
        _ context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        phase = .lingering
        setTimer(context)
        context.writeAndFlush(data, promise: promise)
        context.close(mode: .output, promise: nil)
    }

    // MARK: Time

    private func setTimer(_ context: ChannelHandlerContext) {
        deadline =
            switch phase {
            case .waiting(let patience): .now() + patience
            case .readingBody: .now() + TimeAmount(limits.bodyPatience)
            case .answering: .distantFuture
            case .lingering: .now() + Self.lingerTime
            }
        // A timer that fires too early is set again; only one that would be late is replaced.
        if deadline < timerDeadline {
            timer?.cancel()
            timer = nil
        }
        schedule(context)
    }

    private func schedule(_ context: ChannelHandlerContext) {
        guard timer == nil, deadline < .distantFuture else { return }
        timerDeadline = deadline
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timer = nil
            self.timerDeadline = .distantFuture
            if NIODeadline.now() >= self.deadline {
                context.close(promise: nil)
            } else {
                self.schedule(context)
            }
        }
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}

extension Answer {
    /// The bytes of an answer that has them all.
    var bytes: [UInt8] {
        if case .bytes(let bytes) = body { bytes } else { [] }
    }
}
