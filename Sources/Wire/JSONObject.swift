/// The members of a JSON object, in the order in which their names first came.
///
/// A name exists once: setting it again replaces the value and keeps the place. Two objects are
/// equal when they have equal members, in whatever order.
public struct JSONObject: Sendable {
    private var members: [(key: String, value: JSONValue)] = []
    /// Where each name is, kept only once there are more members than a search by hand is good for.
    private var places: [String: Int] = [:]

    /// An object without members.
    public init() {}

    /// An object of these members; of members with the same name the last value stays.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// The value of that name, or nil when there is none. Setting nil removes the member.
    public subscript(key: String) -> JSONValue? {
        get { place(of: key).map { members[$0].value } }
        set {
            guard let newValue else { return removeValue(forKey: key) }
            if let place = place(of: key) {
                members[place].value = newValue
            } else {
                append(key, newValue)
            }
        }
    }

    /// Removes the member of that name, if there is one.
    public mutating func removeValue(forKey key: String) {
        guard let place = place(of: key) else { return }
        members.remove(at: place)
        places = [:]
        if members.count > Self.searchLimit { indexMembers() }
    }

    /// The names, in order.
    public var keys: [String] { members.map(\.key) }
    /// How many members there are.
    public var count: Int { members.count }
    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    private static let searchLimit = 16

    private func place(of key: String) -> Int? {
        if members.count > Self.searchLimit { return places[key] }
        return members.firstIndex { $0.key == key }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        members.append((key, value))
        if members.count == Self.searchLimit + 1 {
            indexMembers()
        } else if members.count > Self.searchLimit {
            places[key] = members.count - 1
        }
    }

    private mutating func indexMembers() {
        for (place, member) in members.enumerated() { places[member.key] = place }
    }
}

extension JSONObject: Sequence, ExpressibleByDictionaryLiteral {
    /// The members in order.
    public func makeIterator() -> IndexingIterator<[(key: String, value: JSONValue)]> {
        members.makeIterator()
    }

    /// How many members there are.
    public var underestimatedCount: Int { members.count }

    /// An object of these members.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements)
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same names with equal values.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the members in a way that does not depend on their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in self {
            var one = Hasher()
            one.combine(key)
            one.combine(value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}
