import Glibc
import Processes

/// Starts kernels in the sandbox and runs cells in one, by the way that runs take.
struct KernelTrial {
    let kernels: Int
    let cells: Int

    func run() async throws -> KernelFigures {
        var figures = KernelFigures()
        figures.ready = try await starts(withSpare: false)
        figures.warm = try await starts(withSpare: true)
        try await withPool(spare: false) { pool in
            _ = try await time("0", in: pool)
            for number in 0..<cells {
                let (cell, _) = try await time("1", in: pool)
                let (_, line) = try await time("print(\(number))", in: pool)
                figures.cell.append(cell)
                figures.line.append(line)
            }
            figures.memory = Self.memoryOfDescendants
        }
        return figures
    }

    private func withPool(
        spare: Bool, _ body: (KernelPool) async throws -> Void
    ) async throws {
        let home = try Household()
        var settings = KernelPool.Settings()
        settings.keepsSpare = spare
        let pool = try KernelPool(
            Sandbox(), folder: KernelPool.usualFolder(for: home.path), settings: settings)
        do {
            try await body(pool)
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    }

    private func starts(withSpare: Bool) async throws -> [Double] {
        var times: [Double] = []
        try await withPool(spare: withSpare) { pool in
            for number in 0..<kernels {
                await pool.prepare()
                await pool.prepared()
                let start = now()
                let ready = try await pool.withKernel(of: "\(number)") { _, _ in now() }
                times.append((ready - start) * 1000)
                await pool.forget("\(number)")
            }
        }
        return times
    }

    /// Runs a cell: how long until it was over, and until it printed something.
    private func time(_ code: String, in pool: KernelPool) async throws -> (Double, Double) {
        let start = now()
        var line = start
        _ = try await pool.run(CodeCell(thread: "cells", code: code)) { event in
            if case .text = event, line == start { line = now() }
        }
        return ((now() - start) * 1000, (line - start) * 1000)
    }

    /// The resident memory of everything that this process started, in MB.
    private static var memoryOfDescendants: Double {
        var parents: [pid_t: pid_t] = [:]
        guard let folder = opendir("/proc") else { return 0 }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let process = pid_t(name) else { continue }
            parents[process] = pid_t(
                ProcessFigures.number("PPid:", in: "/proc/\(name)/status"))
        }
        let kilobytes = parents.keys.filter { process in
            var ancestor = parents[process] ?? 0
            while ancestor > 1, ancestor != getpid() { ancestor = parents[ancestor] ?? 0 }
            return ancestor == getpid()
        }.reduce(0) { $0 + ProcessFigures.number("VmRSS:", in: "/proc/\($1)/status") }
        return Double(kilobytes) * 1024 / 1e6
    }
}
