import Assistants

/// Tells how the runs stand that were going on when something may have been missed.
struct Retelling {
    let runs: ActiveRuns
    let publish: (ServiceEvent) -> Void

    /// Has the active runs told again, and tells the ends of those that ended meanwhile.
    func catchUp(with service: any AssistantsService) async {
        for (id, thread) in runs.all {
            guard let run = try? await service.run(id, on: thread, for: .trusted) else { continue }
            if !run.status.isActive {
                await tell(ended: run, service)
            } else if let service = service as? any RunWatching {
                // What cannot be told again now is told when the run ends.
                try? await service.retellRun(on: thread, for: .trusted)
            }
        }
    }

    /// Tells the steps and messages of a run, and its end.
    func tell(ended run: Run, _ service: any AssistantsService) async {
        let page = PageRequest(limit: 100, order: .ascending)
        let steps = try? await service.steps(
            of: run.id, on: run.threadID, page, for: .trusted)
        let messages = try? await service.messages(
            in: run.threadID, run: run.id, page, for: .trusted)
        var told: [AssistantEvent] = []
        for step in steps?.data ?? [] {
            if let phase = StepPhase(rawValue: step.status.wireName) {
                told.append(.step(phase, step))
            }
        }
        for message in messages?.data ?? [] {
            let phase = message.status.flatMap { MessagePhase(rawValue: $0.wireName) }
            told.append(.message(phase ?? .completed, message))
        }
        if let phase = RunPhase(rawValue: run.status.wireName) { told.append(.run(phase, run)) }
        told.append(.done)
        for event in told {
            publish(ServiceEvent(threadID: run.threadID, runID: run.id, kind: .run(event)))
        }
    }
}
