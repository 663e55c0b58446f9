/// A JSON number while it is read: digits and a power of ten, or the double they are nearest to.
struct JSONNumber {
    var isNegative = false
    /// Whether it is written without fraction and exponent.
    var isWhole = true
    /// The power of ten by which the digits are multiplied.
    private(set) var exponent = 0
    private var digits: UInt64 = 0
    private var isInexact = false
    private var rounded: Double?

    /// Written exponents from here on are cut, and leave the number to be read from its text.
    static let exponentLimit = 100_000

    @inline(__always)
    mutating func append(_ digit: UInt8, isFraction: Bool) {
        if isFraction { exponent &-= 1 }
        if isInexact { return }
        let (product, overflows) = digits.multipliedReportingOverflow(by: 10)
        let (sum, overflowsToo) = product.addingReportingOverflow(UInt64(digit))
        if overflows || overflowsToo { isInexact = true } else { digits = sum }
    }

    /// Takes the exponent as it is written.
    mutating func setExponent(_ written: Int, isNegative: Bool) {
        if written == Self.exponentLimit { isInexact = true }
        exponent &+= isNegative ? -written : written
    }

    /// Whether `value` needs no rounding: an integer, or a product or quotient of two doubles that
    /// are exact themselves.
    var isExact: Bool {
        if isInexact { return false }
        if isWhole { return digits <= (isNegative ? UInt64(Int.max) + 1 : UInt64(Int.max)) }
        return digits <= 1 << 53 && abs(exponent) < Self.powers.count
    }

    /// Whether the number is in the range of a double.
    var isFinite: Bool { rounded?.isFinite ?? true }

    /// The number.
    var value: JSONValue {
        if let rounded { return .double(rounded) }
        if isWhole { return .integer(Int(truncatingIfNeeded: isNegative ? 0 &- digits : digits)) }
        let power = Self.powers[abs(exponent)]
        let magnitude = exponent < 0 ? Double(digits) / power : Double(digits) * power
        return .double(isNegative ? -magnitude : magnitude)
    }

    /// Takes the double nearest to the number's text.
    mutating func repair(from text: ArraySlice<UInt8>) {
        rounded = Double(String(decoding: text, as: UTF8.self)) ?? 0
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
