import NIOCore
import NIOHTTP1

/// Keeps what the next handler would hide: that a request names a whole address in place of a path.
///
/// No client that speaks to a server itself writes `GET http://…`; whoever does means a proxy, and
/// this is none. The address is made a path that leads nowhere.
final class TargetGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), !head.uri.hasPrefix("/") else {
            context.fireChannelRead(data)
            return
        }
        head.uri = "/" + head.uri
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}

@available(*, unavailable)
extension TargetGuard: Sendable {}
