import Glibc

/// A thread as people saved it, in lines of JSON, for `switchboard import`.
struct SavedThread {
    /// The thread's id.
    let id: String
    /// How many messages it has.
    let messages: Int

    /// The id of a message, counted from 0.
    func message(_ number: Int) -> String {
        let digits = "\(number)"
        return "msg_\(id)_" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Appends the thread and its messages to a file.
    func write(to path: String) throws {
        guard let file = fopen(path, "a") else { throw BenchmarkError("no file \(path)") }
        defer { fclose(file) }
        fputs(
            #"{"id":"\#(id)","object":"thread","created_at":1700000000,"metadata":{}}"# + "\n", file
        )
        for number in 0..<messages {
            let role = number % 2 == 0 ? "user" : "assistant"
            let text =
                number % 2 == 0
                ? "What about number \(number)?"
                : "The answer number \(number), which says in two lines what a person might want "
                    + "to know about the matter at hand."
            fputs(
                #"{"id":"\#(message(number))","object":"thread.message","created_at":"#
                    + #"\#(1_700_000_000 + number),"thread_id":"\#(id)","status":"completed","#
                    + #""role":"\#(role)","content":[{"type":"text","text":{"value":"\#(text)","#
                    + #""annotations":[]}}],"attachments":[],"metadata":{}}"# + "\n", file)
        }
    }
}
