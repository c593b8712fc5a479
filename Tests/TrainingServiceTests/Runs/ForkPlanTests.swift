import Schedules
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct ForkPlanTests {
    private static let cosine = #"{"type": "cosine", "learning_rate": 0.1}"#
    private static let linear = #"{"type": "linear", "learning_rate": 0.04, "to": 0.01}"#
    private static let now = "2026-11-28T03:00:00Z"

    private func schedule(_ text: String) throws -> RunSchedule {
        var context = DecodingContext()
        let document = try JSONReader.read(Array(Sample.job(schedule: text).utf8)).document
        let job = JobSpecification(document, &context)
        return try #require(job, "\(context.faults)").schedule.schedule
    }

    /// A job of 90 steps with some edits.
    private func parent(
        _ text: String = cosine,
        edits: [ScheduleEdit] = [],
        measured: [(step: Int, loss: Double)] = []
    ) throws -> ForkPlan.Parent {
        var log = EditLog()
        for edit in edits { log.insert(RecordedEdit(edit, createdAt: Self.now)) }
        var rates = try RateFunction(
            try schedule(text),
            run: Run(totalSteps: 90, stepsPerEpoch: 30),
            totalSteps: 90,
            reports: [],
            edits: edits
        )
        for (step, loss) in measured { _ = rates.report(loss, at: step) }
        return ForkPlan.Parent(rates: rates, edits: log, reports: rates.reports)
    }

    private func plan(
        _ parent: ForkPlan.Parent,
        under text: String = cosine,
        steps: Int = 150,
        from step: Int = 40,
        _ policy: LearningRatePolicy,
        isNew: Bool = false
    ) throws -> ForkPlan {
        try ForkPlan(
            of: parent,
            under: try schedule(text),
            over: Run(totalSteps: steps, stepsPerEpoch: 30),
            from: step,
            policy,
            isNew: isNew,
            at: Self.now
        )
    }

    private func alone(_ text: String, steps: Int) throws -> RateFunction {
        try RateFunction(
            try schedule(text),
            run: Run(totalSteps: steps, stepsPerEpoch: 30),
            totalSteps: steps,
            reports: [],
            edits: []
        )
    }

    @Test func `carry goes on with the job's rates, and holds the last one past its end`() throws {
        let halved = ScheduleEdit(fromStep: 50, .scale(0.5))
        let parent = try parent(edits: [halved])
        let plan = try plan(parent, .carry)
        for step in 0..<90 { #expect(plan.rates.rate(at: step) == parent.rates.rate(at: step)) }
        #expect(plan.rates.totalSteps == 150)
        let last = plan.rates.rate(at: 90)
        #expect((90..<150).allSatisfy { plan.rates.rate(at: $0) == last })
        #expect(plan.edits.edits.map(\.edit) == [halved])
        #expect(plan.scheduleRun?.totalSteps == 90)
    }

    @Test func `restart begins the schedule at its own step 0, with the rest as its run`() throws {
        let edited = try parent(edits: [ScheduleEdit(fromStep: 10, .scale(0.5))])
        let plan = try plan(edited, under: Self.linear, .restart, isNew: true)
        let rest = try alone(Self.linear, steps: 110)
        for step in 0..<110 { #expect(plan.rates.rate(at: 40 + step) == rest.rate(at: step)) }
        #expect(plan.scheduleRun == nil)
        // The job's own schedule, begun anew: what was edited of it is not.
        let own = try self.plan(edited, .restart)
        #expect(own.rates.rate(at: 40) == 0.1)
        #expect(own.edits.edits.count == 1)
        #expect(own.reports == [])
    }

    @Test func `rescale is the schedule of the whole new run, at absolute steps`() throws {
        let plan = try plan(try parent(), under: Self.linear, .rescale, isNew: true)
        let whole = try alone(Self.linear, steps: 150)
        for step in 40..<150 { #expect(plan.rates.rate(at: step) == whole.rate(at: step)) }
    }

    @Test func `rescale keeps edits and reductions of the job's own schedule, and no other's`()
        throws
    {
        let edits = [
            ScheduleEdit(fromStep: 20, .scale(0.5)), ScheduleEdit(fromStep: 80, .scale(2)),
        ]
        let own = try plan(try parent(edits: edits), .rescale)
        let whole = try alone(Self.cosine, steps: 150)
        #expect(own.rates.rate(at: 40) == whole.rate(at: 40) * 0.5)
        #expect(own.rates.rate(at: 100) == whole.rate(at: 100))
        #expect(own.edits.edits.map(\.edit) == edits)
        let other = try plan(try parent(edits: edits), under: Self.linear, .rescale, isNew: true)
        #expect(other.edits.edits.isEmpty)
        let short = try plan(try parent(edits: edits), steps: 70, .rescale)
        #expect(short.edits.edits.map(\.edit) == [edits[0]], "an edit past the end changes nothing")
    }

    @Test func `reports that moved the job's rate go on to count under its own schedule`() throws {
        let parent = try parent(Sample.plateau, measured: [(30, 1), (60, 2)])
        #expect(parent.rates.rate(at: 61) == 0.05)
        let own = try plan(parent, under: Sample.plateau, from: 60, .rescale)
        #expect(own.reports == parent.reports && own.reports.count == 2)
        #expect(own.rates.rate(at: 61) == 0.05)
        let anew = try plan(parent, under: Sample.plateau, from: 60, .restart)
        #expect(anew.reports == [])
        #expect(anew.rates.rate(at: 61) == 0.1)
    }

    @Test func `splice is rescale without the jump`() throws {
        let parent = try parent(edits: [ScheduleEdit(fromStep: 10, .scale(0.5))])
        let plan = try plan(parent, under: Self.linear, .splice, isNew: true)
        let whole = try alone(Self.linear, steps: 150)
        let factor = parent.rates.rate(at: 40) / whole.rate(at: 40)
        #expect(plan.rates.rate(at: 40) == whole.rate(at: 40) * factor)
        #expect(abs(plan.rates.rate(at: 40) / parent.rates.rate(at: 40) - 1) < 1e-15)
        for step in 40..<150 {
            #expect(plan.rates.rate(at: step) == whole.rate(at: step) * factor)
        }
    }

    @Test func `splice is refused where either rate is 0`() throws {
        let fallen =
            #"{"type": "linear", "learning_rate": 0.04, "to": 0, "over": {"steps": 20}}"#
        #expect(throws: ScheduleError.self) {
            try plan(try parent(), under: fallen, .splice, isNew: true)
        }
        #expect(throws: ScheduleError.self) {
            try plan(try parent(fallen), under: Self.linear, .splice, isNew: true)
        }
    }

    @Test func `a cooldown falls from the rate that the job had, and keeps what led there`() throws
    {
        let edits = [
            ScheduleEdit(fromStep: 20, .scale(0.5)), ScheduleEdit(fromStep: 80, .scale(2)),
        ]
        let parent = try parent(edits: edits)
        var context = DecodingContext()
        let document = try JSONReader.read(Array(#"{"over": "20ba", "shape": "linear"}"#.utf8))
            .document
        let request = try #require(CooldownRequest(document, &context))
        let plan = try ForkPlan(
            of: parent,
            coolingDown: request,
            under: try schedule(Self.cosine),
            over: Run(
                totalSteps: request.totalSteps(from: 40, stepsPerEpoch: 30),
                stepsPerEpoch: 30
            ),
            from: 40,
            at: Self.now
        )
        #expect(plan.rates.totalSteps == 60)
        for step in 0..<41 { #expect(plan.rates.rate(at: step) == parent.rates.rate(at: step)) }
        let fall = (40..<60).map { plan.rates.rate(at: $0) }
        #expect(zip(fall, fall.dropFirst()).allSatisfy { $0 > $1 })
        #expect(abs((fall.last ?? 0) - fall[0] / 20) < 1e-12)
        #expect(plan.edits.edits.count == 2)
        #expect(plan.edits.edits.first?.edit == edits[0])
    }
}
