import AssistantsEngine
import Processes
import Settings

extension Home {
    /// What runs the code that models write: a sandbox, or what says why there is none.
    var interpreter: any CodeInterpreter {
        let settings = configuration.code
        guard settings.isEnabled else {
            return NoCodeInterpreter(
                "The code interpreter is turned off: code-interpreter: enabled in the "
                    + "configuration.")
        }
        do throws(SandboxProblem) {
            return SandboxInterpreter(
                try Sandbox(SandboxLimits(settings)), settings: .init(settings),
                directory: locations.data)
        } catch {
            return NoCodeInterpreter("The code interpreter is off: \(error)")
        }
    }
}

extension SandboxLimits {
    /// The limits that the configuration sets.
    init(_ settings: CodeSettings) {
        self.init()
        processorSeconds = Int(settings.processorTime.components.seconds)
        cellTime = settings.callTime
        memoryBytes = settings.memory << 20
        processes = settings.processes
        fileBytes = settings.fileSize << 20
        folderBytes = settings.folderSize << 20
        outputBytes = settings.output
    }
}

extension KernelPool.Settings {
    fileprivate init(_ settings: CodeSettings) {
        self.init()
        maximum = settings.kernels
        idleTime = settings.idle
    }
}
