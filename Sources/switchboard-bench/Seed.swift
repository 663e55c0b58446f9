import Glibc

/// A data directory filled in bulk, behind the program's back, each text with a sign that tells
/// which it is.
struct Seed {
    /// The thread with the messages, and the last in the list of threads.
    let thread: String
    /// The database.
    let database: String

    /// Has the program make its store, then puts messages into a thread and threads beside it.
    init(in home: Household, messages: Int, threads: Int = 0) throws {
        let printed = try home.run([Household.program, "threads", "create"]).output
        let name = String(decoding: printed, as: UTF8.self)
        thread = String(name.prefix { !$0.isWhitespace })
        database = home.path + "/data/switchboard.sqlite"
        let store = try Database(database)
        try store.run(Self.messages(messages, of: thread))
        if threads > 0 { try store.run(Self.threads(threads)) }
    }

    /// The sign of a number: the same only for numbers 20,000 apart.
    static func sign(_ number: Int) -> String {
        Unicode.Scalar(UInt32(firstSign + number % signs)).map { String($0) } ?? ""
    }

    /// The numbers whose signs stand in some output, modulo 20,000.
    static func numbers(in output: ArraySlice<UInt8>) -> [Int] {
        String(decoding: output, as: UTF8.self).unicodeScalars.map { Int($0.value) - firstSign }
            .filter { (0..<signs).contains($0) }
    }

    private static let firstSign = 0x4E00
    static let signs = 20_000

    private static func counting(_ count: Int) -> String {
        """
        WITH RECURSIVE counter(i) AS (
            SELECT 0 UNION ALL SELECT i + 1 FROM counter WHERE i + 1 < \(count)
        )
        """
    }

    /// Questions and answers in turn, of one line and of some Markdown.
    private static func messages(_ count: Int, of thread: String) -> String {
        let answer =
            "the answer number ' || i || ', which has **some weight** and says in `two` lines what "
            + "a person might want to know about the matter at hand.\\n\\n- first this\\n- then "
            + "that, with a few more words behind it"
        return """
            BEGIN;
            INSERT INTO message (id, thread, project, position, created_at, role, run, json)
            \(counting(count))
            SELECT printf('msg_%024d', i), thread.id, thread.project, i, thread.created_at,
                iif(i % 2, 'assistant', 'user'), NULL,
                '{"id":"' || printf('msg_%024d', i) || '","object":"thread.message","created_at":'
                || thread.created_at || ',"assistant_id":null,"thread_id":"' || thread.id
                || '","run_id":null,"status":"completed","incomplete_details":null,'
                || '"incomplete_at":null,"completed_at":' || thread.created_at || ',"role":"'
                || iif(i % 2, 'assistant', 'user')
                || '","content":[{"type":"text","text":{"value":"'
                || char(\(firstSign) + i % \(signs))
                || iif(i % 2, '\(answer)', ' what about number ' || i || '?')
                || '","annotations":[]}}],"attachments":[],"metadata":{}}'
            FROM counter, thread WHERE thread.id = '\(thread)';
            UPDATE thread SET message_count = \(count), next_position = \(count),
                opening = 'number 0' WHERE id = '\(thread)';
            COMMIT;
            """
    }

    /// Threads without messages, all older than the one with messages.
    private static func threads(_ count: Int) -> String {
        """
        BEGIN;
        INSERT INTO thread (id, project, created_at, last_activity, opening, json)
        \(counting(count))
        SELECT printf('thread_%024d', i), 'local', 1700000000 + i, (1700000000 + i) * 1000,
            char(\(firstSign) + i % \(signs)) || ' thread number ' || i,
            '{"id":"' || printf('thread_%024d', i) || '","object":"thread","created_at":'
            || (1700000000 + i) || ',"metadata":{},"tool_resources":{}}'
        FROM counter;
        COMMIT;
        """
    }
}
