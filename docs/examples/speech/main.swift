// Program G: text to speech. Its sound is copied to standard output as it comes.
import Foundation
import Speech
import Transport

let arguments = CommandLine.arguments
guard arguments.count == 3 else { fatalError("usage: example-speech VOICE TEXT > FILE") }
let environment = ProcessInfo.processInfo.environment
let client = try SpeechClient(
    baseURL: environment["ELEVENLABS_BASE_URL"] ?? SpeechClient.standardURL,
    key: environment["ELEVENLABS_API_KEY"], transport: AsyncHTTPTransport.shared)

var request = SpeechRequest(voice: arguments[1], text: arguments[2])
request.model = "eleven_multilingual_v2"
// The sample sends 123 for these three, which is refused here before anything is sent.
request.settings.similarity = 0.75
request.settings.stability = 0.5
request.settings.style = 0
request.settings.speakerBoost = true
request.format = .compressed

let output = FileHandle.standardOutput
for try await bytes in try await client.speak(request).audio {
    try output.write(contentsOf: bytes)
}
