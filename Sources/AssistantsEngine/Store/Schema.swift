import GRDB

/// How the tables came to be what they are: one step for each version.
enum Schema {
    /// Marks the file as one of ours ("SWBD").
    static let applicationID = 0x5357_4244

    /// The steps; the file's `user_version` counts how many were taken. Never change one that was
    /// released: add another.
    static let steps: [@Sendable (Database) throws -> Void] = [
        { try $0.execute(sql: objectTables + runTables) },
        { try $0.execute(sql: fileTables + accessTables) },
    ]

    private static let objectTables = """
        CREATE TABLE project (
            id TEXT NOT NULL PRIMARY KEY,
            created_at INTEGER NOT NULL
        ) STRICT;

        -- Objects are kept as their JSON, so that nothing unknown is lost; the other
        -- columns are what lists are asked by. `position` is the order of creation.
        CREATE TABLE assistant (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            project TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX assistant_project ON assistant (project, created_at, position);
        CREATE INDEX assistant_created ON assistant (created_at, position);

        CREATE TABLE thread (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            project TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_activity INTEGER NOT NULL,      -- milliseconds since 1970
            message_count INTEGER NOT NULL DEFAULT 0,
            next_position INTEGER NOT NULL DEFAULT 0,
            opening TEXT NOT NULL DEFAULT '',
            active_run TEXT,
            assistant_id TEXT,                   -- of the newest run
            json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX thread_project ON thread (project, last_activity, position);
        CREATE INDEX thread_activity ON thread (last_activity, position);

        CREATE TABLE message (
            id TEXT NOT NULL PRIMARY KEY,
            thread TEXT NOT NULL REFERENCES thread (id) ON DELETE CASCADE,
            project TEXT NOT NULL,
            position INTEGER NOT NULL,           -- counts from 0 in each thread
            created_at INTEGER NOT NULL,
            role TEXT NOT NULL,
            run TEXT,
            json TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX message_thread ON message (thread, position);
        CREATE INDEX message_role ON message (thread, role);
        CREATE INDEX message_run ON message (run, position) WHERE run IS NOT NULL;

        """

    private static let runTables = """
        CREATE TABLE run (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            thread TEXT NOT NULL REFERENCES thread (id) ON DELETE CASCADE,
            project TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            active INTEGER NOT NULL,
            attempt INTEGER NOT NULL DEFAULT 0,  -- every write of a host carries it
            interruptions INTEGER NOT NULL DEFAULT 0,
            lease INTEGER,                       -- held until, in ms; NULL when let go
            memory TEXT NOT NULL DEFAULT '{}',   -- what the run machine must remember
            json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX run_thread ON run (thread, created_at, position);
        CREATE UNIQUE INDEX run_active ON run (thread) WHERE active = 1;

        CREATE TABLE step (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            thread TEXT NOT NULL,
            project TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX step_run ON step (run, created_at, position);
        """
}
