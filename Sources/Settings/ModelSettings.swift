/// The `model` section: which model answers, and where it runs.
///
/// A key is never here: it comes from the environment alone.
package struct ModelSettings: Hashable, Sendable {
    /// The address of the model server, such as `http://localhost:11434/v1`.
    package var url: String?
    /// The name of the model.
    package var name: String?
    /// Whether local model servers are looked for on this machine.
    package var discovery = true

    /// No address and no name; local servers are looked for.
    package init() {}
}

extension ModelSettings: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: ["url", "name", "discovery"], refused: ["key"])
        url = fields.parsed("url", advice: Self.urlAdvice, Self.address)
        name = fields.line("name", limit: 256)
        discovery = fields.flag("discovery") ?? discovery
        if fields.names.contains("key") {
            fields.fail(
                "key", "A key does not belong in this file.",
                advice: "Remove it and set SWITCHBOARD_MODEL_KEY in the environment instead.")
        }
    }

    private static let urlAdvice =
        "Allowed: http://HOST… or https://HOST…, without a user, a password or a key."

    /// The text when it is an HTTP address that holds no secret.
    private static func address(_ text: String) -> String? {
        let lowered = text.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lowered.hasPrefix),
            text.utf8.count <= 2_048,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        let authority = text.dropFirst(scheme.utf8.count).prefix { !"/?#".contains($0) }
        return authority.isEmpty || authority.contains("@") || authority.hasPrefix(":") ? nil : text
    }
}
