import Settings
import TextLayout

/// Every key in groups, those of the place the person is in first.
enum HelpRows {
    /// The rows for a width.
    static func rows(_ keymap: Keymap, first context: KeyContext, columns: Int) -> [StyledRow] {
        var rows: [StyledRow] = []
        if context != .anywhere {
            rows += group(context.title, entries(in: context, keymap), columns)
        }
        for (title, entries) in Command.groups {
            let lines = entries.compactMap { entry -> (keys: String, entry: CommandEntry)? in
                let keys = keymap.labels(of: entry.command, onlyIn: .anywhere)
                return keys.isEmpty ? nil : (keys.joined(separator: "  "), entry)
            }
            if !lines.isEmpty { rows += group(title, lines, columns) }
        }
        return rows
    }

    private static func entries(
        in context: KeyContext, _ keymap: Keymap
    ) -> [(keys: String, entry: CommandEntry)] {
        Command.table.compactMap { entry in
            let keys = keymap.labels(of: entry.command, onlyIn: context)
            return keys.isEmpty ? nil : (keys.joined(separator: "  "), entry)
        }
    }

    private static func group(
        _ title: String, _ lines: [(keys: String, entry: CommandEntry)], _ columns: Int
    ) -> [StyledRow] {
        let width = min(26, max(12, columns / 3))
        return [StyledRow(title, .popupTitle)]
            + lines.flatMap { line in
                let isLong = columnCount(line.keys) >= width
                let keys = isLong ? line.keys + "  " : line.keys.padded(to: width)
                let room = max(10, columns - 2 - columnCount(keys))
                let texts = line.entry.explanation.wrapped(to: room)
                return texts.enumerated().map { place, text in
                    let lead = place == 0 ? keys : String(repeating: " ", count: columns - room - 2)
                    return StyledRow(
                        [.init(lead, .statusKey), .init(String(text), .text)], indent: 1)
                }
            } + [StyledRow()]
    }
}
