import Assistants
import Processes

/// One call of a function with the command that would answer it: all that would run.
///
/// What is asked about is this value, and what runs is the same value.
struct CommandOrder: Hashable, Sendable {
    /// The data directory or the server that the call came from.
    var service: String
    var threadID: Assistants.Thread.ID
    var runID: Run.ID
    /// The step that the call is in; empty where it is not known.
    var stepID: RunStep.ID
    var assistantID: Assistant.ID
    var callID: String
    var function: String
    var command: FunctionCommand
    /// What it gets on its standard input: the arguments of the call as they came.
    var input: String
    /// Where it runs.
    var folder: String

    /// Which call it is.
    var key: CallKey { CallKey(run: runID, step: stepID, call: callID) }
}

/// A call of a run. Models may give the same id again in a later step.
struct CallKey: Hashable, Sendable {
    var run: Run.ID
    var step: RunStep.ID
    var call: String
}

/// Why a command may run.
enum CommandReason: Hashable, Sendable {
    /// Somebody was asked just now, and knew of the time at which it had been begun before.
    case asked(begun: Int?)
    /// Somebody was asked before and said always.
    case remembered
    /// The configuration says always.
    case configured
}

/// How far a waiting call is that a command can answer.
enum CallWork: Hashable, Sendable {
    /// The command is at work.
    case running(since: Duration)
    /// There is an output; it is given to the run with those of the other calls.
    case answered(String)
    /// The command is at work for another console.
    case elsewhere
    /// The person types the output.
    case typed
}
