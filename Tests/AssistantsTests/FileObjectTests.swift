import Assistants
import Testing
import Wire

/// As recorded from the hosted service (`CONTRACT.md` 3.7).
@Suite("The objects of file search") struct FileObjectTests {
    @Test("are written as they were read, with what nobody here knows")
    func roundTrips() throws {
        let file = """
            {"object":"file","id":"file-1","purpose":"assistants","filename":"ä.md","bytes":13,\
            "created_at":5,"expires_at":null,"status":"processed","status_details":null,"new":1}
            """
        #expect(try File(json: JSONValue(parsing: file)).json.text == file)
        let store = """
            {"id":"vs_1","object":"vector_store","created_at":5,"name":null,"description":null,\
            "usage_bytes":7,"file_counts":{"in_progress":1,"completed":2,"failed":3,"cancelled":4,\
            "total":10},"status":"expired","expires_after":{"anchor":"last_active_at","days":7},\
            "expires_at":9,"last_active_at":6,"metadata":{"a":"b"},"new":[]}
            """
        #expect(try VectorStore(json: JSONValue(parsing: store)).json.text == store)
        let member = """
            {"id":"file-1","object":"vector_store.file","usage_bytes":1,"created_at":5,\
            "vector_store_id":"vs_1","status":"failed","last_error":{"code":"unsupported_file",\
            "message":"no"},"chunking_strategy":{"type":"static","static":{\
            "max_chunk_size_tokens":100,"chunk_overlap_tokens":20}},"attributes":{"a":1}}
            """
        #expect(try VectorStoreFile(json: JSONValue(parsing: member)).json.text == member)
        let batch = """
            {"id":"vsfb_1","object":"vector_store.files_batch","created_at":5,\
            "status":"in_progress","vector_store_id":"vs_1","file_counts":{"in_progress":1,\
            "completed":0,"failed":0,"cancelled":0,"total":1}}
            """
        #expect(try FileBatch(json: JSONValue(parsing: batch)).json.text == batch)
    }

    @Test("take the live name of a batch, and auto for the standard pieces")
    func liveForms() throws {
        let batch = try FileBatch(json: ["id": "vsfb_1", "object": "vector_store.file_batch"])
        #expect(batch.unknown.isEmpty)
        #expect(ChunkingStrategy(json: ["type": "auto"]) == .fixed(tokens: 800, overlap: 400))
        #expect(ChunkingStrategy(json: ["type": "other"]).json == ["type": "other"])
    }
}
