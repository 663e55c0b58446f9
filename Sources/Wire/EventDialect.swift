/// Whose rules decide what counts as an event in a stream.
public enum EventDialect: Hashable, Sendable {
    /// The HTML standard: an event without data is dropped, `id` and `retry` are kept, a byte order
    /// mark at the beginning is skipped.
    case standard
    /// OpenAI's client libraries: a named event without data is delivered with empty data, `id` and
    /// `retry` are ignored, a byte order mark is a part of the first line.
    case openAI
}
