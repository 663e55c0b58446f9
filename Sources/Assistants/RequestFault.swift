package import Wire

/// The recorded texts of requests that are not what they should be, or break a limit
/// (`CONTRACT.md` 5).
package enum RequestFault {
    /// A value of another type than its place takes, both in words: "an object".
    package static func wrongType(at path: String, expected: String, got: String) -> APIError {
        .invalid(
            "Invalid type for '\(path)': expected \(expected), but got \(got) instead.",
            param: path, code: "invalid_type")
    }

    /// A value of another type than its place takes.
    package static func wrongType(
        at path: String, expected: String, got value: JSONValue
    ) -> APIError {
        wrongType(at: path, expected: expected, got: kind(of: value))
    }

    /// Nothing where something is needed.
    package static func missing(_ path: String) -> APIError {
        .invalid(
            "Missing required parameter: '\(path)'.", param: path,
            code: "missing_required_parameter")
    }

    /// A parameter that the operation does not have.
    package static func unknown(_ path: String) -> APIError {
        .invalid("Unknown parameter: '\(path)'.", param: path, code: "unknown_parameter")
    }

    /// A value that is none of those that are allowed.
    package static func notSupported(
        _ value: String, _ supported: [String], at path: String
    ) -> APIError {
        let names = supported.map { "'\($0)'" }
        let last = (names.count > 2 ? ", and " : " and ") + (names.last ?? "")
        let list =
            names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + last
        return .invalid(
            "Invalid value: '\(value)'. Supported values are: \(list).", param: path,
            code: "invalid_value")
    }

    /// An integer that is too small.
    package static func below(_ least: Int, _ value: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': integer below minimum value. Expected a value >= \(least), but got "
                + "\(value) instead.", param: path, code: "integer_below_min_value")
    }

    /// An integer that is too large.
    package static func above(_ most: Int, _ value: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': integer above maximum value. Expected a value <= \(most), but got "
                + "\(value) instead.", param: path, code: "integer_above_max_value")
    }

    /// An array with too many elements.
    package static func tooMany(_ most: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': array too long. Expected an array with maximum length \(most), but "
                + "got an array with length \(count) instead.",
            param: path, code: "array_above_max_length")
    }

    /// An array with too few elements.
    package static func tooFew(_ least: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': array too short. Expected an array with minimum length \(least), "
                + "but got an array with length \(count) instead.",
            param: path, code: "array_below_min_length")
    }

    /// Two parameters of which only one may be given.
    package static func exclusive(_ first: String, _ second: String) -> APIError {
        .invalid(
            "Mutually exclusive parameters: '\(first)' and '\(second)'. Ensure you are only "
                + "providing one of them.", param: first, code: "mutually_exclusive_parameters")
    }

    /// A value's type in words: "an object".
    package static func kind(of value: JSONValue) -> String {
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

    /// A decimal number outside the numbers that are allowed.
    package static func outside(
        _ range: ClosedRange<Double>, _ value: Double, at path: String
    ) -> APIError {
        let isAbove = value > range.upperBound
        let bound = isAbove ? range.upperBound : range.lowerBound
        return .invalid(
            "Invalid '\(path)': decimal \(isAbove ? "above maximum" : "below minimum") value. "
                + "Expected a value \(isAbove ? "<=" : ">=") \(plain(bound)), but got "
                + "\(plain(value)) instead.",
            param: path, code: isAbove ? "decimal_above_max_value" : "decimal_below_min_value")
    }

    /// A text with too many characters.
    package static func tooLong(_ most: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': string too long. Expected a string with maximum length \(most), "
                + "but got a string with length \(count) instead.",
            param: path, code: "string_above_max_length")
    }

    /// An empty text.
    package static func tooShort(at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': empty string. Expected a string with minimum length 1, but got an "
                + "empty string instead.", param: path, code: "empty_string")
    }

    /// An object with too many members.
    package static func tooManyProperties(_ most: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': too many properties. Expected an object with at most \(most) "
                + "properties, but got an object with \(count) properties instead.",
            param: path, code: "object_above_max_properties")
    }

    /// A text that does not look as it must.
    package static func badPattern(_ value: String, _ pattern: String, at path: String) -> APIError
    {
        .invalid(
            "Invalid '\(path)': string does not match pattern. Expected a string that matches the "
                + "pattern '\(pattern)'.", param: path, code: "invalid_value")
    }

    /// A number as a person writes it: 2, not 2.0.
    private static func plain(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
