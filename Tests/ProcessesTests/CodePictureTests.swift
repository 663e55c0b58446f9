import TestSupport
import Testing

@testable import Processes

/// What the packages for figures and tables do in the sandbox.
@Suite(
    "Code with packages", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: SandboxPresence.isPresent, "bubblewrap and python3 are needed"))
struct CodePictureTests {
    @Test("shows figures as images, those that were left open as well")
    func figures() async throws {
        try await Bench.with { bench in
            try #require(bench.kernel.packages.contains("matplotlib"))
            let shown = try await bench.run(
                """
                import matplotlib.pyplot as plt
                plt.plot([1, 2, 3])
                plt.title("t")
                plt.show()
                print("after")
                """)
            #expect(shown.text == "after\n", "\(shown.text)")
            #expect(shown.images.count == 1)
            let left = try await bench.run("plt.figure()\nplt.bar([1, 2], [3, 4])\nNone")
            #expect(left.images.count == 1 && left.files.isEmpty)
            #expect(try await bench.run("1").images.isEmpty)
            for code in ["1/0", "import sys; sys.exit()", "raise KeyboardInterrupt"] {
                let failed = try await bench.run("plt.figure()\n" + code)
                #expect(failed.ending != .finished && failed.images.isEmpty)
                #expect(try await bench.run("1").images.isEmpty, "\(code)")
            }
            // Nothing of them stays behind.
            #expect(try await bench.run("import os; os.listdir('.images')").text == "[]\n")
        }
    }

    @Test("shows no image that is none")
    func forgedImages() async throws {
        try await Bench.with { bench in
            let heard = try await bench.run(
                """
                class Picture:
                    def _repr_png_(self): return b"<script>"
                Picture()
                """)
            #expect(heard.images.isEmpty && heard.text.isEmpty && heard.ending == .finished)
        }
    }

    @Test("has tables")
    func tables() async throws {
        try await Bench.with { bench in
            try #require(bench.kernel.packages.contains("pandas"))
            let heard = try await bench.run(
                """
                open("a.csv", "w").write("a,b\\n1,2\\n")
                import pandas as pd
                pd.read_csv("/mnt/data/a.csv")
                """)
            #expect(heard.text == "   a  b\n0  1  2\n", "\(heard.text)")
        }
    }
}
