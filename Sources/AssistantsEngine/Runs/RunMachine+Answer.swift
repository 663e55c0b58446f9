import Assistants
import Wire

// What the model says becomes messages, steps and deltas (`ENGINE.md` 2.5).

extension RunMachine {
    mutating func take(_ event: ModelEvent) {
        guard case .answering(var answer) = phase else { return }
        phase = .queued  // Lets go of the answer, so that its text grows in place.
        switch event {
        case .reasoning(let text):
            answer.size += text.utf8.count
            if !text.isEmpty { order(.tellReasoning(text)) }
        case .text(let text): take(text: text, &answer)
        case .refusal(let text): take(refusal: text, &answer)
        case .toolCall(let index, let id, let name, let arguments):
            take(index: index, id: id, name: name, arguments: arguments, &answer)
        case .kept(let item):
            answer.size += item.bytes.count
            answer.kept.append(item)
        case .usage(let usage): answer.usage = usage
        case .finished(let finish): answer.finish = finish
        }
        let size = answer.size
        phase = .answering(answer)
        if size > Self.answerLimit {
            fail(
                RunError(
                    code: .serverError,
                    message: "The model's answer was larger than \(Self.answerLimit >> 20) MiB and "
                        + "was cut off."))
        }
    }

    private mutating func take(text: String, _ answer: inout ModelAnswer) {
        answer.size += text.utf8.count
        var text = text
        if answer.message == nil {
            if text.utf8.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
                answer.leadingSpace += text
                return
            }
            text = answer.leadingSpace + text
            answer.leadingSpace = ""
            openMessage(&answer)
        }
        guard hasFileSearch else { return tell(text: text, annotation: nil, &answer) }
        for piece in answer.citations.feed(text) {
            switch piece {
            case .text(let text): tell(text: text, annotation: nil, &answer)
            case .marker(let marker, let search, let passage):
                let file = fileID(search: search, passage: passage)
                tell(text: marker, annotation: file, &answer)
            }
        }
    }

    private mutating func take(refusal: String, _ answer: inout ModelAnswer) {
        answer.size += refusal.utf8.count
        if refusal.isEmpty { return }
        if answer.message == nil { openMessage(&answer) }
        guard let message = answer.message else { return }
        let place = answer.refusalPart ?? answer.imageCount + (answer.textPart == nil ? 0 : 1)
        answer.refusalPart = place
        emit(
            .messageDelta(
                MessageDelta(
                    id: message.id, parts: [.init(index: place, content: .refusal(refusal))])))
    }

    /// Writes a message that comes whole.
    mutating func writeMessage(_ answer: inout ModelAnswer, _ text: String) {
        openMessage(&answer)
        tell(text: text, annotation: nil, &answer)
    }

    private mutating func openMessage(_ answer: inout ModelAnswer) {
        let run = run
        let message = Message(
            id: identifiers.next("msg"), createdAt: now, threadID: run.threadID,
            status: .inProgress, role: .assistant, assistantID: run.assistantID, runID: run.id)
        let step = openStep(.messageCreation(messageID: message.id))
        emit(.message(.created, message))
        emit(.message(.inProgress, message))
        answer.message = (message.id, step)
        answer.wroteMessage = true
        (answer.textPart, answer.refusalPart) = (nil, nil)
        (answer.textScalars, answer.annotationCount, answer.imageCount) = (0, 0, 0)
        showImages(&answer)
    }

    private mutating func openStep(_ details: RunStep.Details) -> RunStep.ID {
        let run = run
        let step = RunStep(
            id: identifiers.next("step"), createdAt: now, runID: run.id,
            assistantID: run.assistantID, threadID: run.threadID, expiresAt: run.expiresAt,
            details: details)
        emit(.step(.created, step))
        emit(.step(.inProgress, step))
        return step.id
    }

    /// Tells text of the open message, as a citation where it names a file.
    mutating func tell(text: String, annotation file: String?, _ answer: inout ModelAnswer) {
        guard let message = answer.message else { return }
        let place = answer.textPart ?? answer.imageCount + (answer.refusalPart == nil ? 0 : 1)
        answer.textPart = place
        let start = answer.textScalars
        answer.textScalars += text.unicodeScalars.count
        var annotations: [MessageDelta.IndexedAnnotation] = []
        if let file {
            let annotation = Annotation(
                target: .fileCitation(fileID: file, quote: nil), text: text, startIndex: start,
                endIndex: answer.textScalars)
            annotations = [.init(index: answer.annotationCount, annotation: annotation)]
            answer.annotationCount += 1
        }
        emit(
            .messageDelta(
                MessageDelta(
                    id: message.id,
                    parts: [.init(index: place, content: .text(text, annotations: annotations))])))
    }

    private func fileID(search: Int, passage: Int) -> String? {
        guard searches.indices.contains(search), searches[search].indices.contains(passage) else {
            return nil
        }
        return searches[search][passage].fileID
    }

    // MARK: Tool calls

    private mutating func take(
        index: Int, id: String?, name: String?, arguments: String, _ answer: inout ModelAnswer
    ) {
        answer.size += arguments.utf8.count
        closeMessage(&answer, usage: Usage())
        if let place = answer.calls.firstIndex(where: { $0.index == index }) {
            guard let step = answer.toolStep, !arguments.isEmpty else { return }
            answer.calls[place].arguments += arguments
            tellArguments(arguments, ofCall: place, &answer, step: step)
            return
        }
        // A call gets its place when it is named, so that the places have no gaps; what came
        // before its name follows it.
        var call = answer.unnamed.removeValue(forKey: index) ?? .init(index: index, id: "")
        call.arguments += arguments
        if call.id.isEmpty { call.id = id ?? "" }
        call.name = name.flatMap { $0.isEmpty ? nil : $0 }
        if call.name == nil {
            answer.unnamed[index] = call
        } else {
            place(call, &answer)
        }
    }

    /// Gives every call its place whose name never came.
    mutating func placeUnnamed(_ answer: inout ModelAnswer) {
        for call in answer.unnamed.values.sorted(by: { $0.index < $1.index }) {
            place(call, &answer)
        }
        answer.unnamed = [:]
    }

    private mutating func place(_ call: ModelAnswer.Call, _ answer: inout ModelAnswer) {
        // Some servers call in parallel though they were told not to.
        if !answer.calls.isEmpty, !run.allowsParallelToolCalls { return }
        var call = call
        if call.id.isEmpty || answer.calls.contains(where: { $0.id == call.id }) {
            call.id = identifiers.next("call")
        }
        call.tool = tool(named: call.name ?? "")
        let step = answer.toolStep ?? openStep(.toolCalls([]))
        answer.toolStep = step
        answer.calls.append(call)
        introduce(answer.calls.count - 1, of: &answer, step: step)
    }

    private mutating func introduce(
        _ place: Int, of answer: inout ModelAnswer, step: RunStep.ID
    ) {
        let call = answer.calls[place]
        let kind: ToolCallDelta.Kind =
            switch call.tool {
            case .fileSearch: .fileSearch(rankingOptions: rankingOptions, results: [])
            case .codeInterpreter: .codeInterpreter(input: "", outputs: [])
            case .function, .unknown:
                .function(name: call.name ?? "", arguments: "", output: nil)
            }
        emit(
            .stepDelta(
                RunStepDelta(
                    id: step,
                    details: .toolCalls([ToolCallDelta(index: place, id: call.id, kind: kind)]))))
        if !call.arguments.isEmpty {
            tellArguments(call.arguments, ofCall: place, &answer, step: step)
        }
    }

    private mutating func tellArguments(
        _ arguments: String, ofCall place: Int, _ answer: inout ModelAnswer, step: RunStep.ID
    ) {
        switch answer.calls[place].tool {
        case .function, .unknown: break
        case .fileSearch: return
        case .codeInterpreter:
            let code = answer.calls[place].code.feed(arguments)
            return tellCode(code, at: place, step: step)
        }
        let kind = ToolCallDelta.Kind.function(name: nil, arguments: arguments, output: nil)
        emit(
            .stepDelta(
                RunStepDelta(
                    id: step, details: .toolCalls([ToolCallDelta(index: place, kind: kind)]))))
    }

    /// What a name means in this run; a function of the assistant's own comes first.
    private func tool(named name: String) -> ModelAnswer.Call.Tool {
        var found = ModelAnswer.Call.Tool.unknown
        for tool in run.tools {
            switch tool {
            case .function(let function) where function.name == name: return .function
            case .fileSearch where name == "file_search": found = .fileSearch
            case .codeInterpreter where name == "code_interpreter": found = .codeInterpreter
            case .function, .fileSearch, .codeInterpreter, .unknown: break
            }
        }
        return found
    }

    private var rankingOptions: JSONValue? {
        for case .fileSearch(let options) in run.tools { return options["ranking_options"] }
        return nil
    }
}
