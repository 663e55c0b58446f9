/// The sequences that make the terminal ours and give it back.
struct Modes {
    let isModern: Bool
    let hasAlternateScreen: Bool
    var usesMouse: Bool
    var usesKeyboardProtocol = false

    private static let mouseOn = "\u{1b}[?1002h\u{1b}[?1006h"
    private static let mouseOff = "\u{1b}[?1006l\u{1b}[?1002l"

    /// On entering, and on coming back after a stop.
    var enter: String {
        guard isModern else { return hasAlternateScreen ? "\u{1b}[?1049h" : "" }
        return "\u{1b}[?1049h\u{1b}[22;2t\u{1b}[?2004h\u{1b}[?1004h"
            + (usesMouse ? Self.mouseOn : "")
            + (usesKeyboardProtocol ? Self.keyboardOn : "")
    }

    /// On every way out. It begins by ending whatever sequence was cut off.
    var restore: String {
        guard isModern else {
            return "\u{1b}[m\u{1b}[?25h\u{1b}[r\u{1b}[999;1H\r\n"
                + (hasAlternateScreen ? "\u{1b}[?1049l" : "")
        }
        return "\u{1b}\\\u{1b}[?2026l\u{1b}]8;;\u{1b}\\\u{1b}[<u\u{1b}[r" + Self.mouseOff
            + "\u{1b}[?1004l\u{1b}[?2004l\u{1b}[m\u{1b}[?25h\u{1b}[?1l\u{1b}>"
            + "\u{1b}[?1049l\u{1b}[23;2t"
    }

    /// Asks what the terminal can; the answer to the last question ends the wait.
    static let questions =
        "\u{1b}[?2026$p\u{1b}[?69$p\u{1b}[?u\u{1b}]11;?\u{1b}\\\u{1b}[>0q" + lastQuestion
    /// Every terminal answers this one.
    static let lastQuestion = "\u{1b}[c"
    /// Keys that were the same byte become different ones (kitty's flag 1).
    static let keyboardOn = "\u{1b}[>1u"

    /// Turns mouse reports on or off.
    static func mouse(_ on: Bool) -> String { on ? mouseOn : mouseOff }
}
