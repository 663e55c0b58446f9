import Glibc

/// The few calls of SQLite that seeding and the naive reader need, from the library that the
/// program has anyway.
///
/// A class, because the connection is closed with it.
final class Database {
    private typealias Open =
        @convention(c) (
            UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>
        ) -> Int32
    private typealias Close = @convention(c) (OpaquePointer?) -> Int32
    private typealias Row =
        @convention(c) (
            UnsafeMutableRawPointer?, Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> Int32
    private typealias Execute =
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>, Row?, UnsafeMutableRawPointer?,
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> Int32

    private let library: UnsafeMutableRawPointer
    private let connection: OpaquePointer?

    /// Opens a file that is there.
    init(_ path: String) throws {
        guard let library = dlopen("libsqlite3.so.0", RTLD_NOW) else {
            throw BenchmarkError("no libsqlite3.so.0")
        }
        self.library = library
        var connection: OpaquePointer?
        let open = unsafeBitCast(dlsym(library, "sqlite3_open"), to: Open.self)
        let status = open(path, &connection)
        self.connection = connection
        if status != 0 { throw BenchmarkError("no database at \(path)") }
    }

    deinit {
        _ = unsafeBitCast(dlsym(library, "sqlite3_close"), to: Close.self)(connection)
    }

    /// Runs statements; the first column of each row.
    @discardableResult
    func run(_ statements: String) throws -> [String] {
        let execute = unsafeBitCast(dlsym(library, "sqlite3_exec"), to: Execute.self)
        var texts: [String] = []
        var message: UnsafeMutablePointer<CChar>?
        let status = withUnsafeMutablePointer(to: &texts) { texts in
            execute(
                connection, statements,
                { texts, _, values, _ in
                    let text = values?[0].map { String(cString: $0) } ?? ""
                    texts?.assumingMemoryBound(to: [String].self).pointee.append(text)
                    return 0
                }, texts, &message)
        }
        guard status == 0 else {
            throw BenchmarkError("SQLite: \(message.map { String(cString: $0) } ?? "?")")
        }
        return texts
    }
}
