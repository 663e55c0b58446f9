import Assistants
import Wire

/// One answer of a model while it comes: what is open, and what must be known at its end.
struct ModelAnswer: Hashable, Sendable {
    /// A tool call of the answer.
    struct Call: Hashable, Sendable {
        /// What the tool is to this run.
        enum Tool: Hashable, Sendable {
            case function, fileSearch, codeInterpreter
            /// The model made the name up.
            case unknown
        }

        /// The index by which the model names the call; its place in the step is its place here.
        var index: Int
        var id: String
        /// Nil until a piece told it.
        var name: String?
        var tool: Tool = .function
        var arguments = ""
        /// The code in the arguments of the code interpreter.
        var code = GrowingCode()
    }

    /// The message that is open, and its step.
    var message: (id: Message.ID, step: RunStep.ID)? {
        get { messageID.flatMap { id in messageStepID.map { (id, $0) } } }
        set { (messageID, messageStepID) = (newValue?.id, newValue?.step) }
    }
    private var messageID: Message.ID?
    private var messageStepID: RunStep.ID?

    /// White space that came first; it becomes text only when text follows.
    var leadingSpace = ""
    /// Where the text and the refusal stand in the open message.
    var textPart: Int?
    var refusalPart: Int?
    /// How many pictures stand before the text in the open message.
    var imageCount = 0
    /// How many Unicode scalars the open text has.
    var textScalars = 0
    var annotationCount = 0
    var citations = CitationScanner()

    /// The step of the tool calls, once there is one.
    var toolStep: RunStep.ID?
    var calls: [Call] = []
    /// Calls that no piece has named yet, by their index.
    var unnamed: [Int: Call] = [:]
    /// What the model wants back with its calls.
    var kept: [JSONValue] = []
    var usage = Usage()
    var finish: ModelFinish?
    /// The bytes that came, of whatever kind.
    var size = 0
    /// Whether a message was made, though it may be closed again.
    var wroteMessage = false
}
