public import Schedules

/// A wish to see what a library's own scheduler answers: a preview whose schedule names a library.
///
/// One step is one call of the scheduler. The fields beside `schedule` and `steps` are those of a run in
/// the library's own world: reports of a metric, Composer's clock, a restart, an edit by hand.
public struct LibraryPreviewRequest: Hashable, Sendable {
    /// The scheduler.
    public var schedule: LibrarySchedule
    /// The calls.
    public var steps: Int
    /// The reports in order, for schedulers that follow a metric.
    public var metrics: [Double]?
    /// Composer's clock.
    public var clock: LibraryClock?
    /// A restart in the middle.
    public var resume: LibraryPreview.Resume?
    /// A change of the optimizer's rate by hand.
    public var manualEdit: LibraryPreview.ManualEdit?
    /// The most points of the answer; `nil` for one per step.
    public var pointLimit: Int?

    /// Whether `document` is such a request rather than one for a native schedule.
    public static func isMeant(by document: Document) -> Bool {
        document["schedule"]?["library"] != nil
    }

    private static let stepsField = Field(
        "steps",
        .integer(1...PreviewRequest.stepLimit),
        "The calls of the scheduler."
    )
    private static let metricsField = Field(
        "metrics",
        .list(of: .report, count: 0...PreviewRequest.stepLimit),
        "The reports in order, for schedulers that follow a metric."
    )
    private static let pointsField = Field(
        "max_points",
        .integer(2...100_000),
        "The most points of the answer."
    )

    /// Reads a request, or reports what is wrong with it.
    public init?(
        _ document: Document,
        at pointer: Pointer = .root,
        _ context: inout DecodingContext
    ) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let schedule = object.requireObject(
            "schedule",
            example: "{\"library\": \"torch\", \"name\": \"StepLR\"}",
            &context
        ) {
            LibrarySchedule($0, at: $1, &$2)
        }
        let steps = object.require(Self.stepsField, &context)
        metrics = object.read(Self.metricsField, &context)
        clock = object.given("context", &context) {
            LibraryClock.decode($0, at: $1, &$2)
        }
        resume = object.given("resume", &context) {
            LibraryPreview.Resume.decode($0, at: $1, &$2)
        }
        manualEdit = object.given("manual_edit", &context) {
            LibraryPreview.ManualEdit.decode($0, at: $1, &$2)
        }
        pointLimit = object.read(Self.pointsField, &context)
        object.finish(&context)
        guard let schedule, let steps, context.isValid else { return nil }
        self.schedule = schedule
        self.steps = steps
    }

    /// What the scheduler answers, or a report of why the library refuses it.
    public func preview(
        at pointer: Pointer = .root,
        _ context: inout DecodingContext
    ) -> LibraryPreviewBody? {
        do throws(ScheduleError) {
            let preview = try schedule.preview(
                steps: steps,
                metrics: metrics,
                clock: clock,
                resume: resume,
                manualEdit: manualEdit
            )
            return LibraryPreviewBody(preview, pointLimit: pointLimit)
        } catch {
            switch error {
            case .conflict("params", let detail) where resume != nil:
                // Before a restart the scheduler has the parameters that stand there.
                let before = ScheduleError.conflict("first_params", detail: detail)
                context.report(before, at: pointer.appending("resume"))
            case _ where ["metrics", "context", "steps"].contains(error.path):
                context.report(error, at: pointer)
            default:
                context.report(error, at: pointer.appending("schedule"))
            }
            return nil
        }
    }
}

/// What a library's scheduler answered: the body of such a preview.
public struct LibraryPreviewBody: JSONWritable {
    private let preview: LibraryPreview
    private let places: [Int]?

    /// Makes the body, thinned to at most `pointLimit` evenly spread points.
    public init(_ preview: LibraryPreview, pointLimit: Int?) {
        self.preview = preview
        let count = preview.learningRates.count
        places = pointLimit.flatMap { limit in
            guard count > limit else { return nil }
            return (0..<limit).map { $0 * (count - 1) / (limit - 1) }
        }
    }

    /// Writes the rates, and the call at which the library raises as an event.
    public func write(to writer: inout JSONWriter) {
        func shown(_ values: [Double]) -> [Double] {
            places.map { places in places.map { values[$0] } } ?? values
        }
        writer.object { writer in
            if let places { writer.field("steps", places) }
            writer.field("learning_rates", shown(preview.learningRates))
            if let momenta = preview.momenta { writer.field("momenta", shown(momenta)) }
            writer.name("events")
            writer.array { writer in
                guard let refusal = preview.refusal else { return }
                writer.object { writer in
                    writer.field("step", refusal.step)
                    writer.field("kind", "refused")
                    writer.field("reason", refusal.reason)
                }
            }
        }
    }
}
