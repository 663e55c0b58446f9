/// What Guide says where the manual has nothing to say.
enum SmallTalk {
    /// The reply to a greeting, thanks or nothing at all; nil for a question.
    static func reply(to text: String) -> String? {
        let words = text.lowercased().split { !$0.isLetter && $0 != "'" }
        if words.isEmpty { return "You sent no words. " + introduction + suggestions }
        if words.count <= 4, let first = words.first {
            if greetings.contains(String(first)) { return "Hello! " + introduction + suggestions }
            if thanks.contains(String(first)) { return "You are welcome. " + suggestions }
        }
        let sentence = words.joined(separator: " ")
        if identity.contains(where: { sentence.hasPrefix($0) }) {
            return introduction + connecting + suggestions
        }
        return nil
    }

    /// The reply to a question that the manual does not answer.
    static let offSubject =
        "I found nothing about that in Switchboard's manual, and that is all I know: "
        + "I am not a language model. " + connecting + suggestions

    /// The reply where an assistant needs a language model and none is connected.
    static let noModel =
        "No language model is connected, so I answer instead: I am Guide, the built-in assistant. "
        + connecting + "Then ask again, or switch to the assistant Guide with F3 and ask me."

    private static let introduction =
        "I am Guide, the built-in assistant. I answer from Switchboard's manual and show each step "
        + "I take; I am not a language model. "

    private static let connecting =
        "To talk with one, start a local server such as Ollama or llama.cpp (it is found by "
        + "itself), export `OPENAI_API_KEY`, or name a server with `switchboard --model-url URL`. "

    private static let suggestions = """
        You could ask me:

        - How do I connect a model?
        - Which keys move between the panes?
        - Where are my conversations kept?
        """

    private static let greetings: Set = [
        "hi", "hello", "hey", "hallo", "hola", "bonjour", "moin", "servus", "greetings", "good",
        "yo", "howdy", "ciao",
    ]
    private static let thanks: Set = ["thanks", "thank", "thx", "cheers", "danke", "merci"]
    private static let identity = [
        "who are you", "what are you", "are you a", "are you an", "what is your name",
    ]
}
