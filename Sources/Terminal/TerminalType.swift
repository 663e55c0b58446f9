internal import CLinux
internal import CNcurses

/// What the environment says about the terminal, before it is asked itself.
struct TerminalType {
    /// The name ncurses is given.
    let name: String
    /// Whether private modes, titles and queries may be sent: not to consoles that would print
    /// them.
    let isModern: Bool
    /// Whether there is a second screen, so that the first comes back on leaving.
    let hasAlternateScreen: Bool

    private static let oldNames = ["linux", "vt", "ansi", "cons", "sun", "wy", "hurd", "bterm"]
    private static let families = [
        (
            "xterm-256color",
            ["xterm", "alacritty", "foot", "kitty", "wezterm", "ghostty", "rio", "vte"]
        ),
        (
            "xterm-256color",
            ["contour", "iterm", "rxvt", "st", "konsole", "gnome", "mintty", "ms-"]
        ),
        ("screen-256color", ["tmux", "screen"]),
    ]

    /// The type that `TERM` names, or its family's when this machine does not know it.
    init(environment: (String) -> String?, descriptor: Int32) throws(TerminalError) {
        let wanted = environment("TERM") ?? ""
        var known: String?
        for candidate in [wanted] + Self.relatives(of: wanted) where !candidate.isEmpty {
            if ncurses_load(candidate, descriptor) == 1 {
                known = candidate
                break
            }
        }
        if wanted.isEmpty || wanted == "dumb" { throw .cannotDraw(wanted) }
        guard let known else { throw .unknownType(wanted) }
        guard ncurses_can_move() != 0 else { throw .cannotDraw(wanted) }
        name = known
        isModern = !Self.oldNames.contains { wanted.hasPrefix($0) }
        hasAlternateScreen = ncurses_has_alternate_screen() != 0
    }

    private static func relatives(of name: String) -> [String] {
        families.filter { $0.1.contains { name.hasPrefix($0) } }.map(\.0)
    }
}
