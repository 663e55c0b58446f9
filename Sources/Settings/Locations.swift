import FoundationEssentials

/// Where Switchboard's files are: what a person writes, what it stores, what it brings along.
///
/// Everything follows from the environment and the program's own path; nothing is global.
package struct Locations: Hashable, Sendable {
    /// `config.yaml`, and a person's own `themes` and `manual`.
    package var configuration: String
    /// Assistants, threads, runs: the store and its lock.
    package var data: String
    /// What the console remembers, and the log.
    package var state: String
    /// The folders that may hold `themes` and the manual, in the order they are asked.
    package var resources: [String]

    /// Works out the places.
    ///
    /// - Parameters:
    ///   - environment: `XDG_CONFIG_HOME`, `XDG_DATA_HOME`, `XDG_STATE_HOME`, `HOME` and
    ///     `SWITCHBOARD_DATA` are read. An XDG variable with a relative path is ignored, as its
    ///     standard demands.
    ///   - executable: The absolute path of the running program, links resolved.
    ///   - data: What `--data` gives; wins over the environment.
    /// - Throws: When a place depends on `HOME` and it is not set.
    package init(
        environment: [String: String], executable: String, data: String? = nil
    ) throws(ConfigurationError) {
        func place(_ variable: String, _ standard: String) throws(ConfigurationError) -> String {
            if let base = environment[variable], base.hasPrefix("/") {
                return base + "/switchboard"
            }
            if let home = environment["HOME"], home.hasPrefix("/") {
                return home + "/" + standard + "/switchboard"
            }
            throw ConfigurationError([
                .init(
                    file: "HOME", message: "The environment has no home directory.",
                    advice: "Set HOME to the path of your home directory, or set \(variable).")
            ])
        }
        configuration = try place("XDG_CONFIG_HOME", ".config")
        state = try place("XDG_STATE_HOME", ".local/state")
        if let named = data ?? environment["SWITCHBOARD_DATA"], !named.isEmpty {
            self.data = named
        } else {
            self.data = try place("XDG_DATA_HOME", ".local/share")
        }
        resources = [configuration] + Self.resources(beside: executable)
    }

    /// The settings file that is read without `--config`.
    package var configurationFile: String { configuration + "/config.yaml" }

    /// The folders that hold themes, the first with a name wins.
    package var themeFolders: [String] {
        resources.map { $0 + "/themes" }.filter(Self.isFolder)
    }

    /// The themes found in `themeFolders`.
    package var themes: ThemeCatalogue { ThemeCatalogue(folders: themeFolders) }

    /// The folder that holds the manual's pages; nil where there is none.
    package var manual: String? {
        resources.flatMap { [$0 + "/manual", $0 + "/docs/manual"] }.first(where: Self.isFolder)
    }

    /// `share/switchboard` beside `bin`, then the checkout that the program was built in.
    private static func resources(beside executable: String) -> [String] {
        var parts = executable.split(separator: "/", omittingEmptySubsequences: true)
        guard !parts.isEmpty else { return [] }
        parts.removeLast()
        let prefix = parts.dropLast()
        var folders = [path(prefix + ["share", "switchboard"])]
        // A build lies some folders below its checkout: .build/x86_64-unknown-linux-gnu/release.
        while !parts.isEmpty {
            if isFolder(path(parts + ["docs", "manual"])), isFolder(path(parts + ["themes"])) {
                folders.append(path(parts[...]))
                break
            }
            parts.removeLast()
        }
        return folders
    }

    private static func path(_ parts: some Sequence<Substring>) -> String {
        "/" + parts.joined(separator: "/")
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: Bool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
