// The tables of the second version: files, their search, keys, and answers that were given.

extension Schema {
    static let fileTables = """
        CREATE TABLE file (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            project TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            purpose TEXT NOT NULL,
            expires_at INTEGER,                  -- seconds since 1970
            content TEXT,                        -- its name in the folder; NULL when it never came
            sum BLOB,                            -- SHA-256 of the bytes, where it was told
            json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX file_project ON file (project, created_at, position);
        CREATE INDEX file_created ON file (created_at, position);
        CREATE INDEX file_expiry ON file (expires_at) WHERE expires_at IS NOT NULL;

        -- The words of a store are in a table of its own, `passages_` and its position.
        CREATE TABLE vector_store (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            project TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_active_at INTEGER NOT NULL,     -- seconds since 1970
            lifetime INTEGER,                    -- seconds after that; NULL for ever
            is_indexed INTEGER NOT NULL DEFAULT 0,
            json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX vector_store_project ON vector_store (project, created_at, position);
        CREATE INDEX vector_store_created ON vector_store (created_at, position);

        CREATE TABLE vector_store_file (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,                    -- of the file
            store TEXT NOT NULL REFERENCES vector_store (id) ON DELETE CASCADE,
            batch TEXT,
            created_at INTEGER NOT NULL,
            status TEXT NOT NULL,
            usage_bytes INTEGER NOT NULL DEFAULT 0,
            json TEXT NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX vector_store_file_store ON vector_store_file (store, id);
        CREATE INDEX vector_store_file_list ON vector_store_file (store, created_at, position);
        CREATE INDEX vector_store_file_count
            ON vector_store_file (store, status, usage_bytes);
        CREATE INDEX vector_store_file_batch
            ON vector_store_file (batch, created_at, position) WHERE batch IS NOT NULL;
        CREATE INDEX vector_store_file_file ON vector_store_file (id);
        CREATE INDEX vector_store_file_open
            ON vector_store_file (position) WHERE status = 'in_progress';

        CREATE TABLE file_batch (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            store TEXT NOT NULL REFERENCES vector_store (id) ON DELETE CASCADE,
            created_at INTEGER NOT NULL,
            is_cancelled INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX file_batch_store ON file_batch (store);

        -- The few whose tools name files, for when one of these is deleted.
        CREATE INDEX assistant_files ON assistant (project)
            WHERE instr(json, '"file_ids":["') > 0;
        CREATE INDEX thread_files ON thread (project)
            WHERE instr(json, '"file_ids":["') > 0;

        """

    static let accessTables = """
        CREATE TABLE access_key (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            project TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE,           -- SHA-256 of the key
            name TEXT NOT NULL,
            hint TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT;

        CREATE TABLE token_use (
            project TEXT NOT NULL,
            day INTEGER NOT NULL,                -- since 1970, in Greenwich
            tokens INTEGER NOT NULL,
            PRIMARY KEY (project, day)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE kept_answer (
            project TEXT NOT NULL,
            key TEXT NOT NULL,
            path TEXT NOT NULL,
            body_hash BLOB NOT NULL,
            status INTEGER NOT NULL,
            content_type TEXT NOT NULL,
            body BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (project, key)
        ) STRICT;
        CREATE INDEX kept_answer_created ON kept_answer (created_at);
        """
}
