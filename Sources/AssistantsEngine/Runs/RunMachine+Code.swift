import Assistants
import Wire

// The code interpreter's calls: code that grows, what it prints, pictures and files.

extension RunMachine {
    /// The most bytes of what code printed that the model is told.
    static let printedLimit = 20_000
    /// The most files that one message makes into files that are kept.
    static let keptLimit = 20

    /// Starts the first of an answer's calls that is open and waits; one runs at a time, because
    /// they share a state.
    mutating func startCode(of answer: ModelAnswer, open: Set<String>) {
        let next = answer.calls.first { $0.tool == .codeInterpreter && open.contains($0.id) }
        guard let next, let code = code(of: next.id, in: answer.toolStep) else { return }
        order(.runCode(CodeCall(callID: next.id, code: code)))
    }

    /// Settles what code a call has, once its arguments are whole; false when it has none, which
    /// its output then says.
    mutating func settleCode(of call: ModelAnswer.Call, at place: Int, step: RunStep.ID?) -> Bool {
        guard let step else { return false }
        if call.code.isComplete { return true }
        // Some models write the code itself in place of an object.
        if call.code.isBare, !call.arguments.allSatisfy(\.isWhitespace) {
            tellCode(call.arguments, at: place, step: step)
            return true
        }
        tellOutput(
            .logs("The call had no code: its arguments were not {\"code\": \"…\"}."),
            of: call.id, in: step)
        return false
    }

    /// Tells more of the code of a call.
    mutating func tellCode(_ code: String, at place: Int, step: RunStep.ID) {
        if code.isEmpty { return }
        let kind = ToolCallDelta.Kind.codeInterpreter(input: code, outputs: [])
        emit(
            .stepDelta(
                RunStepDelta(
                    id: step, details: .toolCalls([ToolCallDelta(index: place, kind: kind)]))))
    }

    mutating func takePrinted(_ id: String, _ text: String) {
        guard case .working(let answer, let open) = phase, open.contains(id),
            let step = answer.toolStep, !text.isEmpty
        else { return }
        tellOutput(.logs(text), of: id, in: step)
    }

    mutating func takeDrawn(_ id: String, _ file: File.ID) {
        guard case .working(let answer, let open) = phase, open.contains(id),
            let step = answer.toolStep
        else { return }
        memory.images.append(file)
        tellOutput(.image(fileID: file), of: id, in: step)
    }

    /// The code of a call is over; where it failed, a sentence says why.
    mutating func finishCode(_ id: String, files: [String]?, failure: String?) {
        guard case .working(let answer, var open) = phase, open.remove(id) != nil else { return }
        if let failure, let step = answer.toolStep {
            tellOutput(.logs(failure), of: id, in: step)
        }
        if let files { self.files = files }
        phase = .working(answer, open)
        if open.isEmpty { return settleTools() }
        startCode(of: answer, open: open)
    }

    /// Adds an output to a call: what is printed goes on in the same text.
    private mutating func tellOutput(_ output: CodeOutput, of id: String, in step: RunStep.ID) {
        guard case .toolCalls(let calls) = transcript.step(step)?.details,
            let place = calls.firstIndex(where: { $0.id == id }),
            case .codeInterpreter(_, let outputs) = calls[place].kind
        else { return }
        var index = outputs.count
        if case .logs = output, case .logs = outputs.last { index -= 1 }
        let kind = ToolCallDelta.Kind.codeInterpreter(
            input: nil, outputs: [.init(index: index, output: output)])
        emit(
            .stepDelta(
                RunStepDelta(
                    id: step, details: .toolCalls([ToolCallDelta(index: place, kind: kind)]))))
    }

    private func code(of id: String, in step: RunStep.ID?) -> String? {
        guard let step, case .toolCalls(let calls) = transcript.step(step)?.details,
            case .codeInterpreter(let input, _) = calls.first(where: { $0.id == id })?.kind
        else { return nil }
        return input
    }

    /// What code came to, as text for the model.
    func told(_ outputs: [CodeOutput]) -> String {
        var text = ""
        for output in outputs {
            switch output {
            case .logs(let logs): text += logs
            case .image: text += "\n[A picture, which the user sees in your next message.]\n"
            case .unknown: break
            }
        }
        if text.isEmpty { text = "The code printed nothing." }
        text = text.withoutMiddle(limit: Self.printedLimit)
        if files.isEmpty { return text }
        let names = files.prefix(50).joined(separator: ", ")
        return text + "\n\nFiles under /mnt/data: " + names
    }

    // MARK: Messages

    /// Shows the pictures that were drawn since the last message at the beginning of this one.
    mutating func showImages(_ answer: inout ModelAnswer) {
        guard let message = answer.message, !memory.images.isEmpty else { return }
        let parts = memory.images.enumerated().map { index, file in
            MessageDelta.Part(
                index: index, content: .whole(.imageFile(fileID: file, detail: nil)))
        }
        answer.imageCount = parts.count
        emit(.messageDelta(MessageDelta(id: message.id, parts: parts)))
    }

    /// Makes links of a message to files of the code's into annotations, and has those files kept.
    mutating func linkFiles(_ answer: inout ModelAnswer) {
        guard !files.isEmpty, let id = answer.message?.id, let place = answer.textPart,
            let content = transcript.message(id)?.content, content.indices.contains(place),
            case .text(let text) = content[place]
        else { return }
        var kept: [String: File.ID] = [:]
        var annotations: [MessageDelta.IndexedAnnotation] = []
        for link in FileLink.all(in: text.value, to: files)
        where kept[link.file] != nil || kept.count < Self.keptLimit {
            let file = kept[link.file] ?? identifiers.next("file")
            if kept.updateValue(file, forKey: link.file) == nil {
                order(.keepFile(KeptFile(id: file, name: link.file)))
            }
            let annotation = Annotation(
                target: .filePath(fileID: file), text: link.text, startIndex: link.start,
                endIndex: link.end)
            annotations.append(.init(index: answer.annotationCount, annotation: annotation))
            answer.annotationCount += 1
        }
        if annotations.isEmpty { return }
        emit(
            .messageDelta(
                MessageDelta(
                    id: id,
                    parts: [.init(index: place, content: .text("", annotations: annotations))]
                )))
    }
}

extension String {
    /// The text with something left out in the middle, where it has more bytes than `limit`.
    fileprivate func withoutMiddle(limit: Int) -> String {
        if utf8.count <= limit { return self }
        let bytes = Array(utf8)
        // Between two scalars: what continues one begins with the bits 10.
        func scalarStart(_ place: Int) -> Int {
            var place = place
            while bytes[place] & 0xC0 == 0x80 { place += 1 }
            return place
        }
        let head = bytes[..<scalarStart(limit / 2)]
        let tail = bytes[scalarStart(bytes.count - limit / 2)...]
        return String(decoding: head, as: UTF8.self) + "\n[…]\n"
            + String(decoding: tail, as: UTF8.self)
    }
}
