/// Members that are written only where there is a value: `null` is a value too, and some servers
/// refuse it where they would take an absent member.
extension JSONWriter {
    /// A member with a text; nothing for nil.
    package mutating func present(_ name: StaticString, _ value: String?) {
        if let value { member(name, value) }
    }

    /// A member with a number; nothing for nil.
    package mutating func present(_ name: StaticString, _ value: Double?) {
        if let value { member(name, value) }
    }

    /// A member with a number; nothing for nil.
    package mutating func present(_ name: StaticString, _ value: Int?) {
        if let value { member(name, value) }
    }

    /// A member with a truth value; nothing for nil.
    package mutating func present(_ name: StaticString, _ value: Bool?) {
        if let value { member(name, value) }
    }

    /// A member with a value; nothing for nil.
    package mutating func present(_ name: StaticString, _ value: JSONValue?) {
        if let value { member(name, value) }
    }
}
