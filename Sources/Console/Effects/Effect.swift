import Assistants
import Terminal

/// Something to be done outside of the state, decided there and done by `EffectRunner`.
enum Effect: Hashable, Sendable {
    case loadThreads(after: String?)
    case loadAssistants
    case loadModels
    case resolveModel(Assistant)
    /// The newest messages of a thread, its newest runs and their steps.
    case open(Assistants.Thread.ID, limit: Int)
    case loadMessages(Assistants.Thread.ID, Range<Int>, purpose: WindowPurpose)
    case loadSteps(Assistants.Thread.ID, Run.ID)
    case send(Sending)
    case cancelRun(Run.ID, on: Assistants.Thread.ID)
    case submit([ToolOutput], to: Run.ID, on: Assistants.Thread.ID)
    /// Reads what was said about commands, for a run that waits.
    case readConsents(Run.ID)
    case keepConsent(Consents.Answer)
    case runCommand(CommandOrder, CommandReason)
    /// Ends the commands of a run; and nothing of them is to be known any more.
    case endCommands(Set<CallKey>, forgets: Bool)
    case rename(Assistants.Thread, to: String)
    case deleteThread(Assistants.Thread.ID)
    case saveAssistant(AssistantDraft)
    /// What a file is called, and how large it is.
    case lookUp(File.ID)
    case drawPicture(PictureRequest)
    /// Saves a file where the person can find it.
    case saveFile(File.ID)
    /// Opens a file in the program that the system has for its kind.
    case openFile(File.ID)
    case remember(MemoryChange)
    case copy(String, what: String)
    case speech(SpeechOrder)
    case openEditor(String, for: EditorPurpose)
    /// Reads a folder that is typed so.
    case listFolder(String)
    /// Looks at a file that is attached to what is written in a thread.
    case examine([UInt8], for: Assistants.Thread.ID)
    /// Names and sizes of files that messages have.
    case loadFiles([File.ID])
    case setTitle(String)
    case bell
    /// Has the terminal give a sign once it has shown what it got.
    case askTerminal
    case mouse(Bool)
    case suspend
    case redraw
    case quit
}

/// What the voice is to do, in this order.
enum SpeechOrder: Hashable, Sendable {
    /// A text of this number begins; it is spoken after those before it.
    case begin(Int)
    /// More of the text that began last.
    case more(String)
    /// The text that began last is complete.
    case finish
    /// Silence at once, and nothing of what was to come.
    case stop
}

/// What becomes of a text that an editor had.
enum EditorPurpose: Hashable, Sendable {
    /// It is the message that is written.
    case draft
    /// It is the output of the tool call that is answered.
    case output
    /// It was only looked at.
    case reading
}

/// What asked-for messages are for.
enum WindowPurpose: Hashable, Sendable {
    /// They stand before those that are there.
    case older
    /// They stand behind those that are there.
    case newer
    /// They take the place of those that are there.
    case jump
    /// They are where the reader was, and take the place of those that are there unless the reader
    /// went elsewhere meanwhile.
    case place
}

/// A message to send and the run that answers it, or one of the two.
struct Sending: Hashable, Sendable {
    /// Empty for a thread that is made first.
    var threadID: Assistants.Thread.ID
    /// Names the sending in its result.
    var number: Int
    /// Nil for a run without a new message.
    var text: String?
    var assistantID: Assistant.ID
    /// Added to the instructions of this run.
    var instructions: String?
    /// How long the run may take.
    var deadline: Duration
    /// The title of a new thread; empty for none.
    var title = ""
    /// Files that go with the message.
    var files: [AttachedFile] = []
    /// The assistant's tools that take files.
    var fileTools: [Tool] = []
}

/// What a person wrote into the form of an assistant.
struct AssistantDraft: Hashable, Sendable {
    /// Nil for a new one.
    var id: Assistant.ID?
    var name: String
    var model: String
    var instructions: String
}

/// What came of an effect.
enum EffectResult: Sendable {
    case threads(Page<ThreadSummary>, after: String?)
    /// The service cannot list threads.
    case threadsUnavailable
    /// The list could not be read this time, for this reason.
    case threadsFailed(String)
    case assistants([Assistant])
    case models([ModelInfo])
    case answering(Assistant.ID, ModelInfo?)
    case opened(Assistants.Thread.ID, OpenedThread)
    /// There is no such thread.
    case threadMissing(Assistants.Thread.ID)
    case messages(Assistants.Thread.ID, Range<Int>, [Message], purpose: WindowPurpose, total: Int)
    case steps(Assistants.Thread.ID, [RunStep])
    case threadCreated(number: Int, Assistants.Thread)
    case messageSent(number: Int, Message)
    case runStarted(number: Int, Run)
    case sendingFailed(number: Int, threadID: Assistants.Thread.ID, step: SendingStep, String)
    case runChanged(Run)
    case submitFailed(Run.ID, String)
    /// What was said about commands, for this run.
    case consents(Consents, for: Run.ID)
    case commandEnded(CommandOrder, output: String)
    /// The run could not be stopped, for this reason.
    case stopFailed(Run.ID, on: Assistants.Thread.ID, String)
    case commandNotBegun(CommandOrder, CommandRefusal)
    case folder(String, FolderListing)
    case examined(
        [UInt8], for: Assistants.Thread.ID, Result<LocalFile.Facts, LocalFile.Problem>)
    /// The file at a place of the message of a sending is at the service.
    case uploaded(File, LocalFile.Facts, number: Int, place: Int)
    case files([File])
    case threadRenamed(Assistants.Thread)
    case threadDeleted(Assistants.Thread.ID)
    case assistantSaved(Assistant)
    case file(File.ID, FileInfo?)
    /// A file could not be looked up for now.
    case fileNotReached(File.ID)
    case picture(PictureRequest, Picture)
    /// A file was saved or opened; a sentence says where, or with what.
    case fileDone(String)
    case copied(what: String, routes: [String])
    case edited(String, for: EditorPurpose)
    /// The text of this number was spoken, or why it was not.
    case spoken(Int, failure: String?)
    /// Something failed that needs no more than to be told.
    case failed(threadID: Assistants.Thread.ID?, String)
}

/// Why a command was not begun.
enum CommandRefusal: Hashable, Sendable {
    /// What was said about it is not what it was thought to be: this is.
    case changed(Consents)
    /// Its run does not wait for it any more.
    case notWaiting
    /// Something failed, in a sentence.
    case failed(String)
}

/// Where a sending stopped.
enum SendingStep: Hashable, Sendable {
    case files, thread, message, run
}

/// A thread as it was read from the service.
struct OpenedThread: Sendable {
    var thread: Assistants.Thread?
    var messages: [Message]
    /// Places of the messages in the thread.
    var window: Range<Int>
    var total: Int
    /// Oldest first.
    var runs: [Run]
    var steps: [RunStep]
}

/// Something that happened, for the state to take in.
enum ConsoleInput: Sendable {
    /// Key, mouse, paste, size.
    case terminal(Input)
    /// What a service told, in order.
    case events([ServiceEvent])
    /// What came of an effect.
    case result(EffectResult)
    /// The terminal took the frame that was drawn last.
    case frameTaken
    /// A terminal that gives no signs was asked for one.
    case sign
    /// The terminal is ours again, after somebody else had it.
    case cameBack
    /// Time passed.
    case tick
}
