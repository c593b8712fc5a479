public import Schedules

extension LibrarySchedule {
    private static let libraryField = Field(
        "library",
        ValueRule<Library>.choice,
        "The library whose scheduler it is."
    )
    private static let nameField = Field(
        "name",
        .text(limit: 100),
        "The scheduler, as the library spells it."
    )
    private static let rateField = Field(
        "learning_rate",
        .number(from: 0),
        "The optimizer's learning rate."
    )
    private static let monitorField = Field(
        "monitor",
        ValueRule<String>.metricName,
        "The metric that is reported to a scheduler that follows one."
    )
    private static let unitField = Field(
        "unit",
        ValueRule<Unit>.choice,
        default: .steps,
        "When the scheduler is stepped."
    )

    /// Reads a library's schedule, or reports what is wrong with it.
    ///
    /// - Parameters:
    ///   - document: The schedule as it was written.
    ///   - pointer: Where it stands.
    ///   - standardRate: The optimizer's rate where the scheduler needs one and none is given.
    ///   - context: Collects the faults.
    init?(
        _ document: Document,
        at pointer: Pointer,
        standardRate: Double? = nil,
        _ context: inout DecodingContext
    ) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let library = object.require(Self.libraryField, &context)
        let name = object.require(Self.nameField, &context)
        let parameters = object.optionalObject("params", default: [:], &context) {
            LibraryValue.parameters($0, at: $1, &$2)
        }
        let rate = object.read(Self.rateField, &context)
        let unit = object.read(Self.unitField, &context)
        let monitor = object.read(Self.monitorField, &context)
        object.finish(&context)
        guard let library, let name, let parameters, let unit, context.isValid else { return nil }
        func schedule(_ rate: Double?) throws(ScheduleError) -> LibrarySchedule {
            try LibrarySchedule(
                library: library,
                name: name,
                parameters: parameters,
                learningRate: rate,
                unit: unit,
                monitor: monitor
            )
        }
        do throws(ScheduleError) {
            // Composer's schedulers multiply the optimizer's rate, which they ask for only as they run.
            self = try schedule(rate ?? (library == .composer ? standardRate : nil))
        } catch {
            // The optimizer's own rate stands in where the scheduler asks for one.
            if case .missing("learning_rate", _) = error, let standardRate,
                let standard = try? schedule(standardRate)
            {
                self = standard
                return
            }
            context.report(error, at: pointer)
            return nil
        }
    }
}

extension LibraryValue {
    /// The value that `document` holds; every JSON value is one.
    init(_ document: Document) {
        switch document.value {
        case .null: self = .null
        case .bool(let flag): self = .flag(flag)
        case .integer(let number): self = .number(Double(number))
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .array(let items): self = .list(items.map { LibraryValue($0) })
        case .object(let members):
            self = .object(
                Dictionary(members.map { ($0.name, LibraryValue($0.value)) }) { first, _ in first }
            )
        }
    }

    /// Parameters by name, or a report that there are none.
    static func parameters(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> [String: LibraryValue]? {
        guard case .object(let parameters) = LibraryValue(document) else {
            let detail = "must be an object, not \(document.summary)"
            context.report(pointer, .type, detail, at: document.position)
            return nil
        }
        return parameters
    }
}

extension LibraryClock {
    private static let durationField = Field(
        "max_duration",
        .text(limit: 40),
        "The length of the run as a time string."
    )
    private static let lengthField = Field(
        "dataloader_len",
        .integer(1...1_000_000_000),
        "The batches of an epoch."
    )
    private static let ratioField = Field(
        "ssr",
        .number(above: 0),
        default: 1.0,
        "The scale schedule ratio."
    )

    /// Reads Composer's clock, or reports what is wrong with it.
    static func decode(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> LibraryClock? {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let duration = object.require(durationField, &context)
        let length = object.require(lengthField, &context)
        let ratio = object.read(ratioField, &context)
        object.finish(&context)
        guard let duration, let length, let ratio else { return nil }
        return LibraryClock(maximumDuration: duration, batchesPerEpoch: length, scaleRatio: ratio)
    }
}

extension LibraryPreview.Resume {
    private static let atField = Field(
        "at",
        .integer(0...PreviewRequest.stepLimit),
        "The calls before the restart."
    )
    private static let loadsField = Field(
        "load_scheduler_state",
        .flag,
        default: true,
        "Whether the scheduler's state is loaded beside the optimizer's."
    )

    /// Reads a restart, or reports what is wrong with it.
    static func decode(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Self? {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let at = object.require(atField, &context)
        let parameters = object.requireObject("first_params", example: "{}", &context) {
            LibraryValue.parameters($0, at: $1, &$2)
        }
        let loads = object.read(loadsField, &context)
        object.finish(&context)
        guard let at, let parameters, let loads else { return nil }
        return Self(at: at, firstParameters: parameters, loadsSchedulerState: loads)
    }
}

extension LibraryPreview.ManualEdit {
    private static let beforeField = Field(
        "before_step",
        .integer(0...PreviewRequest.stepLimit),
        "The call before which the rate is changed."
    )
    private static let factorField = Field(
        "multiply_lr_by",
        .number(from: 0),
        "By what the rate is multiplied."
    )

    /// Reads a change by hand, or reports what is wrong with it.
    static func decode(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> Self? {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let before = object.require(beforeField, &context)
        let factor = object.require(factorField, &context)
        object.finish(&context)
        guard let before, let factor else { return nil }
        return Self(beforeStep: before, factor: factor)
    }
}

extension LibrarySchedule.Unit: JSONWritable {
    /// Writes `steps` or `epochs`.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
