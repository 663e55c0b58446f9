import Processes
import Settings

extension Finding {
    /// Whether code can be run, tried by starting a Python in a sandbox.
    static func sandbox(_ home: Home) async -> Finding {
        guard home.configuration.code.isEnabled else {
            return Finding(isGood: true, "code", "turned off in the configuration")
        }
        do throws(SandboxProblem) {
            return sandbox(
                try await SandboxTrial(Sandbox(SandboxLimits(home.configuration.code))))
        } catch {
            return Finding(
                isGood: false, "code", "the code interpreter is off", advice: error.description)
        }
    }

    /// Whether pictures can be drawn in the terminal.
    static var pictures: Finding {
        do throws(SandboxProblem) {
            _ = try PictureDrawer()
            return Finding(isGood: true, "pictures", "drawn by chafa, in a sandbox")
        } catch {
            return Finding(
                isGood: false, "pictures", "named, not drawn", advice: error.description)
        }
    }

    private static func sandbox(_ trial: SandboxTrial) -> Finding {
        let all = ["matplotlib", "numpy", "pandas"]
        let missing = all.filter { !trial.packages.contains($0) }
        let found = all.filter(trial.packages.contains).joined(separator: ", ")
        return Finding(
            isGood: true, "code",
            "runs in a sandbox: Python \(trial.python)" + (found.isEmpty ? "" : " with " + found),
            advice: missing.isEmpty
                ? nil
                : "For pictures and tables: apt-get install "
                    + missing.map { "python3-" + $0 }.joined(separator: " "))
    }
}
