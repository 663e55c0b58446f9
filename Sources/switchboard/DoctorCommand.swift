import ArgumentParser
import Assistants
import AssistantsEngine
import FoundationEssentials
import Settings

/// Says what is there, what is missing, and what to do.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the terminal, the models and the store; say what to do.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "Print it so that it can be passed on: no names of yours, no content, no keys.")
    var report = false

    func run() async throws {
        let home: Home
        do throws(Stop) {
            home = try Home(common)
        } catch {
            Output.content("✗ configuration  \(error.message)\n")
            throw Stop(message: "", code: 1)
        }
        let findings = await findings(home)
        let width = findings.map(\.subject.count).max() ?? 0
        for finding in findings {
            let line = finding.line(width: width)
            Output.content(report ? Self.anonymous(line, home.environment) : line)
        }
        if findings.contains(where: { !$0.isGood && $0.isNeeded }) {
            throw Stop(message: "", code: 1)
        }
    }

    private func findings(_ home: Home) async -> [Finding] {
        let terminal = Finding.terminal(home.environment)
        let configuration = Finding(isGood: true, "configuration", home.configurationFile)
        let models = await Finding.models(home)
        return [.version] + terminal
            + [configuration, .theme(home), .manual(home), .store(home)] + models
            + [
                await .sandbox(home), .pictures, .clipboard(home.environment), .player(home),
                .speechKey(home),
            ]
    }

    /// A line without the name of the person's own directory.
    private static func anonymous(_ line: String, _ environment: [String: String]) -> String {
        guard let home = environment["HOME"], home.count > 1 else { return line }
        return line.replacing(home, with: "~")
    }
}

/// One thing that was looked at.
struct Finding {
    var isGood: Bool
    /// Whether the program does not work without it.
    var isNeeded = false
    var subject: String
    var text: String
    var advice: String?

    init(
        isGood: Bool, isNeeded: Bool = false, _ subject: String, _ text: String,
        advice: String? = nil
    ) {
        self.isGood = isGood
        self.isNeeded = isNeeded
        self.subject = subject
        self.text = text
        self.advice = advice
    }

    func line(width: Int) -> String {
        let gap = String(repeating: " ", count: width - subject.count + 2)
        let mark = isGood ? "✓" : isNeeded ? "✗" : "–"
        let advice = advice.map { "\n" + String(repeating: " ", count: width + 4) + $0 } ?? ""
        return "\(mark) \(subject)\(gap)\(text)\(advice)\n"
    }

    static var version: Finding {
        Finding(isGood: true, "version", "switchboard \(Version.text)")
    }

    static func terminal(_ environment: [String: String]) -> [Finding] {
        let term = environment["TERM"] ?? ""
        let isUsable = !term.isEmpty && term != "dumb"
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
            ?? ""
        let isUTF8 = locale.lowercased().replacing("-", with: "").hasSuffix("utf8")
        return [
            Finding(
                isGood: isUsable, "terminal",
                isUsable ? term : "TERM is \(term.isEmpty ? "not set" : term)",
                advice: isUsable
                    ? nil : "The console needs a terminal such as xterm; ask works without."),
            Finding(
                isGood: isUTF8, "locale", locale.isEmpty ? "none" : locale,
                advice: isUTF8 ? nil : "Set LANG=C.UTF-8, so that every letter can be shown."),
        ]
    }

    static func theme(_ home: Home) -> Finding {
        let name = home.options.theme ?? home.configuration.theme ?? "dark"
        do throws(ConfigurationError) {
            _ = try home.locations.themes.theme(name)
            return Finding(isGood: true, "theme", name)
        } catch {
            return Finding(
                isGood: false, "theme", "\(error)", advice: "The built-in colours are used instead."
            )
        }
    }

    static func manual(_ home: Home) -> Finding {
        guard home.locations.manual != nil else {
            return Finding(
                isGood: false, "manual", "not found",
                advice: "Guide has nothing to quote. Install with script/console --install PREFIX.")
        }
        return Finding(isGood: true, "manual", "found")
    }

    static func store(_ home: Home) -> Finding {
        let place = home.locations.data
        do throws(EngineError) {
            _ = try Engine.openToRead(directory: place)
        } catch {
            if error.kind == .missing {
                return Finding(isGood: true, "store", "\(place), made at the first start")
            }
            return Finding(isGood: false, isNeeded: true, "store", "\(error)")
        }
        let isWritable = FileManager.default.isWritableFile(atPath: place)
        return Finding(
            isGood: isWritable, isNeeded: true, "store",
            isWritable ? place : "\(place) cannot be written",
            advice: isWritable ? nil : "Change its permissions, or choose another with --data.")
    }

    static func models(_ home: Home) async -> [Finding] {
        let models = await home.models.models()
        let others = models.filter { $0.name != GuideBackend.modelName }
        if others.isEmpty {
            let named = home.sources.url ?? home.sources.openAIURL
            let text = named.map { "none: \($0) lists none" } ?? "none but the built-in Guide"
            return [
                Finding(
                    isGood: false, "models", text,
                    advice:
                        "Start Ollama or llama.cpp, export OPENAI_API_KEY, or use --model-url URL.")
            ]
        }
        let places = Dictionary(grouping: others) { $0.provider + " at " + $0.host }
        return places.sorted { $0.key < $1.key }.map { place, models in
            let count = models.count == 1 ? "1 model" : "\(models.count) models"
            return Finding(isGood: true, "models", "\(place): \(count)")
        }
    }

    static func clipboard(_ environment: [String: String]) -> Finding {
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let tool = ["wl-copy", "xclip", "xsel", "pbcopy"].first { tool in
            folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
        }
        return Finding(
            isGood: tool != nil, "clipboard", tool ?? "no tool; copies go through the terminal",
            advice: tool == nil ? "In tmux: set -g set-clipboard on." : nil)
    }
}
