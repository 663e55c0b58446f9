import Assistants

/// A fact that a run has to deal with.
enum RunInput: Hashable, Sendable {
    /// The run was taken up for the first time.
    case started
    /// The run was found active after its host had gone; how often that happened without warning.
    case recovered(interruptions: Int)
    /// A piece of the answer to the call that was made last.
    case model(ModelEvent)
    /// The answer's stream came to its end.
    case modelEnded
    case modelFailed(ModelError)
    case searchFinished(callID: String, [FileSearchResult])
    /// A search could not be made; the sentence is told to the model.
    case searchFailed(callID: String, message: String)
    /// The command that answers a call has ended; what the call came to.
    case functionFinished(callID: String, output: String)
    /// Code printed something.
    case codePrinted(callID: String, String)
    /// Code drew a picture, which is kept as a file.
    case codeDrew(callID: String, File.ID)
    /// Code is over; all files that there are now.
    case codeFinished(callID: String, files: [String])
    /// Code could not run or died; the sentence is told to the model.
    case codeFailed(callID: String, message: String)
    /// Checked before with `refusal(of:)`.
    case outputsSubmitted([ToolOutput])
    /// Checked before with `cancelRefusal`.
    case cancelAsked
    /// What was going on when `stopWork` was ordered has been let go.
    case workStopped
    /// The deadline has passed.
    case expired
    /// The run cannot be recorded or carried on for a reason of the host's.
    case hostFailed(message: String)
}

/// An order that a run gives.
enum RunAction: Hashable, Sendable {
    /// Tell everyone; whole objects are stored before.
    case emit(AssistantEvent)
    /// The model thinks; told to those who watch, never on the wire.
    case tellReasoning(String)
    /// Answer whoever asked for the change, with the run as it is now.
    indirect case acknowledge(Run)
    /// Ask the model; its pieces come back as `model` and `modelEnded` or `modelFailed`.
    case callModel(ModelCall)
    /// Search; what is found comes back as `searchFinished` or `searchFailed`.
    case search(SearchCall)
    /// Have a command answer a call; what it came to comes back as `functionFinished`.
    case runFunction(FunctionCall)
    /// Run code; what it does comes back as `codePrinted`, `codeDrew`, `codeFinished` and
    /// `codeFailed`.
    case runCode(CodeCall)
    /// Keep a file that code made, before anything that is told with it.
    case keepFile(KeptFile)
    /// Let go of the model call, the searches and the code, then say `workStopped`.
    case stopWork
    /// Nothing more can happen to the run.
    case finish
}

/// What a model call needs beside the run's settings and the thread.
struct ModelCall: Hashable, Sendable {
    /// What was said and done in this run so far.
    var conversation: [ModelMessage]
    var toolChoice: ToolChoice
    /// What is left of the run's budgets; nil for no limit.
    var promptTokens: Int?
    var completionTokens: Int?
}

/// A file search that the model asked for.
struct SearchCall: Hashable, Sendable {
    var callID: String
    var queries: [String]
    var limit: Int
    /// Passages that score less are left out; 0…1.
    var scoreThreshold: Double
}

/// Code that the model wants to be run.
struct CodeCall: Hashable, Sendable {
    var callID: String
    var code: String
}

/// A file that code made and a message names.
struct KeptFile: Hashable, Sendable {
    /// The id it gets.
    var id: File.ID
    /// Its path below `/mnt/data`.
    var name: String
}

/// A call of a function that a command answers.
struct FunctionCall: Hashable, Sendable {
    var callID: String
    var name: String
    /// JSON, as the model wrote it.
    var arguments: String
}
