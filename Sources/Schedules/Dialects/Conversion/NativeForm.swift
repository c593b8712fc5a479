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
        /// The calls to be described, those of the whole run or of a part.
        let calls: Double

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

        /// The request for a nested scheduler, of so many calls.
        func nested(_ arguments: LibraryArguments, rate: Double, calls: Double) -> Request {
            Request(arguments: arguments, rate: rate, unit: unit, run: run, calls: calls)
        }
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
            case .composer: try .composer(name, request)
            case .pytorchOptimizer: try .pytorchOptimizer(name, request)
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

    /// A fall by a factor at each mark, in rising order; a mark at 0 takes effect at once, a doubled one twice.
    static func milestones(
        _ marks: [Double],
        factor: Double,
        _ request: Request
    ) throws -> NativeForm {
        let distinct = Set(marks).sorted()
        if distinct.count == marks.count, (distinct.first ?? 1) > 0 {
            return NativeForm(
                try .multiStep(milestones: distinct.map(request.length), factor: factor),
                peak: request.rate
            )
        }
        var values = [request.rate]
        for mark in distinct {
            let count = marks.count { $0 == mark }
            values.append(
                values[values.count - 1] * (try PythonNumber.power(factor, Double(count)))
            )
        }
        return try staircase(distinct, values, request)
    }
}
