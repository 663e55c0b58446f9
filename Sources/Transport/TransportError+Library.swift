import AsyncHTTPClient
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TransportError.Code {
    /// Names an error of the client library.
    init(_ error: any Error, isConnecting: Bool) {
        switch error {
        case let error as HTTPClientError: self = Self(error)
        case let error as NIOConnectionError: self = .cannotConnect(.init(error))
        case let error as IOError where isConnecting: self = .cannotConnect(.init(error))
        case is SocketAddressError: self = .cannotConnect(.unresolved)
        default:
            // The TLS library's errors are known by its module's name, which saves the import.
            let isTLS = String(reflecting: type(of: error)).hasPrefix("NIOSSL.")
            self = isTLS && isConnecting ? .cannotConnect(.tls) : .cut
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .cancelled: self = .cancelled
        case .connectTimeout, .getConnectionFromPoolTimeout: self = .timedOut(.connect)
        case .readTimeout, .deadlineExceeded: self = .timedOut(.firstByte)
        case .tlsHandshakeTimeout: self = .cannotConnect(.tls)
        default: self = .cut
        }
    }
}

extension TransportError.ConnectFailure {
    fileprivate init(_ error: NIOConnectionError) {
        if let refused = error.connectionErrors.lazy.compactMap({ $0.error as? IOError }).first {
            self.init(refused)
        } else {
            self = error.dnsAError != nil || error.dnsAAAAError != nil ? .unresolved : .unreachable
        }
    }

    fileprivate init(_ error: IOError) {
        switch error.errnoCode {
        case ECONNREFUSED, ENOENT: self = .refused
        default: self = .unreachable
        }
    }
}
