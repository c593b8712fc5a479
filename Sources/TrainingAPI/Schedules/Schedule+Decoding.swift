public import Schedules

extension Schedule {
    private static let peak = Field(
        "learning_rate",
        .number(above: 0),
        "The peak of the learning rate."
    )
    private static let floorField = Field(
        "floor",
        .number(from: 0),
        "A rate below which the curve does not go."
    )

    /// Reads a schedule, or reports what is wrong with it.
    ///
    /// - Parameters:
    ///   - document: The schedule as it was written; `nil` where a job gives none.
    ///   - pointer: Where it stands.
    ///   - standardPeak: The peak where none is given; `nil` where it must be.
    ///   - context: Collects the faults.
    public init?(
        _ document: Document?,
        at pointer: Pointer,
        standardPeak: Double?,
        _ context: inout DecodingContext
    ) {
        let document = document ?? Document(.object([]))
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let saysKind = object.has("type")
        let curve = CurveDecoding.curve(
            in: &object,
            default: saysKind ? nil : ScheduleCatalogue.type(named: "cosine"),
            &context
        )
        let peak =
            object.has("learning_rate") || standardPeak == nil
            ? object.require(Self.peak, &context) : object.read(Self.peak, &context) ?? standardPeak
        let floor = object.read(Self.floorField, &context)
        let given = object.document("warmup")
        let warmup = given.map { Warmup.decode($0, at: pointer.appending("warmup"), &context) }
        object.finish(&context)
        guard let curve, let peak, context.isValid else { return nil }
        do throws(ScheduleError) {
            let standard = saysKind || given != nil ? nil : try Warmup(length: .fraction(0.05))
            try self.init(
                curve: curve,
                learningRate: peak,
                floor: floor,
                warmup: warmup ?? standard
            )
        } catch {
            context.report(error, at: pointer)
            return nil
        }
    }
}

extension Warmup {
    private static let length = Field(
        "length",
        ValueRule<Length>.length,
        "How long the rise takes."
    )
    private static let shape = Field(
        "shape",
        ValueRule<Shape>.choice,
        default: .linear,
        "The course of the rise."
    )

    /// Reads a warm-up; `null`, and what is faulty, is none.
    static func decode(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Warmup? {
        switch document.value {
        case .null: return nil
        case .string, .integer, .number:
            let detail =
                "\(document.summary) is no warm-up; write {\"length\": \"5%\"} or {\"length\": "
                + "{\"steps\": 500}}"
            context.report(pointer, .type, detail, at: document.position)
            return nil
        default: break
        }
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let length = object.require(Self.length, &context)
        let from = object.document("from").map {
            Target.decode($0, at: pointer.appending("from"), &context)
        }
        let shape = object.read(Self.shape, &context)
        object.finish(&context)
        guard let length, let shape else { return nil }
        do throws(ScheduleError) {
            return try Warmup(length: length, from: (from ?? nil) ?? .value(0), shape: shape)
        } catch {
            context.report(error, at: pointer)
            return nil
        }
    }
}

extension Warmup.Shape: JSONWritable {
    /// Writes the shape's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}

extension DecodingContext {
    /// Notes what a schedule's own checks found, in the document at `pointer`.
    package mutating func report(_ error: ScheduleError, at pointer: Pointer) {
        let (code, detail): (Fault.Code, String) =
            switch error {
            case .missing: (.missing, error.description)
            case .unknown: (.unknown, error.description)
            case .wrongKind: (.type, error.description)
            case .outOfRange: (.range, error.description)
            // The pointer before it names the field already.
            case .conflict(_, let detail): (.conflict, detail)
            }
        report(place(of: error.path, from: pointer), code, detail)
    }

    /// Where the field `path` of the schedule at `pointer` was written.
    ///
    /// Of lengths with one unit for all, `{"epochs": [30, 60]}`, the items stand under the unit's name.
    func place(of path: FieldPath, from pointer: Pointer) -> Pointer {
        path.components.reduce(pointer) { place, component in
            switch component {
            case .key(let key): return place.appending(key)
            case .index(let index):
                guard let members = value(at: place)?.members, members.count == 1,
                    let unit = members.first, unit.value.array != nil
                else { return place.appending(index) }
                return place.appending(unit.name).appending(index)
            }
        }
    }
}
