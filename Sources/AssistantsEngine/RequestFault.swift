import Assistants

/// The recorded texts of requests that break a limit (`CONTRACT.md` 5).
enum RequestFault {
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

    static func outside(_ range: ClosedRange<Double>, _ value: Double, at path: String) -> APIError
    {
        let isAbove = value > range.upperBound
        let bound = isAbove ? range.upperBound : range.lowerBound
        return .invalid(
            "Invalid '\(path)': decimal \(isAbove ? "above maximum" : "below minimum") value. "
                + "Expected a value \(isAbove ? "<=" : ">=") \(plain(bound)), but got "
                + "\(plain(value)) instead.",
            param: path, code: isAbove ? "decimal_above_max_value" : "decimal_below_min_value")
    }

    static func tooLong(_ most: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': string too long. Expected a string with maximum length \(most), "
                + "but got a string with length \(count) instead.",
            param: path, code: "string_above_max_length")
    }

    static func tooShort(at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': empty string. Expected a string with minimum length 1, but got an "
                + "empty string instead.", param: path, code: "empty_string")
    }

    static func tooMany(_ most: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': array too long. Expected an array with maximum length \(most), but "
                + "got an array with length \(count) instead.",
            param: path, code: "array_above_max_length")
    }

    static func tooManyProperties(_ most: Int, _ count: Int, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': too many properties. Expected an object with at most \(most) "
                + "properties, but got an object with \(count) properties instead.",
            param: path, code: "object_above_max_properties")
    }

    static func notSupported(_ value: String, _ supported: [String], at path: String) -> APIError {
        let names = supported.map { "'\($0)'" }
        let list =
            names.count < 2
            ? names.joined()
            : names.dropLast().joined(separator: ", ") + (names.count > 2 ? "," : "")
                + " and " + (names.last ?? "")
        return .invalid(
            "Invalid value: '\(value)'. Supported values are: \(list).", param: path,
            code: "invalid_value")
    }

    static func badPattern(_ value: String, _ pattern: String, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': string does not match pattern. Expected a string that matches the "
                + "pattern '\(pattern)'.", param: path, code: "invalid_value")
    }

    static func missing(_ path: String) -> APIError {
        .invalid(
            "Missing required parameter: '\(path)'.", param: path,
            code: "missing_required_parameter")
    }

    /// A number as a person writes it: 2, not 2.0.
    private static func plain(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
