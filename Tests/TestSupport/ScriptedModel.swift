#if canImport(AssistantsEngine)
    package import Assistants
    package import AssistantsEngine
    import Synchronization

    /// A model that says what a test wrote down: one answer for each call, in order.
    ///
    /// A class, because the test and the engine share it.
    package final class ScriptedModel: ModelBackend, ModelResolving {
        /// One thing the model does.
        package enum Line: Sendable {
            case say(ModelEvent)
            case fail(ModelError)
            /// Says nothing more until the test lets it go on.
            case wait
            /// The stream ends without having come to an end.
            case breakOff
        }

        private struct State {
            var answers: [[Line]]
            var requests: [ModelRequest] = []
            var gates: [Gate] = []
            var refusals: [ModelError] = []
        }

        package let info: ModelInfo
        private let state: Mutex<State>

        /// A model with its answers; when they are used up, it says "That is all."
        package init(_ answers: [[Line]], contextTokens: Int? = nil) {
            info = ModelInfo(
                name: "scripted", provider: "test", host: "", contextTokens: contextTokens,
                isLocal: true)
            state = Mutex(State(answers: answers))
        }

        /// A model that answers with these texts.
        package convenience init(texts: String...) {
            self.init(texts.map { Self.text($0) })
        }

        /// What the model was asked so far.
        package var requests: [ModelRequest] { state.withLock { $0.requests } }

        /// Adds an answer at the end of the script.
        package func add(_ answer: [Line]) { state.withLock { $0.answers.append(answer) } }

        /// Refuses the next calls with these errors, before the script goes on.
        package func refuse(_ errors: [ModelError]) { state.withLock { $0.refusals = errors } }

        /// An answer of a text, word by word.
        package static func text(_ text: String, _ finish: ModelFinish = .stop) -> [Line] {
            var lines: [Line] = []
            var word = ""
            for scalar in text.unicodeScalars {
                word.unicodeScalars.append(scalar)
                if scalar == " " {
                    lines.append(.say(.text(word)))
                    word = ""
                }
            }
            if !word.isEmpty { lines.append(.say(.text(word))) }
            let usage = Usage(promptTokens: 10, completionTokens: lines.count)
            return lines + [.say(.usage(usage)), .say(.finished(finish))]
        }

        /// An answer of function calls: the name and the arguments of each.
        package static func calls(_ calls: (String, String)...) -> [Line] {
            var lines: [Line] = []
            for (index, (name, arguments)) in calls.enumerated() {
                let half = arguments.index(arguments.startIndex, offsetBy: arguments.count / 2)
                lines += [
                    .say(.toolCall(index: index, id: "call_\(index)", name: name, arguments: "")),
                    .say(
                        .toolCall(
                            index: index, id: nil, name: nil, arguments: String(arguments[..<half]))
                    ),
                    .say(
                        .toolCall(
                            index: index, id: nil, name: nil, arguments: String(arguments[half...]))
                    ),
                ]
            }
            let usage = Usage(promptTokens: 20, completionTokens: 5)
            return lines + [.say(.usage(usage)), .say(.finished(.toolCalls))]
        }

        /// Lets every answer that waits go on.
        package func goOn() {
            let gates = state.withLock { state in
                defer { state.gates = [] }
                return state.gates
            }
            for gate in gates { gate.open() }
        }

        package func backend(for model: String) async throws(ModelError) -> any ModelBackend {
            if model == "nobody" { throw ModelError(.unreachable, "Nobody serves \(model).") }
            return self
        }

        package func models() async -> [ModelInfo] { [info] }

        package func stream(_ request: ModelRequest) async throws(ModelError) -> ModelEventStream {
            let refusal = state.withLock { state -> ModelError? in
                state.requests.append(request)
                return state.refusals.isEmpty ? nil : state.refusals.removeFirst()
            }
            if let refusal { throw refusal }
            let answer = state.withLock { state in
                state.answers.isEmpty ? Self.text("That is all.") : state.answers.removeFirst()
            }
            let script = Mutex(answer[...])
            let reading = Reading(script: consume script, model: self)
            return ModelEventStream { try await reading.next() }
        }

        fileprivate func gate() -> Gate {
            state.withLock { state in
                let gate = Gate()
                state.gates.append(gate)
                return gate
            }
        }

        /// Where an answer stands.
        private final class Reading: Sendable {
            private let script: Mutex<ArraySlice<Line>>
            private let model: ScriptedModel

            init(script: consuming Mutex<ArraySlice<Line>>, model: ScriptedModel) {
                self.script = script
                self.model = model
            }

            func next() async throws -> ModelEvent? {
                while let line = script.withLock({ $0.popFirst() }) {
                    switch line {
                    case .say(let event): return event
                    case .fail(let error): throw error
                    case .breakOff: return nil
                    case .wait: try await model.gate().pass()
                    }
                }
                return nil
            }
        }

        /// Holds an answer up until it is opened or the reader's task is cancelled.
        fileprivate final class Gate: Sendable {
            private let doors = AsyncStream<Void>.makeStream()

            func open() { doors.continuation.finish() }

            func pass() async throws {
                for await _ in doors.stream {}
                try Task.checkCancellation()
            }
        }
    }
#endif
