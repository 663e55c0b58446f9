import Processes
import Speech

// What speaking needs.
extension Finding {
    /// The program that plays what is spoken.
    static func player(_ home: Home) -> Finding {
        do throws(Stop) {
            let setup = try home.speech()
            if let chosen = setup.player {
                let isThere = Launch.path(of: chosen.name) != nil
                return Finding(
                    isGood: isThere, "player",
                    isThere ? chosen.name : "\(chosen.name) is not there",
                    advice: isThere ? nil : "Change speech: player in the configuration.")
            }
            return player(setup)
        } catch {
            return Finding(isGood: false, "player", error.message)
        }
    }

    private static func player(_ setup: SpeechSetup) -> Finding {
        do throws(SpeechError) {
            let found = try Player.find(for: setup.playedFormats)
            return Finding(isGood: true, "player", "\(found.player.name) for \(found.format)")
        } catch {
            return Finding(isGood: false, "player", "none", advice: error.message)
        }
    }

    /// Whether there is a key for the speech service; the key itself is never shown.
    static func speechKey(_ home: Home) -> Finding {
        let isSet = home.environment["ELEVENLABS_API_KEY"]?.isEmpty == false
        return Finding(
            isGood: isSet, "speech", isSet ? "ELEVENLABS_API_KEY is set" : "no key",
            advice: isSet ? nil : "To have answers spoken: export ELEVENLABS_API_KEY=…")
    }
}
