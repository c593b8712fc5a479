/// Native phases that follow each other, put together by their lengths in calls.
struct NativePhases {
    /// The most phases, or values of a staircase, that still make a schedule for a reader.
    static let limit = 256

    private let request: NativeForm.Request
    private var parts: [(form: NativeForm, calls: Double?)] = []
    private var start = 0.0

    /// No phases yet, of the calls of a request.
    init(_ request: NativeForm.Request) { self.request = request }

    /// The phases so far.
    var count: Int { parts.count }

    /// Whether the phases reach to the end.
    var isFull: Bool { start >= request.calls }

    /// Appends a phase; without calls it goes on to the end.
    ///
    /// One that would begin at the end, or that has no calls, is left out.
    mutating func add(_ form: NativeForm, calls: Double? = nil) {
        guard !isFull, calls ?? 1 > 0 else { return }
        let end = calls.map { start + $0 } ?? .infinity
        parts.append((form, end < request.calls ? calls : nil))
        start = min(end, request.calls)
    }

    /// The phases as one schedule: a sequence where there are several.
    func form() throws -> NativeForm {
        guard let first = parts.first else { return NativeForm(.constant, peak: request.rate) }
        guard parts.count > 1 else { return first.form }
        let phases = try parts.map { form, calls in
            try Phase(
                length: calls.map(request.length),
                // A phase has no peak of 0.
                curve: form.peak > 0 ? form.curve : request.knots([(0, 0)]).curve,
                learningRate: form.peak > 0 ? form.peak : nil,
                floor: form.floor,
                warmup: form.warmup
            )
        }
        return NativeForm(
            try .sequence(phases),
            peak: parts.map(\.form.peak).max() ?? request.rate,
            notes: parts.flatMap(\.form.notes)
        )
    }
}

extension NativeForm.Request {
    /// A form after so many calls at its peak.
    func delayed(_ form: NativeForm, by calls: Double) throws -> NativeForm {
        guard calls > 0 else { return form }
        var phases = NativePhases(self)
        phases.add(NativeForm(.constant, peak: form.peak), calls: calls)
        phases.add(form)
        return try phases.form()
    }

    /// A form after a straight way to its peak, or to `peak`, in so many calls.
    ///
    /// A native warm-up would give update t the share (t + 1) / (w + 1) of the way; the libraries give it t / w.
    func risen(
        _ form: NativeForm,
        over calls: Double,
        from start: Double = 0,
        to peak: Double? = nil
    ) throws -> NativeForm {
        guard calls > 0 else { return form }
        var phases = NativePhases(self)
        phases.add(try knots([(0, start), (calls, peak ?? form.peak)]), calls: calls)
        phases.add(form)
        return try phases.form()
    }

    /// A curve through points, by their calls; a point that falls on the one before it takes its place.
    func knots(
        _ points: [(call: Double, rate: Double)],
        shape: KnotShape = .linear
    ) throws -> NativeForm {
        var distinct: [(call: Double, rate: Double)] = []
        for point in points {
            if distinct.last?.call == point.call { distinct.removeLast() }
            distinct.append(point)
        }
        return NativeForm(
            try .interpolated(
                knots: distinct.map { Knot(at: length($0.call), rate: .value($0.rate)) },
                shape: shape
            ),
            peak: points.map(\.rate).max() ?? rate
        )
    }
}
