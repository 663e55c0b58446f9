import Assistants

// What a run waits for: its model, its searches and its code.
extension RunLoop {
    func startModelCall(_ call: ModelCall) {
        letGoOfWork()
        let (context, arrive, number) = (context, arrive, generation)
        work.append(Task { await Self.read(call, from: context, number, into: arrive) })
    }

    @concurrent
    private static func read(
        _ call: ModelCall, from context: RunContext, _ number: Int,
        into arrive: AsyncStream<Arrival>.Continuation
    ) async {
        do {
            let stream = try await context.stream(call)
            // Told before the end, which lets go of whoever listens.
            defer { if let health = stream.trouble { arrive.yield(.trouble(number, health)) } }
            for try await event in stream {
                arrive.yield(.work(generation: number, .model(event)))
            }
        } catch {
            let error =
                error as? ModelError
                ?? ModelError(.server, "The model's answer could not be read: \(error)")
            arrive.yield(.work(generation: number, .modelFailed(error)))
            return
        }
        arrive.yield(.work(generation: number, .modelEnded))
    }

    func startSearch(_ call: SearchCall) {
        let (context, arrive, number) = (context, arrive, generation)
        work.append(
            Task {
                do throws(APIError) {
                    let found = try await context.search(call)
                    arrive.yield(
                        .work(generation: number, .searchFinished(callID: call.callID, found)))
                } catch {
                    arrive.yield(
                        .work(
                            generation: number,
                            .searchFailed(callID: call.callID, message: error.message)))
                }
            })
    }

    func startFunction(_ call: FunctionCall) {
        let (context, arrive, number) = (context, arrive, generation)
        work.append(
            Task {
                let output = await context.runFunction(call)
                arrive.yield(
                    .work(
                        generation: number,
                        .functionFinished(callID: call.callID, output: output)))
            })
    }

    func startCode(_ call: CodeCall) {
        let (context, arrive, number) = (context, arrive, generation)
        work.append(
            Task {
                do throws(APIError) {
                    for await event in try await context.runCode(call) {
                        let input = try await Self.input(of: event, call.callID, in: context)
                        arrive.yield(.work(generation: number, input))
                    }
                    // No fact to a call that was told to be over.
                    let message = "The code interpreter went away."
                    arrive.yield(
                        .work(
                            generation: number,
                            .codeFailed(callID: call.callID, message: message)))
                } catch {
                    arrive.yield(
                        .work(
                            generation: number,
                            .codeFailed(callID: call.callID, message: error.message)))
                }
            })
    }

    private static func input(
        of event: InterpreterEvent, _ id: String, in context: RunContext
    ) async throws(APIError) -> RunInput {
        switch event {
        case .printed(let text): .codePrinted(callID: id, text)
        case .drew(let picture): .codeDrew(callID: id, try await context.keep(picture: picture))
        case .finished(let files): .codeFinished(callID: id, files: files)
        case .failed(let sentence): .codeFailed(callID: id, message: sentence)
        }
    }

    /// Keeps a file that a message names; where that fails, its link leads to nothing.
    func keep(_ file: KeptFile) async { try? await context.keep(file) }
}
