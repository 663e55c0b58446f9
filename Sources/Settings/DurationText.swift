extension Duration {
    /// A duration as people write it: `90s`, `10m`, `1h30m`, `1d`; units in this order.
    ///
    /// Nil for anything else, for zero and for more than 365 days.
    package init?(text: String) {
        let units: [(name: Character, seconds: Int)] = [
            ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
        ]
        let longest = 365 * 86_400
        var seconds = 0
        var number: Int?
        var allowed = units[...]
        for character in text {
            if let digit = character.wholeNumberValue, character.isASCII {
                let value = (number ?? 0) * 10 + digit
                guard value <= longest else { return nil }
                number = value
                continue
            }
            guard let value = number,
                let index = allowed.firstIndex(where: { $0.name == character })
            else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: allowed[index].seconds)
            guard !overflow, product <= longest - seconds else { return nil }
            seconds += product
            number = nil
            allowed = allowed[(index + 1)...]
        }
        guard number == nil, seconds > 0 else { return nil }
        self = .seconds(seconds)
    }
}
