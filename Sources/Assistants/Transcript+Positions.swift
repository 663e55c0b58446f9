extension Transcript {
    /// Where the part with an index of the wire stands in a message; nil where it has none.
    public func position(ofPart index: Int, inMessageAt place: Int) -> Int? {
        indexes.find(
            index, at: .part(messages[place].id), count: messages[place].content.count)
    }

    /// Where the call with an index of the wire stands in a step; nil where it has none.
    public func position(ofCall index: Int, inStepAt place: Int) -> Int? {
        guard case .toolCalls(let calls) = steps[place].details else { return nil }
        return indexes.find(index, at: .call(steps[place].id), count: calls.count)
    }
}
