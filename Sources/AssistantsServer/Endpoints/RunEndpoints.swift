import Assistants
import HTTPTypes
import Wire

/// Runs and their steps.
enum RunEndpoints {
    static let all: [Endpoint] =
        starting + [
            Endpoint(.get, "/v1/threads/{thread_id}/runs") { (exchange) throws(APIError) in
                let page = try await exchange.service.runs(
                    on: exchange.ids[0], exchange.query.page(), for: exchange.caller)
                return Answer(page, \.json)
            },
            Endpoint(.get, "/v1/threads/{thread_id}/runs/{run_id}") { (exchange) throws(APIError) in
                .run(
                    try await exchange.service.run(
                        exchange.ids[1], on: exchange.ids[0], for: exchange.caller))
            },
            Endpoint(.post, "/v1/threads/{thread_id}/runs/{run_id}") {
                (exchange) throws(APIError) in
                guard let metadata = try exchange.newMetadata() else {
                    return .run(
                        try await exchange.service.run(
                            exchange.ids[1], on: exchange.ids[0], for: exchange.caller))
                }
                return .run(
                    try await exchange.service.modifyRun(
                        exchange.ids[1], on: exchange.ids[0], metadata: metadata,
                        for: exchange.caller))
            },
            Endpoint(.post, "/v1/threads/{thread_id}/runs/{run_id}/cancel") {
                (exchange) throws(APIError) in
                try exchange.fields().finish()
                return .run(
                    try await exchange.service.cancelRun(
                        exchange.ids[1], on: exchange.ids[0], for: exchange.caller))
            },
            Endpoint(.get, "/v1/threads/{thread_id}/runs/{run_id}/steps") {
                (exchange) throws(APIError) in
                let page = try await exchange.service.steps(
                    of: exchange.ids[1], on: exchange.ids[0], exchange.query.page(),
                    for: exchange.caller)
                let isWhole = exchange.includesSearchContent
                return Answer(page) { isWhole ? $0.json : $0.withoutSearchContent.json }
            },
            Endpoint(.get, "/v1/threads/{thread_id}/runs/{run_id}/steps/{step_id}") {
                (exchange) throws(APIError) in
                let step = try await exchange.service.step(
                    exchange.ids[2], of: exchange.ids[1], on: exchange.ids[0], for: exchange.caller)
                return Answer(
                    exchange.includesSearchContent ? step.json : step.withoutSearchContent.json)
            },
        ]

    private static let starting: [Endpoint] = [
        Endpoint(.post, "/v1/threads/{thread_id}/runs") { (exchange) throws(APIError) in
            let (request, streams) = try exchange.read { (fields) throws(APIError) in
                (exchange.limited(try fields.run()), try fields.bool("stream") ?? false)
            }
            guard streams else {
                return .run(
                    try await exchange.service.createRun(
                        request, on: exchange.ids[0], for: exchange.caller))
            }
            let events = try await exchange.service.streamRun(
                request, on: exchange.ids[0], for: exchange.caller)
            return exchange.answer(events)
        },
        Endpoint(.post, "/v1/threads/runs") { (exchange) throws(APIError) in
            let (thread, request, streams) = try exchange.read { (fields) throws(APIError) in
                let (thread, run) = try fields.threadAndRun()
                return (thread, exchange.limited(run), try fields.bool("stream") ?? false)
            }
            guard streams else {
                return .run(
                    try await exchange.service.createThreadAndRun(
                        thread, request, for: exchange.caller))
            }
            let events = try await exchange.service.streamThreadAndRun(
                thread, request, for: exchange.caller)
            return exchange.answer(events)
        },
        Endpoint(.post, "/v1/threads/{thread_id}/runs/{run_id}/submit_tool_outputs") {
            (exchange) throws(APIError) in
            let (outputs, streams) = try exchange.read { (fields) throws(APIError) in
                (try fields.toolOutputs(), try fields.bool("stream") ?? false)
            }
            guard streams else {
                return .run(
                    try await exchange.service.submitToolOutputs(
                        outputs, to: exchange.ids[1], on: exchange.ids[0], for: exchange.caller))
            }
            let events = try await exchange.service.streamToolOutputs(
                outputs, to: exchange.ids[1], on: exchange.ids[0], for: exchange.caller)
            return exchange.answer(events)
        },
    ]
}

extension Exchange {
    /// The run with the time it may take; only the person at this machine may choose it.
    fileprivate func limited(_ request: RunRequest) -> RunRequest {
        guard caller == .trusted, let seconds = headers[.runSeconds].flatMap({ Int($0) }),
            (1...604_800).contains(seconds)
        else { return request }
        var request = request
        request.deadline = .seconds(seconds)
        return request
    }

    /// A run's events as they were asked for.
    fileprivate func answer(_ events: AssistantEventStream) -> Answer {
        Answer(events, EventEncoder(includesSearchContent: includesSearchContent))
    }
}

extension RunStep {
    /// The step as it is told when nobody asked for the passages that a search found.
    var withoutSearchContent: RunStep {
        guard case .toolCalls(let calls) = details else { return self }
        var step = self
        step.details = .toolCalls(
            calls.map { call in
                guard case .fileSearch(let options, let results) = call.kind else { return call }
                var call = call
                call.kind = .fileSearch(
                    rankingOptions: options,
                    results: results.map { result in
                        var result = result
                        result.text = nil
                        return result
                    })
                return call
            })
        return step
    }
}
