internal import Foundation

/// The annealers of fastai: values at a position in [0, 1].
enum FastaiAnnealer {
    typealias Value = @Sendable (Double) throws(LibraryFailure) -> Double

    /// An annealer and how it is made.
    struct Making: Sendable {
        let name: String
        let parameters: [(name: String, defaultValue: LibraryValue?)]
        let make: @Sendable (LibraryArguments) throws(LibraryFailure) -> Value
    }

    private static let ends: [(name: String, defaultValue: LibraryValue?)] = [
        ("start", nil), ("end", nil),
    ]

    static let makings: [Making] =
        simple + [
            Making(name: "combine_scheds", parameters: [("pcts", nil), ("scheds", nil)]) {
                (arguments) throws(LibraryFailure) in
                var annealers: [Value] = []
                for child in try arguments.nested("scheds") {
                    guard let making = simple.first(where: { $0.name == child.name }),
                        let entry = LibraryEntry.fastai.first(where: { $0.name == child.name })
                    else { throw .value("there is no annealer \"\(child.name)\"") }
                    annealers.append(try making.make(entry.arguments(child.parameters)))
                }
                return try combined(arguments.numbers("pcts"), annealers)
            },
            Making(
                name: "combined_cos",
                parameters: [("pct", nil), ("start", nil), ("middle", nil), ("end", nil)]
            ) { (arguments) throws(LibraryFailure) in
                try combinedCosine(
                    arguments.number("pct"),
                    arguments.number("start"),
                    arguments.number("middle"),
                    arguments.number("end")
                )
            },
        ]

    private static let simple: [Making] = [
        Making(name: "SchedLin", parameters: ends) { (arguments) throws(LibraryFailure) in
            let (start, end) = (try arguments.number("start"), try arguments.number("end"))
            return { place in start + place * (end - start) }
        },
        Making(name: "SchedCos", parameters: ends) { (arguments) throws(LibraryFailure) in
            cosine(try arguments.number("start"), try arguments.number("end"))
        },
        Making(name: "SchedNo", parameters: ends) { (arguments) throws(LibraryFailure) in
            let start = try arguments.number("start")
            _ = try arguments.number("end")
            return { _ in start }
        },
        Making(name: "SchedExp", parameters: ends) { (arguments) throws(LibraryFailure) in
            let (start, end) = (try arguments.number("start"), try arguments.number("end"))
            let ratio = try PythonNumber.divide(end, start)
            return { (place) throws(LibraryFailure) in
                start * (try PythonNumber.power(ratio, place))
            }
        },
        Making(name: "SchedPoly", parameters: ends + [("power", nil)]) {
            (arguments) throws(LibraryFailure) in
            let (start, end) = (try arguments.number("start"), try arguments.number("end"))
            let power = try arguments.number("power")
            return { (place) throws(LibraryFailure) in
                start + (end - start) * (try PythonNumber.power(place, power))
            }
        },
    ]

    static func cosine(_ start: Double, _ end: Double) -> Value {
        { place in start + (1 + cos(.pi * (1 - place))) * (end - start) / 2 }
    }

    static func combinedCosine(
        _ share: Double,
        _ start: Double,
        _ middle: Double,
        _ end: Double
    ) throws(LibraryFailure) -> Value {
        try combined([share, 1 - share], [cosine(start, middle), cosine(middle, end)])
    }

    /// Annealers one after the other; boundaries and positions are 32-bit floats, as they are there.
    static func combined(
        _ shares: [Double],
        _ annealers: [Value]
    ) throws(LibraryFailure) -> Value {
        guard shares.reduce(0, +) == 1, shares.allSatisfy({ $0 >= 0 }) else {
            throw LibraryFailure(
                type: "AssertionError",
                message: "the shares must not be negative and add up to 1, got "
                    + shares.map(\.plain).joined(separator: ", ")
            )
        }
        guard annealers.count >= shares.count else { throw .index("scheds is shorter than pcts") }
        var sum = 0.0
        let bounds =
            [Float(0)]
            + shares.map { share in
                sum += Double(Float(share))
                return Float(sum)
            }
        return { (place) throws(LibraryFailure) in
            let place = Float(place)
            let last = bounds.count - 2
            let index = min(bounds.lastIndex { place >= $0 } ?? 0, last)
            let part = (place - bounds[index]) / (bounds[index + 1] - bounds[index])
            return try annealers[index](Double(part))
        }
    }
}
