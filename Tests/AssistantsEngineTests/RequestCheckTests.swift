import Assistants
import Testing
import Wire

@testable import AssistantsEngine

@Suite("A request that breaks a limit") struct RequestCheckTests {
    /// A request, and the error it must lead to.
    struct Case: Sendable, CustomTestStringConvertible {
        var check: @Sendable () throws -> Void
        var param: String
        var code: String
        var message: String?
        var testDescription: String { "\(param) \(code)" }

        static func assistant(
            _ param: String, _ code: String, _ message: String? = nil,
            _ change: @escaping @Sendable (inout Assistant) -> Void
        ) -> Case {
            Case(
                check: {
                    var assistant = Assistant(id: "asst_1", createdAt: 0, model: "m")
                    change(&assistant)
                    try RequestChecks.assistant(assistant)
                }, param: param, code: code, message: message)
        }

        static func run(
            _ param: String, _ code: String, _ message: String? = nil,
            _ change: @escaping @Sendable (inout RunRequest) -> Void
        ) -> Case {
            Case(
                check: {
                    var request = RunRequest(assistantID: "asst_1")
                    change(&request)
                    try RequestChecks.run(request)
                }, param: param, code: code, message: message)
        }
    }

    static let assistants: [Case] = [
        .assistant("model", "missing_required_parameter", "Missing required parameter: 'model'.") {
            $0.model = ""
        },
        .assistant("name", "string_above_max_length") {
            $0.name = String(repeating: "é", count: 257)
        },
        .assistant("description", "string_above_max_length") {
            $0.description = String(repeating: "x", count: 513)
        },
        .assistant(
            "instructions", "string_above_max_length",
            "Invalid 'instructions': string too long. Expected a string with maximum length "
                + "256000, but got a string with length 256001 instead."
        ) { $0.instructions = String(repeating: "x", count: 256_001) },
        .assistant(
            "tools", "array_above_max_length",
            "Invalid 'tools': array too long. Expected an array with maximum length 128, but got "
                + "an array with length 132 instead."
        ) { $0.tools = Array(repeating: .codeInterpreter, count: 132) },
        .assistant("tools[0].function.name", "invalid_value") {
            $0.tools = [.function(FunctionTool(name: "no spaces"))]
        },
        .assistant("tools[1].function.name", "string_above_max_length") {
            $0.tools = [
                .codeInterpreter, .function(FunctionTool(name: String(repeating: "f", count: 65))),
            ]
        },
        .assistant(
            "tools[0].function", "missing_required_parameter",
            "Missing required parameter: 'tools[0].function'."
        ) { $0.tools = [.unknown(["type": "function"])] },
        .assistant("tools[0].type", "invalid_value") { $0.tools = [.unknown(["type": "magic"])] },
        .assistant("tools[0].file_search.max_num_results", "integer_above_max_value") {
            $0.tools = [.fileSearch(options: ["max_num_results": 51])]
        },
        .assistant(
            "tools[0].file_search.ranking_options.score_threshold", "missing_required_parameter"
        ) { $0.tools = [.fileSearch(options: ["ranking_options": [:]])] },
        .assistant("tool_resources.code_interpreter.file_ids", "array_above_max_length") {
            $0.toolResources = [
                "code_interpreter": ["file_ids": .array(Array(repeating: "file-x", count: 21))]
            ]
        },
        .assistant("tool_resources.file_search.vector_store_ids", "array_above_max_length") {
            $0.toolResources = ["file_search": ["vector_store_ids": ["vs_1", "vs_2"]]]
        },
        .assistant(
            "metadata", "object_above_max_properties",
            "Invalid 'metadata': too many properties. Expected an object with at most 16 "
                + "properties, but got an object with 17 properties instead."
        ) { assistant in for index in 0..<17 { assistant.metadata["\(index)"] = "" } },
        .assistant("metadata", "string_above_max_length") {
            $0.metadata = [String(repeating: "k", count: 65): ""]
        },
        .assistant(
            "metadata.actual", "string_above_max_length",
            "Invalid 'metadata.actual': string too long. Expected a string with maximum length "
                + "512, but got a string with length 695 instead."
        ) { $0.metadata = ["actual": String(repeating: "v", count: 695)] },
        .assistant(
            "temperature", "decimal_above_max_value",
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got "
                + "2.5 instead."
        ) { $0.temperature = 2.5 },
        .assistant("temperature", "decimal_below_min_value") { $0.temperature = -1 },
        .assistant("temperature", "decimal_below_min_value") { $0.temperature = .nan },
        .assistant("top_p", "decimal_above_max_value") { $0.topP = 1.5 },
        .assistant("reasoning_effort", "invalid_value") { $0.reasoningEffort = "huge" },
        .assistant("response_format", "invalid_value") { $0.responseFormat = "text" },
        .assistant("response_format", "invalid_value") { $0.responseFormat = ["type": "xml"] },
        .assistant("response_format.json_schema", "missing_required_parameter") {
            $0.responseFormat = ["type": "json_schema"]
        },
        .assistant("response_format.json_schema.name", "missing_required_parameter") {
            $0.responseFormat = ["type": "json_schema", "json_schema": [:]]
        },
    ]

    static let runs: [Case] = [
        .run("assistant_id", "missing_required_parameter") { $0.assistantID = "" },
        .run("instructions", "string_above_max_length") {
            $0.instructions = String(repeating: "x", count: 256_001)
        },
        .run("additional_instructions", "string_above_max_length") {
            $0.additionalInstructions = String(repeating: "x", count: 256_001)
        },
        .run(
            "max_prompt_tokens", "integer_below_min_value",
            "Invalid 'max_prompt_tokens': integer below minimum value. Expected a value >= 16, "
                + "but got 10 instead."
        ) { $0.maxPromptTokens = 10 },
        .run("max_completion_tokens", "integer_below_min_value") { $0.maxCompletionTokens = 15 },
        .run("truncation_strategy.last_messages", "integer_below_min_value") {
            $0.truncation = .lastMessages(0)
        },
        .run("temperature", "decimal_above_max_value") { $0.temperature = 3 },
        .run("top_p", "decimal_below_min_value") { $0.topP = -0.5 },
        .run("reasoning_effort", "invalid_value") { $0.reasoningEffort = "" },
        .run("tool_choice", "invalid_value") { $0.toolChoice = .unknown("sometimes") },
        .run("response_format", "invalid_value") { $0.responseFormat = 5 },
        .run("tools", "array_above_max_length") {
            $0.tools = Array(repeating: .codeInterpreter, count: 129)
        },
        .run(
            "additional_messages[1].role", "invalid_value",
            "Invalid value: 'human'. Supported values are: 'user' and 'assistant'."
        ) {
            $0.additionalMessages = [
                MessageRequest("fine"), MessageRequest("x", role: .unknown("human")),
            ]
        },
        .run("additional_messages[0].content", "invalid_value") {
            $0.additionalMessages = [MessageRequest("")]
        },
        .run("additional_messages[0].content", "string_above_max_length") {
            $0.additionalMessages = [MessageRequest(String(repeating: "x", count: 256_001))]
        },
        .run("additional_messages[0].metadata.k", "string_above_max_length") {
            var message = MessageRequest("x")
            message.metadata = ["k": String(repeating: "v", count: 513)]
            $0.additionalMessages = [message]
        },
    ]

    @Test(
        "is refused with the parameter, the code and the recorded words",
        arguments: assistants + runs)
    func refused(example: Case) {
        #expect {
            try example.check()
        } throws: { error in
            guard let error = error as? APIError else { return false }
            return error.status == 400 && error.type == "invalid_request_error"
                && error.param == example.param && error.code == example.code
                && (example.message == nil || error.message == example.message)
        }
    }

    @Test("at its very limit is accepted")
    func accepted() throws {
        var assistant = Assistant(id: "asst_1", createdAt: 0, model: "m")
        assistant.name = String(repeating: "é", count: 256)
        assistant.instructions = String(repeating: "x", count: 256_000)
        assistant.tools = Array(repeating: .codeInterpreter, count: 128)
        assistant.temperature = 2
        assistant.topP = 0
        assistant.reasoningEffort = "none"
        assistant.responseFormat = ["type": "json_schema", "json_schema": ["name": "a-b_C9"]]
        for index in 0..<16 {
            assistant.metadata["\(index)"] = String(repeating: "🎈", count: 512)
        }
        try RequestChecks.assistant(assistant)
        var run = RunRequest(assistantID: "asst_1")
        run.maxCompletionTokens = 16
        run.truncation = .lastMessages(1)
        run.additionalMessages = [
            MessageRequest(content: [.imageURL(url: "https://example.org/a.png", detail: nil)])
        ]
        try RequestChecks.run(run)
    }
}
