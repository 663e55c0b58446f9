/// The page `docs/keys.md`, made from the keymap table.
package enum KeymapPage {
    /// The page in Markdown. A test compares it with the file.
    package static var markdown: String {
        var page = """
            # Keys

            Made from the keymap table of the console; do not edit. `^X` is Ctrl+X, `M-` is Alt,
            `S-` is Shift. `^X` followed by a letter does from anywhere what the letter does in a
            pane. No single key ends the program.

            Any command can have other keys, or none, in `config.yaml`:

            ```yaml
            keys:
              preset: default        # or emacs: ^P is the message before, the palette is M-x
              bind:
                thread-new: C-x c
                palette: [C-p, M-x]
            ```

            """
        let map = Keymap.standard
        for group in Command.groups {
            page += "\n## \(group.title)\n\n| command | keys | does |\n|---|---|---|\n"
            for entry in group.entries {
                page += "| `\(entry.command.rawValue)` | \(keys(of: entry.command, in: map)) | "
                page += "\(escaped(entry.explanation)) |\n"
            }
        }
        return page
    }

    private static func keys(of command: Command, in map: Keymap) -> String {
        KeyContext.allCases.compactMap { context in
            let labels = map.labels(of: command, onlyIn: context)
            guard !labels.isEmpty else { return nil }
            let text = labels.map { "`\($0)`" }.joined(separator: " ")
            return escaped(context == .anywhere ? text : "\(text) \(context.title)")
        }.joined(separator: "; ")
    }

    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
