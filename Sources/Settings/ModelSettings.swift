/// The `model` section: which model answers, and where it runs.
///
/// A key is never here: it comes from the environment alone.
package struct ModelSettings: Hashable, Sendable {
    /// The address of the model server, such as `http://localhost:11434/v1`.
    package var url: String?
    /// The name of the model.
    package var name: String?
    /// By which API the server at the address is asked; nil for what its host wants.
    package var api: API?
    /// Whether local model servers are looked for on this machine.
    package var discovery = true

    /// OpenAI's two APIs.
    package enum API: String, CaseIterable, Sendable {
        case chat, responses
    }

    /// No address and no name; local servers are looked for.
    package init() {}
}

extension ModelSettings: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(
            decoder, allowed: ["url", "name", "api", "discovery"], refused: ["key"])
        url = fields.address("url")
        name = fields.line("name", limit: 256)
        api = fields.choice("api")
        discovery = fields.flag("discovery") ?? discovery
        if fields.names.contains("key") {
            fields.fail(
                "key", "A key does not belong in this file.",
                advice: "Remove it and set SWITCHBOARD_MODEL_KEY in the environment instead.")
        }
    }
}
