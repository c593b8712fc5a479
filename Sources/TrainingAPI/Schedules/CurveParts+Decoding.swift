internal import Schedules

extension Target {
    private static let share = Field(
        "fraction_of_peak",
        .number(from: 0),
        "A share of the peak."
    )

    /// Reads a rate or a share of the peak, or reports what is wrong with it.
    static func decode(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Target? {
        if document.double != nil {
            return ValueRule<Double>.number(from: 0).read(document, pointer, &context)
                .map { .value($0) }
        }
        guard case .object = document.value,
            var object = ObjectDecoder(document, at: pointer, &context)
        else {
            let detail = "must be a rate or {\"fraction_of_peak\": 0.1}, not \(document.summary)"
            context.report(pointer, .type, detail, at: document.position)
            return nil
        }
        let fraction = object.require(share, &context)
        object.finish(&context)
        return fraction.map { .fractionOfPeak($0) }
    }
}

extension MomentumRange {
    private static let rule = ValueRule<Double>.number(from: 0, below: 1)

    /// Reads a range of momenta, or reports what is wrong with it.
    static func decode(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> MomentumRange? {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let high = object.require(Field("high", rule, "The momentum at the lowest rate."), &context)
        let low = object.require(Field("low", rule, "The momentum at the peak."), &context)
        object.finish(&context)
        guard let high, let low else { return nil }
        do throws(ScheduleError) {
            return try MomentumRange(high: high, low: low)
        } catch {
            context.report(error, at: pointer)
            return nil
        }
    }
}

extension Knot {
    /// Reads a point of a drawn curve, or reports what is wrong with it.
    static func decode(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Knot? {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let at = object.document("at").map {
            Length(atOrAfterStart: $0, at: pointer.appending("at"), &context)
        }
        if at == nil { object.reportMissing("at", expecting: "a length", &context) }
        let rate = object.document("rate").map {
            Target.decode($0, at: pointer.appending("rate"), &context)
        }
        if rate == nil { object.reportMissing("rate", expecting: "a rate", &context) }
        object.finish(&context)
        guard let place = at ?? nil, let target = rate ?? nil else { return nil }
        return Knot(at: place, rate: target)
    }
}

extension Phase {
    private static let peak = Field("learning_rate", .number(above: 0), "The phase's own peak.")
    private static let floorField = Field(
        "floor",
        .number(from: 0),
        "A rate below which the curve does not go."
    )

    /// Reads a part of a sequence, or reports what is wrong with it.
    static func decode(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Phase? {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let length = object.read(
            Field("length", ValueRule<Length>.length, "How long the phase lasts."),
            &context
        )
        let curve = CurveDecoding.curve(in: &object, default: nil, &context)
        let peak = object.read(Self.peak, &context)
        let floor = object.read(Self.floorField, &context)
        let warmup = object.document("warmup").flatMap {
            Warmup.decode($0, at: pointer.appending("warmup"), &context)
        }
        object.finish(&context)
        guard let curve, context.isValid else { return nil }
        do throws(ScheduleError) {
            return try Phase(
                length: length,
                curve: curve,
                learningRate: peak,
                floor: floor,
                warmup: warmup
            )
        } catch {
            context.report(error, at: pointer)
            return nil
        }
    }
}
