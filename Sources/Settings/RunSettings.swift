/// The `run` section: how runs of the console and of `ask` behave.
package struct RunSettings: Hashable, Sendable {
    /// How long a run may take before it fails as expired.
    package var deadline = Duration.seconds(86_400)

    /// A deadline of one day.
    package init() {}
}

extension RunSettings: Decodable {
    package init(from decoder: any Decoder) {
        let fields = Fields(decoder, allowed: ["deadline"])
        let advice = "Allowed: a time such as 90s, 10m, 1h30m or 1d, at most 365d."
        deadline = fields.parsed("deadline", advice: advice, Duration.init(text:)) ?? deadline
    }
}
