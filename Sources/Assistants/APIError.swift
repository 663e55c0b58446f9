public import Wire

/// Why an operation of the API was refused or failed.
///
/// The fields are those of the wire (`contract/CONTRACT.md` 5); `message` is a sentence a person
/// can act on.
public struct APIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The HTTP status the error has, or would have: 400, 401, 404, 409, 429, 500.
    public var status: Int
    /// `invalid_request_error` for everything below 500, else `server_error`.
    public var type: String
    /// A short name for programs, such as `invalid_value`; often nil.
    public var code: String?
    /// The parameter that was wrong; often nil.
    public var param: String?
    /// What happened and what to do, in a sentence.
    public var message: String
    /// The request's id, where a server gave one.
    public var requestID: String?

    /// Makes an error; the type follows from the status unless it is given.
    public init(
        status: Int, type: String? = nil, code: String? = nil, param: String? = nil,
        message: String, requestID: String? = nil
    ) {
        self.status = status
        self.type = type ?? (status >= 500 ? "server_error" : "invalid_request_error")
        self.code = code
        self.param = param
        self.message = message
        self.requestID = requestID
    }

    /// The message, as an error is printed.
    public var description: String { message }

    /// Something that came over the wire and is not what the contract says.
    static func unreadable(_ message: String) -> APIError {
        APIError(status: 502, code: "unreadable", message: message)
    }

    /// An object that is not there, in the words of the API: "No run found with id 'run_x'."
    public static func notFound(_ kind: String, _ id: String) -> APIError {
        APIError(status: 404, message: "No \(kind) found with id '\(id)'.")
    }

    /// A request that cannot be carried out as it was made.
    public static func invalid(
        _ message: String, param: String? = nil, code: String? = nil
    ) -> APIError {
        APIError(status: 400, code: code, param: param, message: message)
    }
}

extension APIError {
    /// Reads the `error` event of a stream or the body of an error answer: both the wrapped form
    /// `{"error":{…}}` and the flat one (`CONTRACT.md` 8.2).
    public init(json: JSONValue, status: Int = 500) {
        let body = json["error"].flatMap { $0.objectValue == nil ? nil : $0 } ?? json
        let text = json["error"]?.stringValue ?? body["message"]?.stringValue
        self.init(
            status: status,
            type: body["type"]?.stringValue,
            code: body["code"]?.stringValue ?? body["code"]?.integerValue.map(String.init),
            param: body["param"]?.stringValue,
            message: text ?? "The server reported an error without a message.")
    }

    /// The wrapped form that both SDKs understand.
    public var json: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type), "param": JSONValue(param),
                "code": JSONValue(code),
            ]
        ]
    }
}
