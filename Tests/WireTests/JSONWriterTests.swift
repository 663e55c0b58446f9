import Testing
import Wire

@Suite("A JSON writer")
struct JSONWriterTests {
    @Test("puts the commas and nothing else")
    func commas() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", "msg_1")
        writer.member("count", 3)
        writer.member("ratio", 0.5)
        writer.member("is_last", true)
        writer.member("error", nil as String?)
        writer.key("list")
        writer.beginArray()
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.string("[")
        writer.string(":")
        writer.integer(-7)
        writer.raw(#"{"raw":[]}"#.utf8)
        writer.value(["a": [1]])
        writer.endArray()
        writer.member("metadata", [:] as JSONValue)
        writer.key(text: "a \"name\"")
        writer.null()
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"id":"msg_1","count":3,"ratio":0.5,"is_last":true,"error":null,"#
                + #""list":[{},[],"[",":",-7,{"raw":[]},{"a":[1]}],"metadata":{},"#
                + #""a \"name\"":null}"#
        )
    }

    @Test("appends to what is there already")
    func appending() {
        var writer = JSONWriter(appendingTo: Array("data: ".utf8))
        writer.string("x")
        #expect(writer.bytes == Array(#"data: "x""#.utf8))
    }
}
