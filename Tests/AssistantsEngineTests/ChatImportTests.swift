import Assistants
import AssistantsEngine
import FoundationEssentials
import TestSupport
import Testing
import Wire

@Suite("Conversations of ChatGPT's export", .timeLimit(.minutes(5))) struct ChatImportTests {
    @Test("become threads of the branch that was read last")
    func chat() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        let folder = try TestFolder([
            "conversations.json": """
            [{"title":"Zebras","conversation_id":"c-1","create_time":100.5,"current_node":"n4",
            "mapping":{"n0":{"id":"n0","parent":null,"message":null},
            "n1":{"parent":"n0","message":{"id":"m1",
            "author":{"role":"system"},"content":{"parts":["x"]}}},
            "n2":{"parent":"n1","message":{"id":"m2","author":{"role":"user"},"create_time":101.0,
            "content":{"content_type":"text","parts":["Stripes?"]}}},
            "n3":{"parent":"n2","message":{"id":"m3",
            "author":{"role":"assistant"},"create_time":99.0,
            "content":{"content_type":"text","parts":["No."]}}},
            "n4":{"parent":"n2","message":{"id":"m4",
            "author":{"role":"assistant"},"create_time":99.0,
            "content":{"content_type":"text","parts":["Yes.",{"asset_pointer":"file-1"}]}}}}}]
            """
        ])
        _ = try await host.engine.importSaved(.init(path: folder.path))
        #expect(
            try await host.engine.messages(
                in: "c-1", run: nil, PageRequest(order: .ascending), for: .trusted
            ).data.map(\.text) == ["Stripes?", "Yes."])
        let thread = try await host.engine.thread("c-1", for: .trusted)
        #expect(thread.title == "Zebras")
        #expect(thread.createdAt == 100)
        await host.close()
    }

    @Test("bring the pictures and files that lie beside them")
    func chatFiles() async throws {
        let host = try await TestEngine(ScriptedModel([]))
        func node(_ number: Int, _ message: String) -> String {
            """
            "n\(number)":{"parent":"n\(number - 1)","message":{"id":"m\(number)",\(message)}}
            """
        }
        func picture(_ id: String) -> String {
            #"{"content_type":"image_asset_pointer","asset_pointer":"\#(id)"}"#
        }
        let nodes = [
            node(
                1,
                """
                "author":{"role":"user"},"create_time":5,"content":{"content_type":
                "multimodal_text","parts":[\(picture("file-service://file-Pic")),"See?"]},
                "metadata":{"attachments":[{"id":"file-Pic","name":"my zebra.png"},
                {"id":"file-Doc","name":"notes.json"},{"id":"file-Gone","name":"g.pdf"}]}
                """),
            node(
                2,
                """
                "author":{"role":"tool"},"content":{"content_type":"multimodal_text","parts":[
                \(picture("sediment://file_0a")),\(picture("sediment://file_none#x"))]}
                """),
            node(
                3,
                """
                "author":{"role":"user"},"content":{"parts":[
                {"content_type":"audio_asset_pointer","asset_pointer":"sediment://file_s"}]}
                """),
            node(4, #""author":{"role":"tool"},"content":{"parts":["a log"]}"#),
        ]
        let folder = try TestFolder([
            "conversations.json": """
            [{"conversation_id":"c-2","create_time":1,"current_node":"n4",
            "mapping":{\(nodes.joined(separator: ","))}}]
            """, "file-Pic-my zebra.png": "png", "file-Doc-notes.json": "[1]",
            "dalle-generations/file_0a-2c.webp": "webp",
        ])
        let report = try await host.engine.importSaved(.init(path: folder.path))
        #expect(report.counts.map(\.kind) == ["files", "threads", "messages"])
        #expect(report.counts.map(\.added) == [3, 1, 2])
        #expect(
            Dictionary(grouping: report.notes, by: \.count).mapValues { $0.map(\.example) }
                == [2: ["file-Gone"], 1: ["m3"]])
        let messages = try await host.engine.messages(
            in: "c-2", run: nil, PageRequest(order: .ascending), for: .trusted
        ).data
        #expect(messages.map(\.role) == [.user, .assistant])
        #expect(
            messages.map(\.content) == [
                [.imageFile(fileID: "file-Pic", detail: nil), .text(MessageText("See?"))],
                [.imageFile(fileID: "file_0a", detail: nil)],
            ])
        #expect(messages[0].attachments == [["file_id": "file-Doc", "tools": []]])
        let files = try await host.engine.files(PageRequest(), purpose: nil, for: .trusted).data
        #expect(Set(files.map(\.filename)) == ["my zebra.png", "notes.json", "file_0a-2c.webp"])
        #expect(Set(files.map(\.byteCount)) == [3, 4])
        await host.close()
    }
}
