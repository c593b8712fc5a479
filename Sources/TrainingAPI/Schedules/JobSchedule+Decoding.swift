internal import Schedules

extension JobSchedule {
    private static let nameField = Field(
        "name",
        ValueRule<String>.scheduleName,
        "The name under which the schedule is stored."
    )
    private static let versionField = Field(
        "version",
        .integer(1...1_000_000_000),
        "The version; the newest by default."
    )
    private static let rateField = Field(
        "learning_rate",
        .number(above: 0),
        "The peak in place of the stored one."
    )
    private static let hashField = Field(
        "hash",
        .text(limit: 100),
        "The hash of the version, which it must have."
    )

    /// Reads a schedule: a library's own, a native one, or a stored one by its name; or reports what is wrong.
    ///
    /// - Parameters:
    ///   - document: The schedule as it was written; `nil` where a job gives none.
    ///   - pointer: Where it stands.
    ///   - standardPeak: The peak where none is given; `nil` where it must be.
    ///   - lookup: What is stored under the name that the document speaks of.
    ///   - context: Collects the faults and warnings.
    public init?(
        _ document: Document?,
        at pointer: Pointer,
        standardPeak: Double?,
        lookup: ScheduleLookup = .none,
        _ context: inout DecodingContext
    ) {
        guard let document, ScheduleReference.isMeant(by: document) else {
            let schedule = RunSchedule(
                document,
                at: pointer,
                standardPeak: standardPeak,
                &context
            )
            guard let schedule else { return nil }
            self.init(schedule)
            return
        }
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let known = context.faults.count
        let name = object.require(Self.nameField, &context)
        let version = object.read(Self.versionField, &context)
        let rate = object.read(Self.rateField, &context)
        let hash = object.read(Self.hashField, &context)
        let embedded = object.given("schedule", &context) {
            RunSchedule($0, at: $1, &$2)
        }
        object.finish(&context)
        guard let name, context.faults.count == known else { return nil }
        var stored: StoredSchedule
        switch lookup {
        case .found(let found): stored = found
        case .none:
            guard let version, let hash, let embedded else {
                object.reportMissing(
                    "schedule",
                    expecting: "what is stored as \"\(name)\"",
                    &context
                )
                return nil
            }
            let origin = Origin(name: name, version: version, hash: hash, learningRate: rate)
            self.init(embedded, from: origin)
            return
        case .noName:
            context.report(
                pointer.appending("name"),
                .range,
                "no schedule is stored as \"\(name)\"; PUT /v1/schedules/\(name) stores one, and `type`"
                    + " names a kind of schedule"
            )
            return nil
        case .noVersion(let newest):
            context.report(
                pointer.appending("version"),
                .range,
                "\"\(name)\" has no version \(version ?? 0); the newest is \(newest)"
            )
            return nil
        }
        do throws(ScheduleError) {
            if let rate { stored.schedule = try stored.schedule.withLearningRate(rate) }
        } catch {
            context.report(error, at: pointer)
            return nil
        }
        // A normalised job that is submitted again says what it had; it must not get something else.
        if let hash, hash != stored.hash {
            context.report(
                pointer.appending("hash"),
                .conflict,
                "version \(stored.version) of \"\(name)\" has another hash, \(stored.hash); leave hash and"
                    + " schedule out to take it as it is"
            )
        }
        if let embedded, embedded != stored.schedule {
            context.report(
                pointer.appending("schedule"),
                .conflict,
                "is not what version \(stored.version) of \"\(name)\" holds; leave it out, or leave name,"
                    + " version and hash out"
            )
        }
        guard context.faults.count == known else { return nil }
        let origin = Origin(
            name: stored.name,
            version: stored.version,
            hash: stored.hash,
            learningRate: rate
        )
        self.init(stored.schedule, from: origin)
    }

    /// The names that a metric may have which moves the rate.
    enum MonitorNames {
        /// Those that the engine measures.
        case measured
        /// Any: a script reports under names of its own.
        case any
    }

    /// The flat form for `run`, or a report of why the run cannot hold the schedule.
    ///
    /// What is legal and looks wrong becomes a warning.
    func resolve(
        for run: Run,
        monitors: MonitorNames = .measured,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> ResolvedSchedule? {
        let place = origin == nil ? pointer : pointer.appending("schedule")
        do throws(ScheduleError) {
            let resolved = try schedule.resolve(for: run)
            for warning in schedule.warnings(for: run) {
                context.warn(context.place(of: warning.path, from: place), warning.message)
            }
            if monitors == .measured { checkMonitor(of: resolved, at: place, &context) }
            return resolved
        } catch {
            context.report(error, at: place)
            return nil
        }
    }

    /// Reports a metric that no run has, and warns of one whose better end is the other one.
    private func checkMonitor(
        of resolved: ResolvedSchedule,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) {
        guard let rule = resolved.feedback else { return }
        let isNamedByLibrary =
            if case .library(let own) = schedule { own.monitor == nil } else { false }
        let place = isNamedByLibrary ? pointer.appending("params") : pointer
        guard let monitor = Monitor(word: rule.monitor) else {
            let detail =
                "must be \(ValueRule<Monitor>.monitor.expectation), not \"\(rule.monitor)\""
            context.report(place.appending("monitor"), .range, detail)
            return
        }
        let isMaximized = rule.mode == .maximum
        if monitor.isMaximized != isMaximized {
            context.warn(
                place.appending("mode"),
                "\(monitor.rawValue) is better when it is \(isMaximized ? "less" : "more"), and mode is"
                    + " \(rule.mode.rawValue)"
            )
        }
    }
}
