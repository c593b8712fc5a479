/// The native schedule that stands for a library's.
struct NativeForm {
    let curve: Curve
    let peak: Double
    var floor: Double?
    var warmup: Warmup?
    /// What is lost that the rates do not show.
    var notes: [String] = []

    /// What a library's scheduler was asked for.
    struct Request {
        let arguments: LibraryArguments
        /// The optimizer's rate.
        let rate: Double
        let unit: LibrarySchedule.Unit
        let run: Run

        func number(_ name: String) throws(LibraryFailure) -> Double {
            try arguments.number(name)
        }

        func length(_ name: String) throws -> Length { length(try arguments.number(name)) }

        /// A number of calls with its unit.
        func length(_ calls: Double) -> Length {
            if unit == .epochs { return .epochs(calls) }
            return Int(exactly: calls).map(Length.steps)
                ?? .fraction(calls / Double(run.totalSteps))
        }

        /// A warm-up over a number of calls; `nil` where it is none.
        func warmup(_ calls: Double, from start: Double = 0) throws -> Warmup? {
            calls > 0 ? try Warmup(length: length(calls), from: .value(start)) : nil
        }

        /// The request for a nested scheduler.
        func nested(
            _ arguments: LibraryArguments,
            rate: Double
        ) -> Request { Request(arguments: arguments, rate: rate, unit: unit, run: run) }
    }

    /// The native form of a scheduler; `nil` where there is none.
    init?(_ library: Library, _ name: String, _ request: Request) throws {
        let form: NativeForm? =
            switch library {
            case .torch: try .torch(name, request)
            case .transformers: try .transformers(name, request)
            case .keras: try .keras(name, request)
            case .optax: try .optax(name, request)
            case .timm: try .timm(name, request)
            case .fastai: try .fastai(name, request)
            case .composer, .pytorchOptimizer: nil
            }
        guard let form else { return nil }
        self = form
    }

    init(
        _ curve: Curve,
        peak: Double,
        floor: Double? = nil,
        warmup: Warmup? = nil,
        notes: [String] = []
    ) {
        self.curve = curve
        self.peak = peak
        self.floor = floor
        self.warmup = warmup
        self.notes = notes
    }

    /// A staircase of given values; marks at 0 take effect at once.
    static func staircase(
        _ marks: [Double],
        _ values: [Double],
        _ request: Request
    ) throws -> NativeForm {
        let passed = marks.count { $0 <= 0 }
        let rest = Array(marks.dropFirst(passed))
        let peak = values.max() ?? 0
        guard !rest.isEmpty else { return NativeForm(.constant, peak: values[passed]) }
        return NativeForm(
            try .piecewiseConstant(
                boundaries: rest.map(request.length),
                values: values.dropFirst(passed).map(Target.value)
            ),
            peak: peak
        )
    }
}
