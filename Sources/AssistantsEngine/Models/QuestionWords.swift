/// The words of a question that say what it is about.
struct QuestionWords {
    private let stems: Set<String>

    init(_ question: String) {
        stems = Set(Self.words(of: question).filter { !Self.common.contains($0) }.map(Self.stem))
    }

    /// Whether the question has any such word.
    var isEmpty: Bool { stems.isEmpty }

    /// The share of the words that a text has, 0…1.
    func coverage(in text: String) -> Double {
        if stems.isEmpty { return 0 }
        let found = Set(Self.words(of: text).map(Self.stem))
        return Double(stems.intersection(found).count) / Double(stems.count)
    }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// Takes off the commonest endings of English words, so that "keys" finds "key".
    private static func stem(_ word: String) -> String {
        for ending in ["ing", "ies", "ed", "es", "s", "e", "y"]
        where word.count > ending.count + 2 && word.hasSuffix(ending) {
            return String(word.dropLast(ending.count))
        }
        return word
    }

    private static let common: Set<String> = [
        "a", "about", "all", "also", "am", "an", "and", "any", "anything", "anywhere", "are", "as",
        "at", "be", "been", "but", "by",
        "can", "could", "did", "do", "does", "each", "for", "from", "get", "had", "has", "have",
        "how", "i", "if", "in", "into", "is", "it", "its", "just", "know", "like", "made", "make",
        "many", "may", "me", "mine", "more", "my", "no", "not", "of", "on", "one", "or", "our",
        "out", "please", "s", "several", "should", "so", "some", "t", "tell", "than", "that", "the",
        "their", "them", "then", "there", "they", "this", "to", "up", "us", "want", "was", "way",
        "we", "what", "when", "where", "which", "who", "why", "will", "with", "without", "would",
        "you", "your",
    ]
}
