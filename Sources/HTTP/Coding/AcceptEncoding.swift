/// Whether a client takes gzip (RFC 9110, section 12.5.3).
enum AcceptEncoding {
    /// Whether gzip is welcome by these fields, and no less than the plain bytes.
    ///
    /// A client that names no coding wants none, although it may be sent any.
    static func takesGzip(_ fields: Fields) -> Bool {
        var (gzip, plain, others): (Int?, Int?, Int?) = (nil, nil, nil)
        for list in fields.values(for: "accept-encoding") {
            for item in list.split(separator: ",") {
                let parts = item.split(separator: ";").map { $0.trimming(" \t") }
                guard let coding = parts.first, let weight = weight(parts.dropFirst()) else {
                    continue
                }
                switch coding.lowercased() {
                case "gzip", "x-gzip": gzip = weight
                case "identity": plain = weight
                case "*": others = weight
                default: break
                }
            }
        }
        guard let weight = gzip ?? others else { return false }
        return weight > 0 && weight >= plain ?? 0
    }

    /// The weight in thousandths, 1,000 where there is none; nil for one that cannot be read.
    private static func weight(_ parameters: ArraySlice<Substring>) -> Int? {
        guard let parameter = parameters.first else { return 1_000 }
        guard parameter.lowercased().hasPrefix("q="), parameter.utf8.count <= 7,
            let weight = Double(parameter.dropFirst(2)), (0...1).contains(weight)
        else { return nil }
        return Int((weight * 1_000).rounded())
    }
}

extension Substring {
    /// The text without these characters at its ends.
    fileprivate func trimming(_ characters: String) -> Substring {
        var text = drop(while: characters.contains)
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return text
    }
}
