import Assistants
import TextLayout

/// How the messages of a thread lie on the screen, and which of them are seen.
///
/// Rows are made for what is seen; the rest are estimates. The place of the reader is a message and
/// a row in it, so nothing moves while other messages grow.
struct ChatView: Sendable {
    /// A place in the rows.
    struct Anchor: Hashable, Sendable {
        /// The message's place in the transcript.
        var message: Int
        var row: Int
    }

    /// One message.
    struct Item: Sendable {
        var layout = MessageLayout()
        /// The files that it names.
        var files = NamedFiles()
        /// Whether its height is counted and not guessed.
        var isExact = false
    }

    /// Parallel to the messages of the transcript.
    var items: [Item] = []
    var heights = HeightIndex()
    /// Columns of the text.
    var width = 0
    /// The first row that is shown; nil follows the end.
    var anchor: Anchor?
    /// Messages that came or grew since the reader left the end.
    var news: Set<Message.ID> = []
    var selected: Message.ID?
    /// Rows that are selected.
    var selection: Selection?
    /// Where the mouse's button was pressed.
    var pressed: Anchor?
    /// The code block of the selected message that is selected.
    var selectedBlock: Int?
    /// Columns that rows wider than the pane are moved to the left.
    var sideways = 0
    /// Columns of the widest row that was seen last.
    var widest = 0
    /// Rows of the pane when it was drawn last.
    var shownRows = 0

    /// Whether the end is followed.
    var isFollowing: Bool { anchor == nil }
}

/// What drawing the chat needs to know beyond the thread.
struct ChatContext: Sendable {
    var names: [Assistant.ID: String]
    var glyphs: Glyphs
    var now: Moment
    /// Local time minus UTC, in seconds.
    var utcOffset: Int
    /// The text of a stopped or failed notice ends with the key that carries on.
    var continueKey: String
    /// Files that messages have, as far as they are known.
    var files: [File.ID: File] = [:]
    /// How files and pictures are shown.
    var shown: ShownFiles
    /// Rows that a picture may take.
    var pictureRows: Int

    /// The name an assistant goes by.
    func name(of id: Assistant.ID?) -> String {
        id.flatMap { names[$0] } ?? "assistant"
    }

    /// A time as people say it.
    func time(_ seconds: Int) -> String {
        seconds <= 0
            ? ""
            : WallTime(seconds, offset: utcOffset).text(
                now: WallTime(now.wall, offset: utcOffset))
    }
}
