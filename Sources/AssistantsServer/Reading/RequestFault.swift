import Assistants
import Wire

/// The recorded texts of requests that are not what they should be (`CONTRACT.md` 5).
enum RequestFault {
    static func wrongType(at path: String, expected: String, got: String) -> APIError {
        .invalid(
            "Invalid type for '\(path)': expected \(expected), but got \(got) instead.",
            param: path, code: "invalid_type")
    }

    static func wrongType(at path: String, expected: String, got value: JSONValue) -> APIError {
        wrongType(at: path, expected: expected, got: kind(of: value))
    }

    static func missing(_ path: String) -> APIError {
        .invalid(
            "Missing required parameter: '\(path)'.", param: path,
            code: "missing_required_parameter")
    }

    static func unknown(_ path: String) -> APIError {
        .invalid("Unknown parameter: '\(path)'.", param: path, code: "unknown_parameter")
    }

    static func notSupported(_ value: String, _ supported: [String], at path: String) -> APIError {
        let names = supported.map { "'\($0)'" }
        let last = (names.count > 2 ? ", and " : " and ") + (names.last ?? "")
        let list =
            names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + last
        return .invalid(
            "Invalid value: '\(value)'. Supported values are: \(list).", param: path,
            code: "invalid_value")
    }

    static func below(_ least: Int, _ value: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': integer below minimum value. Expected a value >= \(least), but got "
                + "\(value) instead.", param: path, code: "integer_below_min_value")
    }

    static func above(_ most: Int, _ value: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': integer above maximum value. Expected a value <= \(most), but got "
                + "\(value) instead.", param: path, code: "integer_above_max_value")
    }

    static func tooMany(_ most: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': array too long. Expected an array with maximum length \(most), but "
                + "got an array with length \(count) instead.",
            param: path, code: "array_above_max_length")
    }

    static func tooFew(_ least: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': array too short. Expected an array with minimum length \(least), "
                + "but got an array with length \(count) instead.",
            param: path, code: "array_below_min_length")
    }

    static func exclusive(_ first: String, _ second: String) -> APIError {
        .invalid(
            "Mutually exclusive parameters: '\(first)' and '\(second)'. Ensure you are only "
                + "providing one of them.", param: first, code: "mutually_exclusive_parameters")
    }

    /// A value's type in words: "an object".
    static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .double: "a decimal number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
