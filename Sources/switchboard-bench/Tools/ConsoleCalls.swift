import FoundationEssentials

/// Calls of the code interpreter in a console, from the model's last byte to a cell of the screen.
struct ConsoleCalls {
    /// How many calls are made after the first.
    let count: Int

    func run() throws -> (first: Double, later: [Double]) {
        let server = try ModelServer()
        let home = try Household()
        let tools = home.path + "/tools.json"
        try Data(#"[{"type": "code_interpreter"}]"#.utf8).write(to: URL(filePath: tools))
        _ = try home.run([
            Household.program, "assistants", "create", "--name", "Coder", "--tools", tools,
        ])
        let program = try TerminalProgram(
            [Household.program, "--model-url", server.url, "--assistant", "Coder"],
            environment: home.environment)
        defer { program.stop() }
        let sign = Array("Run steps".utf8)
        guard program.wait(server, until: { program.output.holds(sign) }) != nil else {
            throw BenchmarkError("The console showed nothing.")
        }
        _ = program.wait(server, seconds: 1) { false }
        var times: [Double] = []
        for number in 0...count { times.append(try call(number, program, server)) }
        return (times[0], Array(times.dropFirst()))
    }

    /// One question whose answer calls code: how long until its line was shown, in milliseconds.
    private func call(
        _ number: Int, _ program: TerminalProgram, _ server: ModelServer
    ) throws -> Double {
        program.send("go\r")
        try wait(program, server)
        // Letters that stand nowhere else, so that each must be sent.
        let letters = (0..<3).map { 0x4E00 + number * 3 + $0 }
        let sign = String(String.UnicodeScalarView(letters.compactMap(Unicode.Scalar.init)))
        let position = program.output.count
        let start = now()
        server.call("print(''.join(map(chr, \(letters))))")
        let shown = program.wait(server) {
            program.output[position...].holds(Array(sign.utf8))
        }
        guard let shown else { throw BenchmarkError("The console never showed the line.") }
        try wait(program, server)
        server.say("Done.")
        server.finish()
        _ = program.wait(server, seconds: 0.3) { false }
        return (shown - start) * 1000
    }

    private func wait(_ program: TerminalProgram, _ server: ModelServer) throws {
        guard program.wait(server, until: { server.isAsked }) != nil else {
            throw BenchmarkError("The console asked no model.")
        }
    }
}
