import Assistants
import Terminal
import TestSupport
import Testing

@testable import Console

@Suite("The assistants")
struct AssistantsTests {
    @Test("are listed with model, provider and place")
    func list() {
        var stage = Stage(rows: 14, columns: 60)
        stage.press("F3")
        #expect(
            stage.screen.driver.text[1...4] == [
                "─ Assistants ─────────────────────────────────────────── 2 ─",
                " › Analyst                             gpt-oss:20b · Ollama",
                "   Guide                                   guide · built in",
                "────────────────────────────────────────────────────────────",
            ])
    }

    @Test("answer from the next run on, in this thread only")
    func switching() {
        var stage = Stage()
        stage.press("F3", "Down", "Enter")
        #expect(stage.row(0).hasPrefix(" Guide"))
        stage.type("Hi")
        stage.press("Enter")
        guard case .send(let sending) = stage.effects.last else {
            Issue.record("nothing was sent")
            return
        }
        #expect(sending.assistantID == "asst_2")
        stage.press("M-/")
        #expect(stage.row(0).hasPrefix(" Analyst"))
    }

    @Test("are made by keyboard: name, model, instructions")
    func create() {
        var stage = Stage()
        stage.press("C-x A")
        stage.type("Poet")
        stage.press("Tab", "Tab")
        stage.type("Rhyme.")
        stage.press("M-Enter")
        stage.type("Always.")
        #expect(
            stage.screen.driver.text[1...6].map { String($0.prefix(40)) } == [
                "─ New assistant ────────────────────────", " Name          Poet",
                " Model         gpt-oss:20b", " Instructions  Rhyme.", "               Always.",
                "────────────────────────────────────────",
            ])
        stage.press("Enter")
        #expect(
            stage.effects == [
                .saveAssistant(
                    AssistantDraft(
                        name: "Poet", model: "gpt-oss:20b", instructions: "Rhyme.\nAlways."))
            ])
        var poet = Stage.analyst
        poet.id = "asst_3"
        poet.name = "Poet"
        stage.give(.assistantSaved(poet))
        #expect(stage.row(0).hasPrefix(" Poet"))
    }

    @Test("need a name and a model, and say so")
    func missing() {
        var stage = Stage()
        stage.press("C-x A", "Enter")
        #expect(stage.shows("A name is needed"))
        #expect(stage.effects.isEmpty)
    }

    @Test("are edited")
    func edit() {
        var stage = Stage()
        stage.press("F3", "e")
        stage.type(" 2")
        stage.press("Enter")
        #expect(
            stage.effects == [
                .saveAssistant(
                    AssistantDraft(
                        id: "asst_1", name: "Analyst 2", model: "gpt-oss:20b", instructions: ""))
            ])
    }
}

@Suite("The first minute")
struct GreetingTests {
    @Test("greets with what was found, and how to connect a model")
    func guide() {
        var stage = Stage(isReady: false)
        stage.give(.assistants([Stage.guide]))
        stage.give(.models([Stage.builtIn]))
        stage.give(.answering("asst_2", Stage.builtIn))
        #expect(
            stage.screen.driver.text[2...11] == [
                "  Guide · now",
                "  Hello. I am the built-in guide: I answer from Switchboard's manual and show",
                "  each step I take. I am not a language model.",
                "",
                "  Connect one whenever you like:",
                "    1  Ollama at localhost:11434 — not found (start it, I'll notice)",
                "    2  an API key — export OPENAI_API_KEY=… and start again",
                "    3  any other server — switchboard --model-url URL",
                "",
                "  Or ask me something: “How do I switch assistants?”",
            ])
        stage.give(.models([Stage.builtIn, Stage.model]))
        #expect(stage.shows("    1  gpt-oss:20b by Ollama at localhost:11434 — found:"))
    }

    @Test("greets once it is known who answers: where no model is, Guide")
    func order() {
        var stage = Stage(isReady: false)
        stage.give(.assistants([Stage.analyst, Stage.guide]))
        stage.give(.models([Stage.builtIn]))
        stage.give(.answering(Stage.analyst.id, Stage.builtIn))
        #expect(stage.shows("one moment"))
        stage.give(.answering(Stage.guide.id, Stage.builtIn))
        #expect(stage.shows("  Guide · now"))
    }

    @Test("asks for models again when they change")
    func notices() {
        var stage = Stage()
        let effects = stage.state.update(
            .events([ServiceEvent(threadID: "", kind: .modelsChanged)]), at: stage.now)
        #expect(effects.contains(.loadModels))
    }

    @Test("says where words go when the model is elsewhere")
    func elsewhere() {
        var stage = Stage(isReady: false)
        let model = ModelInfo(
            name: "gpt-5", provider: "OpenAI", host: "api.openai.com", isLocal: false)
        stage.give(.assistants([Stage.analyst]))
        stage.give(.answering("asst_1", model))
        #expect(stage.shows("at api.openai.com, so what you write"))
    }
}
