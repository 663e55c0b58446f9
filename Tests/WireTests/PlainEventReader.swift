import Wire

/// Reads a whole event stream the slow and plain way, to compare the parser with.
enum PlainEventReader {
    static func outcome(of text: String, dialect: EventDialect) -> EventOutcome {
        var outcome = EventOutcome(events: [], lastEventID: "")
        var data: [String] = []
        var name = ""
        var id: String?
        for line in lines(of: text, dialect: dialect) {
            if line.isEmpty {
                if let id { outcome.lastEventID = id }
                if !data.isEmpty || (dialect == .openAI && !name.isEmpty) {
                    outcome.events.append(
                        ServerSentEvent(
                            name: name.isEmpty ? "message" : name,
                            data: Array(data.joined(separator: "\n").utf8),
                            id: outcome.lastEventID.isEmpty ? nil : outcome.lastEventID))
                }
                (data, name, id) = ([], "", nil)
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            var value = parts.count > 1 ? String(String.UnicodeScalarView(parts[1])) : ""
            if value.unicodeScalars.first == " " { value.unicodeScalars.removeFirst() }
            switch (String(String.UnicodeScalarView(parts[0])), dialect) {
            case ("data", _): data.append(value)
            case ("event", _): name = value
            case ("id", .standard): if !value.unicodeScalars.contains("\0") { id = value }
            case ("retry", .standard): if let number = UInt(value) { outcome.retry = Int(number) }
            default: break
            }
        }
        return outcome
    }

    /// The lines that have an end. Scalars, because a carriage return and a line feed are one
    /// character.
    private static func lines(
        of text: String, dialect: EventDialect
    ) -> [Substring.UnicodeScalarView.SubSequence] {
        var scalars = Array(text.unicodeScalars)
        if dialect == .standard, scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var lines: [String] = [""]
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\n", index > 0, scalars[index - 1] == "\r" { continue }
            if scalar == "\n" || scalar == "\r" {
                lines.append("")
            } else {
                lines[lines.count - 1].unicodeScalars.append(scalar)
            }
        }
        return lines.dropLast().map { $0[...].unicodeScalars[...] }
    }
}
