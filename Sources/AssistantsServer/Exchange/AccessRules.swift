import Assistants
import FoundationEssentials
import HTTPTypes

/// Who may speak to the server at all, before anyone looks at keys (`RELIABILITY.md` 3, row 10).
struct AccessRules: Sendable {
    private let hosts: Set<String>
    private let origins: Set<String>
    private let isSocket: Bool
    private let takesAddresses: Bool

    init(_ settings: ServerSettings) {
        origins = settings.allowedOrigins
        let names = settings.allowedHosts.map { Self.name($0) }
        switch settings.place {
        case .socket:
            (isSocket, takesAddresses, hosts) = (true, true, [])
        case .address(let host, _):
            isSocket = false
            hosts = Set(names + Self.ownNames + [Self.name(host)])
            // A page elsewhere can have its name lead here, but not a plain address.
            takesAddresses = !Self.ownNames.contains(Self.name(host))
        }
    }

    private static let ownNames: [String] = ["127.0.0.1", "localhost", "::1"]

    /// Why a request is not even looked at; nil when it may pass.
    func refusal(of request: HTTPRequest) -> APIError? {
        if let origin = request.headerFields[.origin], !origins.contains(origin) {
            return APIError(
                status: 403, code: "origin_not_allowed",
                message: "Web pages may not call this server. Name the page's origin in the "
                    + "server's configuration to allow it.")
        }
        if isSocket { return nil }
        guard let authority = request.authority, !authority.isEmpty else {
            return APIError(status: 400, message: "The request names no host.")
        }
        let name = Self.name(authority)
        if hosts.contains(name) || (takesAddresses && Self.isAddress(name)) { return nil }
        return APIError(
            status: 421, code: "host_not_allowed",
            message: "This server does not answer under that name. Use its address, or name the "
                + "host in the server's configuration.")
    }

    /// A host without its port and brackets, in small letters.
    private static func name(_ authority: String) -> String {
        var text = Substring(authority.lowercased())
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return String(text[text.index(after: text.startIndex)..<end])
        }
        if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            text = text.prefix { $0 != ":" }
        }
        return text.hasSuffix(".") ? String(text.dropLast()) : String(text)
    }

    private static func isAddress(_ name: String) -> Bool {
        if name.contains(":") { return name.utf8.allSatisfy { $0.isHexDigit || $0 == 0x3A } }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}

/// What a request says about who sent it.
enum Credentials {
    /// The bearer key, or the password of basic access; nil where there is neither.
    static func key(in headers: HTTPFields) -> String? {
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let text = parts[1].drop { $0 == " " }
        switch parts[0].lowercased() {
        case "bearer": return text.isEmpty ? nil : String(text)
        case "basic":
            guard let data = Data(base64Encoded: String(text)),
                let pair = String(validating: data, as: UTF8.self),
                let colon = pair.firstIndex(of: ":")
            else { return nil }
            let password = pair[pair.index(after: colon)...]
            return password.isEmpty ? nil : String(password)
        default: return nil
        }
    }

    /// Nobody said who they are.
    static let missing = APIError(
        status: 401,
        message: "You didn't provide an API key. You need to provide your API key in an "
            + "Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as "
            + "the password field (with blank username) if you're accessing the API from your "
            + "browser and are prompted for a username and password. 'switchboard keys create' "
            + "makes an API key.")

    /// A key that opens nothing. It is not repeated: an answer may end in a log.
    static let wrong = APIError(
        status: 401, code: "invalid_api_key",
        message: "Incorrect API key provided: sk-***. 'switchboard keys list' shows which keys "
            + "there are, 'switchboard keys create' makes one.")
}
