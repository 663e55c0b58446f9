/// The bytes of a run's stream as OpenAI's servers sent them, in an answer of chunks of 16 KiB.
struct RecordedRun {
    /// What a run does.
    enum Kind: String, CaseIterable {
        /// Answers of a thousand words, one after the other.
        case plain
        /// Code and answers in turn: two fifths of the events are of tool calls.
        case mixed
    }

    /// The whole HTTP answer.
    private(set) var bytes: [UInt8] = []
    /// How many events it has, `done` aside.
    private(set) var events = 0
    /// How many characters of text its messages have in all.
    private(set) var textLength = 0
    private var body = ""

    /// Makes a run of about so many events.
    init(_ kind: Kind, events wanted: Int) {
        run("created", "queued")
        run("in_progress", "in_progress")
        switch kind {
        case .plain:
            for number in 0..<max(1, wanted / 1_000) { answer(number: number, deltas: 996) }
        case .mixed:
            let rounds = max(1, wanted / 1_000)
            for number in 0..<rounds {
                code(number: number, deltas: 410)
                answer(number: number, deltas: 580)
            }
        }
        run("completed", "completed")
        body += "event: done\ndata: [DONE]\n\n"
        finish()
    }

    private mutating func event(_ name: String, _ data: String) {
        body += "event: \(name)\ndata: \(data)\n\n"
        events += 1
    }

    /// An id as long as those of OpenAI's servers.
    private static func id(_ kind: String, _ number: Int) -> String {
        "\(kind)_Qa8WsEd4RfTg6YhUj2Ik\(1_000 + number)"
    }

    private mutating func run(_ phase: String, _ status: String) {
        event(
            "thread.run.\(phase)",
            #"{"id":"run_1","object":"thread.run","created_at":1,"assistant_id":"asst_1","#
                + #""thread_id":"thread_1","status":"\#(status)","model":"gpt-4o","#
                + #""instructions":"","tools":[],"metadata":{},"parallel_tool_calls":true}"#)
    }

    private mutating func step(_ id: String, _ phase: String, type: String, details: String) {
        event(
            "thread.run.step.\(phase)",
            #"{"id":"\#(id)","object":"thread.run.step","created_at":1,"#
                + #""run_id":"run_1","assistant_id":"asst_1","thread_id":"thread_1","#
                + #""type":"\#(type)","status":"\#(phase == "created" ? "in_progress" : phase)","#
                + #""step_details":\#(details),"usage":null}"#)
    }

    private mutating func answer(number: Int, deltas: Int) {
        let (id, stepID) = (Self.id("msg", number), Self.id("step", 2 * number))
        let details =
            #"{"type":"message_creation","message_creation":{"message_id":"\#(id)"}}"#
        step(stepID, "created", type: "message_creation", details: details)
        let head =
            #"{"id":"\#(id)","object":"thread.message","created_at":1,"#
            + #""assistant_id":"asst_1","thread_id":"thread_1","run_id":"run_1","#
            + #""role":"assistant","attachments":[],"metadata":{},"#
        event("thread.message.created", head + #""status":"in_progress","content":[]}"#)
        let delta =
            #"{"id":"\#(id)","object":"thread.message.delta","delta":{"content":"#
            + #"[{"index":0,"type":"text","text":{"value":"word "}}]}}"#
        for _ in 0..<deltas { event("thread.message.delta", delta) }
        textLength += deltas * 5
        let text = String(repeating: "word ", count: deltas)
        event(
            "thread.message.completed",
            head + #""status":"completed","completed_at":2,"content":[{"type":"text","text":"#
                + #"{"value":"\#(text)","annotations":[]}}]}"#)
        step(stepID, "completed", type: "message_creation", details: details)
    }

    private mutating func code(number: Int, deltas: Int) {
        let (id, stepID) = (Self.id("call", number), Self.id("step", 2 * number + 1))
        step(
            stepID, "created", type: "tool_calls",
            details: #"{"type":"tool_calls","tool_calls":[]}"#)
        for index in 0..<deltas {
            let start = index == 0 ? #","id":"\#(id)""# : ""
            event(
                "thread.run.step.delta",
                #"{"id":"\#(stepID)","object":"thread.run.step.delta","delta":"#
                    + #"{"step_details":{"type":"tool_calls","tool_calls":[{"index":0\#(start),"#
                    + #""type":"code_interpreter","code_interpreter":{"input":"x += 1\n"}}]}}}"#)
        }
        let input = String(repeating: #"x += 1\n"#, count: deltas)
        step(
            stepID, "completed", type: "tool_calls",
            details: #"{"type":"tool_calls","tool_calls":[{"id":"\#(id)","type":"#
                + #""code_interpreter","code_interpreter":{"input":"\#(input)","outputs":[]}}]}"#)
    }

    /// Puts the body into an answer.
    private mutating func finish() {
        let body = Array(body.utf8)
        self.body = ""
        bytes = Array(
            ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n").utf8)
        for start in stride(from: 0, to: body.count, by: 16_384) {
            let chunk = body[start..<min(start + 16_384, body.count)]
            bytes += Array((String(chunk.count, radix: 16) + "\r\n").utf8) + chunk
            bytes += [13, 10]
        }
        bytes += Array("0\r\n\r\n".utf8)
    }
}
