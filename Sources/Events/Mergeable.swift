/// A value whose neighbours of the same object can be told as one.
///
/// The law that makes merging safe: taking in `a` and then `b` equals taking in `a` merged with
/// `b`. Values of different keys must commute, because merging may move one past another.
public protocol Mergeable: Sendable {
    /// Names the object that a value is about.
    associatedtype MergeKey: Hashable & Sendable

    /// The object this value is about; nil for a value that nothing may be moved past.
    var mergeKey: MergeKey? { get }

    /// Takes `next` into this value and returns true, or changes nothing and returns false.
    mutating func merge(_ next: Self) -> Bool
}
