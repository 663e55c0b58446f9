import Assistants
import AssistantsClient
import Wire

// What each operation is to send.
extension ResourceTests {
    static let calls: [Call] =
        assistants + threads + runs + vectorStores + files

    private static let assistants = [
        Call(
            "POST /assistants",
            [
                "model": "m", "name": "n", "description": "d", "instructions": "i",
                "tools": [
                    ["type": "code_interpreter"],
                    [
                        "type": "file_search",
                        "file_search": [
                            "max_num_results": 5, "ranking_options": ["score_threshold": 0.5],
                        ],
                    ],
                    [
                        "type": "function",
                        "function": [
                            "name": "f", "parameters": ["type": "object", "properties": [:]],
                            "strict": false,
                        ],
                    ],
                ],
                "tool_resources": [
                    "code_interpreter": ["file_ids": ["file-1"]],
                    "file_search": ["vector_store_ids": ["vs_1"]],
                ],
                "metadata": ["k": "v"], "temperature": 0.5, "top_p": 0.25,
                "reasoning_effort": "low", "response_format": ["type": "json_object"],
            ]
        ) {
            _ = try await $0.assistants.create(
                AssistantRequest(
                    model: "m", name: "n", description: "d", instructions: "i",
                    tools: [
                        .codeInterpreter, .fileSearch(maxResults: 5, scoreThreshold: 0.5),
                        .function(name: "f"),
                    ],
                    toolResources: ToolResources(
                        codeInterpreterFileIDs: ["file-1"], vectorStoreIDs: ["vs_1"]),
                    metadata: ["k": "v"], temperature: 0.5, topP: 0.25, reasoningEffort: .low,
                    responseFormat: .jsonObject))
        },
        Call("GET /assistants/asst_1") { _ = try await $0.assistants.retrieve("asst_1") },
        Call("GET /assistants?limit=20&order=desc") {
            _ = try await $0.assistants.list().firstPage()
        },
        Call("POST /assistants/asst_1", ["name": .null]) {
            var changes = AssistantChanges()
            changes.name = .set(nil)
            _ = try await $0.assistants.update("asst_1", changes)
        },
        Call("DELETE /assistants/asst_1") { try await $0.assistants.delete("asst_1") },
    ]

    private static let threads = [
        Call(
            "POST /threads",
            [
                "messages": [
                    [
                        "role": "user", "content": "Hi",
                        "attachments": [
                            ["file_id": "file-1", "tools": [["type": "file_search"]]]
                        ],
                    ]
                ],
                "tool_resources": [
                    "file_search": ["vector_stores": [["file_ids": ["file-2"]]]]
                ],
            ]
        ) {
            let message = MessageRequest(
                "Hi", attachments: [Attachment(fileID: "file-1", tools: [.fileSearch()])])
            _ = try await $0.threads.create(
                messages: [message],
                toolResources: ToolResources(newVectorStoreFileIDs: ["file-2"]))
        },
        Call("GET /threads/thread_1") { _ = try await $0.threads.retrieve("thread_1") },
        Call("POST /threads/thread_1", ["metadata": ["a": "b"]]) {
            var changes = ThreadChanges()
            changes.metadata = .set(["a": "b"])
            _ = try await $0.threads.update("thread_1", changes)
        },
        Call("DELETE /threads/thread_1") { try await $0.threads.delete("thread_1") },
        Call("POST /threads/t/messages", ["role": "assistant", "content": "Hi"]) {
            _ = try await $0.threads.messages.create(in: "t", "Hi", role: .assistant)
        },
        Call(
            "POST /threads/t/messages",
            [
                "role": "user",
                "content": [
                    ["type": "text", "text": "What is this?"],
                    ["type": "image_url", "image_url": ["url": "https://x/y", "detail": "low"]],
                ],
            ]
        ) {
            _ = try await $0.threads.messages.create(
                in: "t",
                MessageRequest(content: [
                    .text(MessageText("What is this?")),
                    .imageURL(url: "https://x/y", detail: "low"),
                ]))
        },
        Call("GET /threads/t/messages/m") {
            _ = try await $0.threads.messages.retrieve("m", in: "t")
        },
        Call("GET /threads/t/messages?limit=5&order=asc&after=x&run_id=r") {
            _ = try await $0.threads.messages.list(
                in: "t", run: "r", PageRequest(limit: 5, order: .ascending, after: "x")
            ).firstPage()
        },
        Call("POST /threads/t/messages/m", ["metadata": ["a": "b"]]) {
            _ = try await $0.threads.messages.update("m", in: "t", metadata: ["a": "b"])
        },
        Call("DELETE /threads/t/messages/m") { try await $0.threads.messages.delete("m", in: "t") },
    ]

    private static let everything =
        "include[]=step_details.tool_calls%5B%2A%5D.file_search.results%5B%2A%5D.content"

    private static let runs = [
        Call(
            "POST /threads/t/runs",
            [
                "assistant_id": "a", "model": "m", "instructions": "i",
                "additional_instructions": "ai",
                "additional_messages": [["role": "user", "content": "Hi"]],
                "tools": [["type": "code_interpreter"]],
                "tool_choice": ["type": "function", "function": ["name": "f"]],
                "temperature": 0.5, "top_p": 0.5, "reasoning_effort": "none",
                "max_prompt_tokens": 300, "max_completion_tokens": 400,
                "truncation_strategy": ["type": "last_messages", "last_messages": 3],
                "response_format": [
                    "type": "json_schema",
                    "json_schema": ["name": "s", "schema": ["type": "object"], "strict": true],
                ], "parallel_tool_calls": false, "metadata": ["k": "v"],
            ]
        ) {
            _ = try await $0.threads.runs.create(
                on: "t",
                RunRequest(
                    assistantID: "a", model: "m", instructions: "i", additionalInstructions: "ai",
                    additionalMessages: [MessageRequest("Hi")], tools: [.codeInterpreter],
                    toolChoice: .function(name: "f"), temperature: 0.5, topP: 0.5,
                    reasoningEffort: .off, maxPromptTokens: 300, maxCompletionTokens: 400,
                    truncation: .lastMessages(3),
                    responseFormat: .jsonSchema(
                        name: "s", schema: ["type": "object"], isStrict: true),
                    allowsParallelToolCalls: false, metadata: ["k": "v"]))
        },
        Call(
            "POST /threads/runs",
            ["assistant_id": "a", "thread": ["messages": [["role": "user", "content": "Hi"]]]]
        ) {
            _ = try await $0.threads.createAndRun(
                ThreadRequest(messages: [MessageRequest("Hi")]), RunRequest(assistantID: "a"))
        },
        Call("GET /threads/t/runs/r") { _ = try await $0.threads.runs.retrieve("r", on: "t") },
        Call("GET /threads/t/runs?limit=20&order=desc") {
            _ = try await $0.threads.runs.list(on: "t").firstPage()
        },
        Call("POST /threads/t/runs/r", ["metadata": [:]]) {
            _ = try await $0.threads.runs.update("r", on: "t", metadata: [:])
        },
        Call("POST /threads/t/runs/r/cancel", [:]) {
            _ = try await $0.threads.runs.cancel("r", on: "t")
        },
        Call(
            "POST /threads/t/runs/r/submit_tool_outputs",
            ["tool_outputs": [["tool_call_id": "c", "output": "o"]]]
        ) {
            _ = try await $0.threads.runs.submitToolOutputs(
                [ToolOutput(toolCallID: "c", output: "o")], to: "r", on: "t")
        },
        Call("GET /threads/t/runs/r/steps/s?" + everything) {
            _ = try await $0.threads.runs.steps.retrieve("s", of: "r", on: "t")
        },
        Call("GET /threads/t/runs/r/steps?limit=20&order=desc&" + everything) {
            _ = try await $0.threads.runs.steps.list(of: "r", on: "t").firstPage()
        },
        Call("POST /threads/t/runs", ["assistant_id": "a", "instructions": "i", "stream": true]) {
            _ = try await $0.threads.runs.stream(
                on: "t", RunRequest(assistantID: "a", instructions: "i"))
        },
        Call("POST /threads/runs", ["assistant_id": "a", "thread": [:], "stream": true]) {
            _ = try await $0.threads.createAndStream(
                ThreadRequest(), RunRequest(assistantID: "a"))
        },
        Call(
            "POST /threads/t/runs/r/submit_tool_outputs",
            ["tool_outputs": [["tool_call_id": "c", "output": "o"]], "stream": true]
        ) {
            _ = try await $0.threads.runs.streamToolOutputs(
                [ToolOutput(toolCallID: "c", output: "o")], to: "r", on: "t")
        },
    ]

    private static let vectorStores = [
        Call(
            "POST /vector_stores",
            [
                "name": "n", "description": "d", "file_ids": ["file-1"],
                "expires_after": ["anchor": "last_active_at", "days": 3],
                "chunking_strategy": [
                    "type": "static",
                    "static": ["max_chunk_size_tokens": 200, "chunk_overlap_tokens": 100],
                ], "metadata": ["k": "v"],
            ]
        ) {
            _ = try await $0.vectorStores.create(
                VectorStoreRequest(
                    name: "n", description: "d", fileIDs: ["file-1"],
                    expiresAfter: VectorStoreExpiry(days: 3),
                    chunkingStrategy: .fixed(tokens: 200, overlap: 100), metadata: ["k": "v"]))
        },
        Call("GET /vector_stores/v") { _ = try await $0.vectorStores.retrieve("v") },
        Call("GET /vector_stores?limit=20&order=desc") {
            _ = try await $0.vectorStores.list().firstPage()
        },
        Call("POST /vector_stores/v", ["name": "n", "expires_after": .null]) {
            var changes = VectorStoreChanges()
            changes.name = .set("n")
            changes.expiresAfter = .set(nil)
            _ = try await $0.vectorStores.update("v", changes)
        },
        Call("DELETE /vector_stores/v") { try await $0.vectorStores.delete("v") },
        Call(
            "POST /vector_stores/v/search",
            [
                "query": ["a", "b"], "max_num_results": 5,
                "filters": ["type": "eq", "key": "k", "value": "x"],
                "ranking_options": ["score_threshold": 0.5], "rewrite_query": true,
            ]
        ) {
            _ = try await $0.vectorStores.search(
                "v",
                VectorStoreSearch(
                    ["a", "b"], limit: 5, filter: .compare(key: "k", .equal, "x"),
                    scoreThreshold: 0.5, rewritesQuery: true))
        },
        Call("POST /vector_stores/v/files", ["file_id": "f", "attributes": ["k": 1]]) {
            _ = try await $0.vectorStores.files.create(
                in: "v", VectorStoreFileRequest(fileID: "f", attributes: ["k": 1]))
        },
        Call("GET /vector_stores/v/files/f") {
            _ = try await $0.vectorStores.files.retrieve("f", in: "v")
        },
        Call("GET /vector_stores/v/files?limit=20&order=desc&filter=failed") {
            _ = try await $0.vectorStores.files.list(in: "v", status: .failed).firstPage()
        },
        Call("POST /vector_stores/v/files/f", ["attributes": ["k": true]]) {
            _ = try await $0.vectorStores.files.update("f", in: "v", attributes: ["k": true])
        },
        Call("DELETE /vector_stores/v/files/f") {
            try await $0.vectorStores.files.delete("f", in: "v")
        },
        Call("GET /vector_stores/v/files/f/content") {
            _ = try await $0.vectorStores.files.content(of: "f", in: "v")
        },
        Call("POST /vector_stores/v/file_batches", ["file_ids": ["f", "g"]]) {
            _ = try await $0.vectorStores.fileBatches.create(
                in: "v", ["f", "g"].map { VectorStoreFileRequest(fileID: $0) })
        },
        Call(
            "POST /vector_stores/v/file_batches",
            ["files": [["file_id": "f", "attributes": ["k": 1]], ["file_id": "g"]]]
        ) {
            _ = try await $0.vectorStores.fileBatches.create(
                in: "v",
                [
                    VectorStoreFileRequest(fileID: "f", attributes: ["k": 1]),
                    VectorStoreFileRequest(fileID: "g"),
                ])
        },
        Call("GET /vector_stores/v/file_batches/b") {
            _ = try await $0.vectorStores.fileBatches.retrieve("b", in: "v")
        },
        Call("POST /vector_stores/v/file_batches/b/cancel", [:]) {
            _ = try await $0.vectorStores.fileBatches.cancel("b", in: "v")
        },
        Call("GET /vector_stores/v/file_batches/b/files?limit=20&order=desc") {
            _ = try await $0.vectorStores.fileBatches.files(of: "b", in: "v").firstPage()
        },
    ]

    private static let files = [
        Call("GET /files/f") { _ = try await $0.files.retrieve("f") },
        Call("GET /files?limit=1000&order=desc&purpose=vision") {
            _ = try await $0.files.list(purpose: "vision").firstPage()
        },
        Call("DELETE /files/f") { try await $0.files.delete("f") },
    ]
}
