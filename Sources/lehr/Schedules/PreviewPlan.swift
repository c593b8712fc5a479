import Schedules
import TrainingAPI

/// The schedules that are to be drawn together, over one run.
struct PreviewPlan {
    private enum Subject {
        case kind(PreviewKind)
        case file(SpecificationFile, Document, [Fault])
        case library(PreviewLibrary)
    }

    private let options: PreviewOptions
    private let subjects: [Subject]
    /// How many updates the run has where nothing says so.
    private let standardSteps: Int

    /// Reads everything that the options name.
    ///
    /// - Throws: A failure that names the option, or a report of a file's faults.
    init(_ options: PreviewOptions) throws {
        self.options = options
        if options.code.unit == .epochs, options.stepsPerEpoch == nil, !options.code.isEmpty {
            throw PreviewDraft.Failure(
                description:
                    "--unit epochs: say with --steps-per-epoch how many updates an epoch has"
            )
        }
        let libraries = try options.code.pieces.map { piece in
            try PreviewLibrary(
                code: piece.code,
                library: piece.library,
                unit: options.code.unit,
                learningRate: options.learningRate,
                stepsPerEpoch: options.stepsPerEpoch
            )
        }
        subjects =
            try options.types.map { .kind(try PreviewKind($0)) }
            + options.spec.map { path in
                let file = try SpecificationFile.read(path)
                let (document, faults) = try file.document()
                return .file(file, document, faults)
            } + libraries.map { .library($0) }
        let perCall = options.code.unit == .epochs ? options.stepsPerEpoch ?? 1 : 1
        standardSteps =
            libraries.compactMap { $0.schedule.naturalLength }.max().map { $0 * perCall }
            ?? PreviewDraft.standardSteps
    }

    /// The curves; where a picture is wanted, some steps of a long run are enough.
    func curves(isDrawn: Bool) throws -> [PreviewCurve] {
        let names = labels
        return try zip(subjects, names).map { subject, label in
            switch subject {
            case .kind(let kind):
                return try native(label, kind: kind, file: nil, isDrawn: isDrawn)
            case .file(let file, let document, let faults):
                if let library = try library(in: document, of: file, faults) {
                    return try curve(of: library, label, isDrawn: isDrawn)
                }
                return try native(
                    label,
                    kind: nil,
                    file: (file, document, faults),
                    isDrawn: isDrawn
                )
            case .library(let library):
                return try curve(of: library, label, isDrawn: isDrawn)
            }
        }
    }

    /// Why each schedule has the rate that it has at a step.
    func explanations(at step: Int) throws -> [(label: String, text: String)] {
        try zip(subjects, labels).map { subject, label in
            var context = DecodingContext()
            let schedule: RunSchedule
            let run: Run
            switch subject {
            case .library(let library):
                (schedule, run) = (.library(library.schedule), try self.run())
            case .kind(let kind):
                let draft = try draft(kind: kind, file: nil, isDrawn: true)
                guard let request = PreviewRequest(draft.document, &context) else {
                    throw report(draft, "the options", context)
                }
                (schedule, run) = (.native(request.schedule), request.run)
            case .file(let file, let document, let faults):
                if let library = try library(in: document, of: file, faults) {
                    (schedule, run) = (.library(library.schedule), try self.run())
                } else {
                    let draft = try draft(kind: nil, file: document, isDrawn: true)
                    context = DecodingContext(faults: faults)
                    guard let request = PreviewRequest(draft.document, &context) else {
                        throw report(draft, file.name, context)
                    }
                    (schedule, run) = (.native(request.schedule), request.run)
                }
            }
            guard (0..<run.totalSteps).contains(step) else {
                throw PreviewDraft.Failure(
                    description: "--explain \(step): the run has the steps 0 to "
                        + "\(run.totalSteps - 1)"
                )
            }
            do {
                var rates = try RateFunction(schedule, run: run)
                let metrics = try options.metrics.map { try PreviewDraft.numbers($0) } ?? []
                for (index, metric) in metrics.enumerated() {
                    rates.report(metric, at: (index + 1) * run.stepsPerEpoch)
                }
                return (label, rates.explain(at: step).description)
            } catch let error as ScheduleError {
                throw PreviewDraft.Failure(description: "\(label): \(error)")
            }
        }
    }

    // MARK: - Parts

    /// The names of the curves; equal ones are numbered.
    private var labels: [String] {
        let names = subjects.map { subject in
            switch subject {
            case .kind(let kind): kind.label
            case .file(let file, _, _): file.name.split(separator: "/").last.map(String.init) ?? ""
            case .library(let library):
                "\(library.schedule.library.rawValue) \(library.schedule.name)"
            }
        }
        return names.enumerated().map { index, name in
            let before = names[..<index].count { $0 == name }
            return names.count { $0 == name } == 1 ? name : "\(name) (\(before + 1))"
        }
    }

    private func run() throws -> Run {
        let steps = try PreviewDraft.steps(options, job: nil, standardSteps: standardSteps)
        return try Run(totalSteps: steps, stepsPerEpoch: options.stepsPerEpoch ?? 1)
    }

    private func curve(
        of library: PreviewLibrary,
        _ label: String,
        isDrawn: Bool
    ) throws -> PreviewCurve {
        let run = try run()
        guard run.totalSteps <= PreviewRequest.stepLimit else {
            throw PreviewDraft.Failure(
                description: "\(library.name) is stepped call by call; at most "
                    + "\(NumberText.count(PreviewRequest.stepLimit)) steps can be drawn, not "
                    + NumberText.count(run.totalSteps)
            )
        }
        return try library.curve(
            over: run,
            metrics: library.schedule.followsMetric
                ? options.metrics.map { try PreviewDraft.numbers($0) } : nil,
            label: label,
            pointLimit: options.maxPoints
                ?? (isDrawn && run.totalSteps > PreviewDraft.drawnSteps
                    ? PreviewDraft.drawnPoints : nil)
        )
    }

    private func native(
        _ label: String,
        kind: PreviewKind?,
        file: (SpecificationFile, Document, [Fault])?,
        isDrawn: Bool
    ) throws -> PreviewCurve {
        let draft = try draft(kind: kind, file: file?.1, isDrawn: isDrawn)
        var context = DecodingContext(faults: file?.2 ?? [])
        guard let request = PreviewRequest(draft.document, &context),
            let body = request.preview(&context)
        else { throw report(draft, file?.0.name ?? "the options", context) }
        return PreviewCurve(
            label: kind == nil && subjects.count == 1 ? request.schedule.curve.type.name : label,
            body
        )
    }

    private func draft(kind: PreviewKind?, file: Document?, isDrawn: Bool) throws -> PreviewDraft {
        try PreviewDraft(
            options,
            kind: kind,
            file: file,
            isDrawn: isDrawn,
            standardSteps: standardSteps
        )
    }

    /// The library's schedule that a file holds; `nil` where it is a native one.
    private func library(
        in document: Document,
        of file: SpecificationFile,
        _ faults: [Fault]
    ) throws -> PreviewLibrary? {
        let schedule = PreviewDraft.isJob(document) ? document["schedule"] : document
        guard let schedule, schedule["library"] != nil else { return nil }
        if let option = options.nativeOption {
            throw PreviewDraft.Failure(
                description:
                    "\(option) belongs to the native kinds; \(file.name) holds a library's "
                    + "schedule"
            )
        }
        return try PreviewLibrary(
            LibraryFile.schedule(schedule, file: file, faults: faults),
            name: file.name
        )
    }

    private func report(
        _ draft: PreviewDraft,
        _ file: String,
        _ context: DecodingContext
    ) -> FaultReport {
        FaultReport(
            summary: "the schedule cannot be drawn",
            faults: context.faults,
            locator: FaultLocator(
                file: file,
                document: draft.document,
                assignments: draft.assignments
            )
        )
    }
}
