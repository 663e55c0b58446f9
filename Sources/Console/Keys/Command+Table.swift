// The keymap: every command with its title, its explanation and its keys. Palette, help, the status
// line and docs/keys.md are made from it.
extension Command {
    static let table: [CommandEntry] =
        sending + consent + writing + reading + panes + threadsAndAssistants
        + lists + program

    /// The groups of the help page, in order.
    static let groups: [(title: String, entries: [CommandEntry])] = [
        ("Sending", sending), ("When a command is asked about", consent), ("Writing", writing),
        ("Reading", reading), ("Panes", panes),
        ("Threads and assistants", threadsAndAssistants), ("In lists", lists),
        ("The program", program),
    ]

    private typealias Row = CommandEntry

    private static let sending: [CommandEntry] = [
        Row(
            .send, "send", "Sends the message; while a run is active it is queued.",
            input: "Enter"),
        Row(
            .sendNow, "stop and send now", "Stops the run and sends the message at once.",
            anywhere: "C-x Enter"),
        Row(
            .newline, "new line", "Begins a new line in the message. A \\ before Enter does too.",
            input: "M-Enter, C-j, S-Enter"),
        Row(
            .stop, "stop",
            "Stops the run; the text that came stays. Esc closes what is open first.",
            anywhere: "Esc, C-c"),
        Row(
            .continueAnswer, "continue the answer", "Has a stopped answer carried on.",
            anywhere: "C-x .", pane: "."),
        Row(
            .retry, "run again", "Runs the assistant on the thread as it is.",
            anywhere: "C-x r", pane: "r"),
        Row(
            .editQueue, "edit the queue", "Takes the last queued message back into the input line.",
            anywhere: "M-Up"),
        Row(
            .removeQueued, "remove from the queue",
            "Removes the last queued message; yank brings its text back.", anywhere: "C-x k"),
        Row(
            .instructions, "instructions for one run",
            "Instructions added to the next run only.", anywhere: "C-x i", pane: "i"),
        Row(
            .attach, "attach a file",
            "Begins the name of a file that goes with the message, as @ does. Backspace before the "
                + "text removes it.",
            anywhere: "C-x f"),
        Row(
            .answerCall, "answer a tool call",
            "Shows the call that waits: asks whether its command may run, or takes its output.",
            anywhere: "F4, C-x !"),
    ]

    private static let consent: [CommandEntry] = [
        Row(.allowOnce, "once", "Has the command run, this once.", question: "y"),
        Row(
            .allowAlways, "always",
            "Has it run, and whenever this assistant calls it with this command.", question: "a"),
        Row(.refuse, "no", "Tells the assistant that it may not run.", question: "n"),
        Row(
            .refuseAlways, "never", "Tells it so now and whenever it calls it again.",
            question: "v"),
        Row(.typeOutput, "type the output", "Takes the output from you instead.", question: "t"),
    ]

    private static let writing: [CommandEntry] = [
        Row(.left, "left", "One character to the left.", input: "Left, C-b"),
        Row(.right, "right", "One character to the right.", input: "Right, C-f"),
        Row(.wordLeft, "word left", "One word to the left.", input: "M-b, C-Left, M-Left"),
        Row(.wordRight, "word right", "One word to the right.", input: "M-f, C-Right, M-Right"),
        Row(.lineStart, "start of line", "To the start of the line.", input: "Home, C-a"),
        Row(.lineEnd, "end of line", "To the end of the line.", input: "End, C-e"),
        Row(
            .deleteLeft, "delete left", "Deletes the character before the cursor.",
            input: "Backspace, C-h"),
        Row(
            .deleteRight, "delete right", "Deletes the character under the cursor.",
            input: "Delete, C-d"),
        Row(
            .deleteWordLeft, "delete word left", "Deletes to the start of the word.",
            input: "C-w, M-Backspace"),
        Row(
            .deleteWordRight, "delete word right", "Deletes to the end of the word.",
            input: "M-d"),
        Row(.killToEnd, "cut to end of line", "Cuts to the end of the line.", input: "C-k"),
        Row(.killToStart, "cut to start of line", "Cuts to the start of the line.", input: "C-u"),
        Row(.yank, "yank", "Inserts what was cut last.", input: "C-y"),
        Row(
            .undoTyping, "undo", "Takes back the last change of the message.",
            input: "C-_, C-x u"),
        Row(.up, "up", "One row up; from the first row to the message before.", input: "Up"),
        Row(.down, "down", "One row down; from the last row to the message after.", input: "Down"),
        Row(
            .historyPrevious, "earlier message", "Brings back a message sent before.",
            input: "M-p"),
        Row(
            .historyNext, "later message", "Brings back the message sent after.",
            input: "C-n, M-n"),
        Row(
            .historySearch, "search history", "Finds a message sent before by a part of it.",
            input: "C-r"),
        Row(
            .editor, "open in editor", "Opens the message in $VISUAL or $EDITOR.",
            anywhere: "C-g, C-x C-e", pane: "e"),
    ]

    private static let reading: [CommandEntry] = [
        Row(
            .rowUp, "row up", "Scrolls the pane up by a row.", anywhere: "S-Up",
            pane: "k, Up", question: "Up, k"),
        Row(
            .rowDown, "row down", "Scrolls the pane down by a row.", anywhere: "S-Down",
            pane: "j, Down", question: "Down, j"),
        Row(
            .pageUp, "page up", "Scrolls the pane up by a page.", anywhere: "PageUp",
            pane: "b, C-b", question: "b"),
        Row(
            .pageDown, "page down", "Scrolls the pane down by a page.", anywhere: "PageDown",
            pane: "Space, C-f", question: "Space"),
        Row(
            .scrollLeft, "scroll left", "Moves wide tables and code back to the right.",
            anywhere: "C-x Left", pane: "Left"),
        Row(
            .scrollRight, "scroll right", "Moves wide tables and code to the left.",
            anywhere: "C-x Right", pane: "Right"),
        Row(.halfPageUp, "half a page up", "Scrolls the pane up by half a page.", pane: "C-u"),
        Row(
            .halfPageDown, "half a page down", "Scrolls the pane down by half a page.",
            pane: "C-d"),
        Row(.top, "top", "To the beginning.", anywhere: "C-Home, M-Home", pane: "g, Home"),
        Row(
            .follow, "follow the end", "To the end, and stays there as text arrives.",
            anywhere: "C-End, M-End", pane: "G, F, End"),
        Row(.nextMessage, "next message", "Selects the next message.", pane: "}"),
        Row(.previousMessage, "previous message", "Selects the message before.", pane: "{"),
        Row(.nextBlock, "next code block", "Selects the next code block.", pane: "]"),
        Row(.previousBlock, "previous code block", "Selects the code block before.", pane: "["),
        Row(
            .selectRows, "select rows",
            "Selects rows of the chat; j and k extend, y copies their source text.",
            anywhere: "C-x V", pane: "v, V"),
        Row(
            .copyMessage, "copy message",
            "Copies the selected message, or the last one, as it was written.",
            anywhere: "C-x y", pane: "y"),
        Row(
            .copyBlock, "copy code block", "Copies the selected code block, or the last one.",
            anywhere: "C-x Y", pane: "Y"),
        Row(
            .saveFile, "save file",
            "Saves a file of the selected message or tool call in the working directory.",
            anywhere: "C-x w", pane: "w"),
        Row(
            .openFile, "open file",
            "Opens a copy of such a file in the program that the system has for it.",
            anywhere: "C-x o", pane: "o"),
        Row(
            .passages, "quoted passages",
            "Shows the passages that the message quotes, or that the search found.",
            anywhere: "C-x p", pane: "p"),
        Row(
            .speakMessage, "speak message",
            "Speaks the selected message, or the last one; needs a key of ElevenLabs.",
            anywhere: "C-x s", pane: "s"),
        Row(
            .speakNew, "speak new messages on or off",
            "Speaks each new answer while it is being written, or no longer.",
            anywhere: "C-x S", pane: "S"),
        Row(
            .stopSpeaking, "stop speaking", "Silence at once; what was to be spoken is dropped.",
            anywhere: "F8, C-x x", pane: "x"),
        Row(
            .choose, "choose",
            "Copies the selected rows, answers the call that waits, unfolds what is selected, or "
                + "shows what the message quotes.",
            anywhere: "C-x Space", pane: "Enter"),
        Row(
            .fold, "fold or unfold",
            "Shows all of a tool call or of the model's thinking, or less.",
            anywhere: "C-x h", pane: "h, l"),
        Row(
            .foldAll, "fold or unfold all", "Shows all of every tool call and thought, or less.",
            anywhere: "C-x *", pane: "+"),
    ]

    private static let panes: [CommandEntry] = [
        Row(
            .nextPane, "panes", "To the next pane, and at last back to the input line.",
            anywhere: "Tab"),
        Row(.previousPane, "previous pane", "To the pane before.", anywhere: "S-Tab"),
        Row(.chatPane, "chat pane", "To the chat.", anywhere: "M-1", pane: "1"),
        Row(.toolsPane, "tool calls pane", "To the tool calls.", anywhere: "M-2", pane: "2"),
        Row(.stepsPane, "run steps pane", "To the run steps.", anywhere: "M-3", pane: "3"),
        Row(.leavePane, "back", "Back to the input line.", pane: "q"),
        Row(
            .zoom, "zoom", "Gives the pane the whole height, or gives it back.",
            anywhere: "M-z, C-x z", pane: "z"),
        Row(
            .hideBand, "hide or show the band", "Hides tool calls and run steps, or shows them.",
            anywhere: "C-x -", pane: "-"),
        Row(
            .changeLayout, "layout", "Tool calls and run steps under the chat, or beside it.",
            anywhere: "C-x |", pane: "|"),
        Row(
            .growBand, "taller band", "Makes tool calls and run steps larger.",
            anywhere: "C-x Up", pane: "C-Up"),
        Row(
            .shrinkBand, "shorter band", "Makes tool calls and run steps smaller.",
            anywhere: "C-x Down", pane: "C-Down"),
    ]

    private static let threadsAndAssistants: [CommandEntry] = [
        Row(.threads, "threads", "Lists the threads.", anywhere: "F2, C-x t", pane: "t"),
        Row(
            .newThread, "new thread", "Begins a thread; it is kept once something is sent.",
            anywhere: "C-x c", pane: "c"),
        Row(
            .nextThread, "next thread", "To the thread below in the list.",
            anywhere: "F6, C-x )", pane: ")"),
        Row(
            .previousThread, "previous thread", "To the thread above in the list.",
            anywhere: "F5, C-x (", pane: "("),
        Row(
            .firstUnread, "first unread", "To the first thread with something unread.",
            anywhere: "M-u, C-x U", pane: "U"),
        Row(.renameThread, "rename the thread", "Gives this thread a title.", anywhere: "C-x N"),
        Row(
            .deleteThread, "delete the thread",
            "Deletes this thread; it can be undone for ten seconds.",
            anywhere: "C-x D"),
        Row(
            .undoDelete, "undo the deletion", "Brings the deleted thread back.",
            anywhere: "C-x C-u", pane: "u"),
        Row(
            .assistants, "assistants", "Chooses who answers in this thread.",
            anywhere: "F3, C-x a", pane: "a"),
        Row(
            .previousAssistant, "previous assistant", "Back to the assistant before.",
            anywhere: "M-/, C-x /"),
        Row(
            .newAssistant, "new assistant", "Makes an assistant: name, model, instructions.",
            anywhere: "C-x A"),
        Row(
            .editAssistant, "edit the assistant", "Changes name, model and instructions.",
            anywhere: "C-x E"),
    ]

    private static let lists: [CommandEntry] = [
        Row(.listUp, "up", "To the row above.", list: "Up, k, C-p"),
        Row(.listDown, "down", "To the row below.", list: "Down, j, C-n"),
        Row(.listPageUp, "page up", "A page up.", list: "PageUp"),
        Row(.listPageDown, "page down", "A page down.", list: "PageDown"),
        Row(
            .listChoose, "choose", "Goes to the thread, or takes the assistant for this thread.",
            list: "Enter"),
        Row(.listFilter, "filter", "Shows only rows that hold what you type.", list: "/"),
        Row(.listClose, "close", "Closes the list.", list: "q"),
        Row(.listRename, "rename", "Gives the thread a title.", list: "r"),
        Row(.listDelete, "delete", "Deletes the thread; u undoes it for ten seconds.", list: "d"),
        Row(.listUndo, "undo", "Brings the deleted thread back.", list: "u"),
        Row(.listNew, "new", "A new thread, or a new assistant.", list: "c"),
        Row(.listEdit, "edit", "Edits the assistant.", list: "e"),
    ]

    private static let program: [CommandEntry] = [
        Row(
            .palette, "all commands", "Finds any command by its name and runs it.",
            anywhere: "C-p, M-x", pane: ":"),
        Row(
            .help, "help", "Shows every key for the place you are in.",
            anywhere: "F1, C-x ?", pane: "?"),
        Row(.theme, "next theme", "Changes the colours.", anywhere: "C-x T", pane: "T"),
        Row(
            .mouse, "mouse on or off", "Whether the program or the terminal gets the mouse.",
            anywhere: "C-x m", pane: "m"),
        Row(.suspend, "suspend", "Stops the program; fg brings it back.", anywhere: "C-z"),
        Row(.redraw, "redraw", "Draws the whole screen again.", anywhere: "C-l"),
        Row(
            .quit, "quit", "Leaves the program. Nothing is lost: drafts and threads are kept.",
            anywhere: "C-c C-c, C-d C-d, C-x C-c"),
    ]
}
