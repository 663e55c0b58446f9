import Processes

/// A program that plays sound from its standard input.
package struct Player: Hashable, Sendable {
    /// The program and its arguments.
    package var command: [String]

    /// The program's name.
    package var name: String { command.first ?? "" }

    /// The programs that are looked for, in this order.
    package static let names = ["pw-cat", "paplay", "aplay", "mpv", "ffplay", "mpg123"]

    /// What a person chose, in place of what is found: words divided by blanks.
    package init(command: String) {
        self.command = command.split(separator: " ").map(String.init)
    }

    private init(_ command: [String]) { self.command = command }

    /// The first player that is there and takes one of `formats`, the best format first.
    /// - Throws: `SpeechError` of kind `noPlayer`.
    package static func find(
        for formats: [AudioFormat]
    ) throws(SpeechError) -> (player: Player, format: AudioFormat) {
        for format in formats {
            for name in names {
                guard let command = command(name, format), Launch.path(of: name) != nil else {
                    continue
                }
                return (Player(command), format)
            }
        }
        let wanted = formats.map(\.name).joined(separator: " or ")
        throw SpeechError(
            .noPlayer,
            "No program that plays \(wanted) was found. Install one of "
                + names.joined(separator: ", ") + ", or set speech: player.")
    }

    /// How a program is told of a format; nil when it does not take it.
    package static func command(_ name: String, _ format: AudioFormat) -> [String]? {
        let rate = "\(format.rate)"
        switch (name, format.codec) {
        case ("pw-cat", .pcm):
            return [
                name, "--playback", "--raw", "--rate", rate, "--channels", "1", "--format", "s16",
                "-",
            ]
        case ("paplay", .pcm), ("paplay", .ulaw), ("paplay", .alaw):
            let sample = format.codec == .pcm ? "s16le" : format.codec.rawValue
            return [name, "--raw", "--rate=" + rate, "--format=" + sample, "--channels=1"]
        case ("aplay", .pcm), ("aplay", .ulaw), ("aplay", .alaw):
            let sample = [.pcm: "S16_LE", .ulaw: "MU_LAW", .alaw: "A_LAW"][format.codec] ?? ""
            return [name, "-q", "-t", "raw", "-f", sample, "-r", rate, "-c", "1", "-"]
        case ("mpv", .mp3), ("mpv", .opus): return mpv([])
        case ("mpv", .pcm):
            return mpv([
                "--demuxer=rawaudio", "--demuxer-rawaudio-format=s16le",
                "--demuxer-rawaudio-channels=1", "--demuxer-rawaudio-rate=" + rate,
            ])
        case ("ffplay", .mp3), ("ffplay", .opus): return ffplay([])
        case ("ffplay", .pcm): return ffplay(["-f", "s16le", "-sample_rate", rate])
        case ("ffplay", .ulaw): return ffplay(["-f", "mulaw", "-sample_rate", rate])
        case ("ffplay", .alaw): return ffplay(["-f", "alaw", "-sample_rate", rate])
        case ("mpg123", .mp3): return [name, "-q", "-"]
        default: return nil
        }
    }

    private static func mpv(_ options: [String]) -> [String] {
        ["mpv", "--no-config", "--no-terminal", "--no-video", "--no-cache"] + options
            + ["--", "fd://0"]
    }

    private static func ffplay(_ options: [String]) -> [String] {
        ["ffplay", "-nodisp", "-autoexit", "-loglevel", "error"] + options + ["-"]
    }

    /// Without what older versions do not know: there `pw-cat` takes `-` for raw by itself.
    package func adapted() async -> Player {
        guard name == "pw-cat", command.contains("--raw") else { return self }
        guard let child = try? ChildProcess(Launch([name, "--help"])) else { return self }
        child.closeInput()
        var help: [UInt8] = []
        while help.count < 64 * 1024, let bytes = try? await child.nextOutput() { help += bytes }
        child.end()
        if String(decoding: help, as: UTF8.self).contains("--raw") { return self }
        return Player(command.filter { $0 != "--raw" })
    }
}
