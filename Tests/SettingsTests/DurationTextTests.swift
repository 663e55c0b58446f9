import Settings
import Testing

@Suite("A duration in words") struct DurationTextTests {
    @Test(
        "is read in days, hours, minutes and seconds",
        arguments: [
            ("1d", 86_400), ("10m", 600), ("1h30m", 5_400), ("1d2h3m4s", 93_784), ("007s", 7),
        ])
    func reads(text: String, seconds: Int) {
        #expect(Duration(text: text) == .seconds(seconds))
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "0s", "10", "m", "1m1h", "1x", "-1s", "1.5h", " 1s", "366d",
            "99999999999999999999s",
            "٣m", "365d1s",
        ])
    func refuses(text: String) {
        #expect(Duration(text: text) == nil)
    }
}
