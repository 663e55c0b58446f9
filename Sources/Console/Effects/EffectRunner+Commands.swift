import Assistants

// Effects about commands that answer calls.
extension EffectRunner {
    func perform(consent effect: Effect) async {
        switch effect {
        case .readConsents(let run): post(.consents(consents?.read() ?? Consents(), for: run))
        case .keepConsent(let answer):
            let problem = consents?.change { $0.add(answer) } ?? nil
            if let problem {
                post(.failed(threadID: nil, "The answer is not remembered: \(problem)"))
            }
        case .runCommand(let order, let reason): await run(order, reason)
        case .endCommands(let calls, let forgets):
            endCommands(calls)
            // Where that cannot be written, it is only said once more that they were begun.
            if forgets { _ = consents?.change { [place] in $0.remove(calls, service: place) } }
        default: break
        }
    }

    /// Runs a command, once it is on the disk that it was begun: it is never begun twice unasked.
    private func run(_ order: CommandOrder, _ reason: CommandReason) async {
        expect(order.key)
        defer { forget(order.key) }
        guard let consents else {
            let text = "The command was not begun: there is no folder that remembers it."
            return post(.commandNotBegun(order, .failed(text)))
        }
        switch consents.begin(order, by: reason, wall: WallClock.now) {
        case .changed(let consents): return post(.commandNotBegun(order, .changed(consents)))
        case .unwritable(let problem):
            let text = "The command was not begun: \(problem)"
            return post(.commandNotBegun(order, .failed(text)))
        case .begun: break
        }
        // Another console may have answered the call before this one wrote that it began it.
        do throws(APIError) {
            let run = try await service.run(order.runID, on: order.threadID, for: .trusted)
            guard run.isWaiting(for: order) else {
                consents.withdraw(order, reason)
                return post(.commandNotBegun(order, .notWaiting))
            }
        } catch {
            consents.withdraw(order, reason)
            let text = "The command was not begun: \(error.message)"
            return post(.commandNotBegun(order, .failed(text)))
        }
        guard let output = await output(of: order) else {
            return post(.commandEnded(order, output: "The function was stopped."))
        }
        // For the next console, where this one ends before the run has it.
        _ = consents.change { $0.end(order, output) }
        post(.commandEnded(order, output: output))
    }
}

extension Run {
    /// Whether it still waits for this very call.
    fileprivate func isWaiting(for order: CommandOrder) -> Bool {
        status == .requiresAction
            && requiredAction.contains { call in
                guard case .function(let name, let arguments, nil) = call.kind else { return false }
                return call.id.isExactly(order.callID) && name.isExactly(order.function)
                    && arguments.isExactly(order.input)
            }
    }
}
