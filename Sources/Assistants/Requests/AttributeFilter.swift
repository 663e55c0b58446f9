public import Wire

/// Which files of a vector store a search looks at, by their attributes (`CONTRACT.md` 4).
public indirect enum AttributeFilter: Hashable, Sendable {
    /// How an attribute is compared.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case equal = "eq"
        case notEqual = "ne"
        case greater = "gt"
        case greaterOrEqual = "gte"
        case less = "lt"
        case lessOrEqual = "lte"
        case oneOf = "in"
        case noneOf = "nin"
    }

    case compare(key: String, Comparison, JSONValue)
    case all([AttributeFilter])
    case any([AttributeFilter])

    /// The most filters inside each other that are read.
    public static let depthLimit = 32

    /// Reads a filter; throws an `APIError` that names the place where it is none.
    public init(json: JSONValue, at path: String = "filters") throws(APIError) {
        try self.init(json: json, at: path, depth: 0)
    }

    private init(json: JSONValue, at path: String, depth: Int) throws(APIError) {
        guard json.objectValue != nil else {
            throw .invalid(
                "Invalid type for '\(path)': expected an object, but got \(json.kindName) instead.",
                param: path, code: "invalid_type")
        }
        guard let type = json["type"]?.stringValue else { throw .missing(path + ".type") }
        if type == "and" || type == "or" {
            guard let parts = json["filters"]?.arrayValue else { throw .missing(path + ".filters") }
            if depth == Self.depthLimit {
                throw .invalid(
                    "Invalid '\(path)': filters lie more than \(Self.depthLimit) deep.",
                    param: path, code: "invalid_value")
            }
            var filters: [AttributeFilter] = []
            for (place, part) in parts.enumerated() {
                filters.append(
                    try AttributeFilter(
                        json: part, at: "\(path).filters[\(place)]", depth: depth + 1))
            }
            self = type == "and" ? .all(filters) : .any(filters)
            return
        }
        guard let comparison = Comparison(rawValue: type) else {
            let names = (Comparison.allCases.map(\.rawValue) + ["and", "or"]).map { "'\($0)'" }
            throw .invalid(
                "Invalid value: '\(type)'. Supported values are: "
                    + names.dropLast().joined(separator: ", ") + ", and 'or'.",
                param: path + ".type", code: "invalid_value")
        }
        guard let key = json["key"]?.stringValue else { throw .missing(path + ".key") }
        guard let value = json["value"] else { throw .missing(path + ".value") }
        self = .compare(key: key, comparison, value)
    }

    /// The filter as it is on the wire.
    public var json: JSONValue {
        switch self {
        case .compare(let key, let comparison, let value):
            ["type": .string(comparison.rawValue), "key": .string(key), "value": value]
        case .all(let filters): ["type": "and", "filters": .array(filters.map(\.json))]
        case .any(let filters): ["type": "or", "filters": .array(filters.map(\.json))]
        }
    }

    /// Whether a file with these attributes is looked at. What is not there equals nothing, and
    /// values of different types are neither equal nor in any order.
    public func matches(_ attributes: JSONObject) -> Bool {
        switch self {
        case .all(let filters): filters.allSatisfy { $0.matches(attributes) }
        case .any(let filters): filters.contains { $0.matches(attributes) }
        case .compare(let key, let comparison, let value):
            comparison.holds(attributes[key], value)
        }
    }
}

extension AttributeFilter.Comparison {
    fileprivate func holds(_ attribute: JSONValue?, _ value: JSONValue) -> Bool {
        switch self {
        case .equal: attribute?.isSame(as: value) ?? false
        case .notEqual: !(attribute?.isSame(as: value) ?? false)
        case .oneOf: attribute.map { one in value.items.contains { $0.isSame(as: one) } } ?? false
        case .noneOf:
            !(attribute.map { one in value.items.contains { $0.isSame(as: one) } } ?? false)
        case .greater: Self.order(attribute, value) == 1
        case .greaterOrEqual: [0, 1].contains(Self.order(attribute, value))
        case .less: Self.order(attribute, value) == -1
        case .lessOrEqual: [0, -1].contains(Self.order(attribute, value))
        }
    }

    /// -1, 0 or 1 for two numbers or two texts; nil for anything else.
    private static func order(_ left: JSONValue?, _ right: JSONValue) -> Int? {
        if let left = left?.doubleValue, let right = right.doubleValue {
            return left < right ? -1 : left > right ? 1 : 0
        }
        guard let left = left?.stringValue, let right = right.stringValue else { return nil }
        return left < right ? -1 : left > right ? 1 : 0
    }
}

extension JSONValue {
    fileprivate var items: [JSONValue] { arrayValue ?? [] }

    /// Whether both are the same value; 1 is 1.0.
    fileprivate func isSame(as other: JSONValue) -> Bool {
        if let left = doubleValue, let right = other.doubleValue { return left == right }
        return self == other
    }
}

extension APIError {
    fileprivate static func missing(_ path: String) -> APIError {
        .invalid(
            "Missing required parameter: '\(path)'.", param: path,
            code: "missing_required_parameter")
    }
}
