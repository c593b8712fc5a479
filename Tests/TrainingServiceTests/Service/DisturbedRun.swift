import Foundation
import HTTP
import Jobs
import TestSupport
import Testing
import TrainingAPI

@testable import TrainingService

/// A job that is trained against the service by a stand-in for the engine, whose losses depend on every
/// rate so far; undisturbed, or through crashes, restarts, pauses and edits by chance.
struct DisturbedRun {
    /// The engine's whole state: what a checkpoint holds.
    private struct Model {
        var weight = 1.0

        /// One update; returns its loss before it.
        mutating func update(_ step: Int, _ rate: Double, _ momentum: Double) -> Double {
            let noise = Double((step &* 2_654_435_761) % 1_000) / 1_000 - 0.5
            defer { weight -= rate * (weight + noise) * (0.5 + momentum) }
            return weight * weight + noise
        }
    }

    static let steps = 900
    private static let interval = 30

    private(set) var test: TestService
    let id: JobID
    private var model = Model()
    private var saved: [Int: Model] = [0: Model()]
    /// What each step used and found, as far as it counts.
    private(set) var rates: [Double] = []
    private(set) var losses: [Double] = []
    private(set) var crashes = 0
    private(set) var editCount = 0
    private var requests = 0

    /// Submits the job to a service of its own.
    init(under schedule: String) throws {
        var policy = RetryPolicy()
        policy.firstDelay = .zero
        policy.maximumCrashes = 1_000
        test = TestService(over: FaultyStore(policy: policy))
        try test.service.files.prepare()
        let job = Sample.job(schedule: schedule).replacing("\"epochs\": 3", with: "\"epochs\": 30")
        id = try test.submit(job)
    }

    /// Trains to the end without disturbance.
    mutating func train() throws {
        var calm: SeededGenerator?
        try train(disturbedBy: &calm)
    }

    /// Trains to the end; with a generator, through what it brings about.
    mutating func train(disturbedBy generator: inout SeededGenerator?) throws {
        while try test.store.job(id).state != .succeeded {
            requests += 1
            let job = try test.lease(.test(id: "request-\(requests)"))
            model = try #require(saved[job.resumeStep])
            rates.removeSubrange(job.resumeStep...)
            losses.removeSubrange(job.resumeStep...)
            try run(job, &generator)
        }
    }

    private mutating func run(
        _ job: TrainingAPI.LeasedJob,
        _ generator: inout SeededGenerator?
    ) throws {
        var granted = zip(job.grant.learningRates, momenta(of: job.grant)).map { ($0, $1) }
        var sequence = 0
        while true {
            sequence += 1
            let from = rates.count
            let free = job.resumeStep + granted.count - from
            let length = generator?.next().quotientAndRemainder(dividingBy: 40).remainder ?? 24
            // A report ends at a validation, so that it brings what was measured there.
            let toValidation = Self.interval - from % Self.interval
            let steps = from..<from + min(Int(length) + 1, free, toValidation)
            for step in steps {
                let (rate, momentum) = granted[step - job.resumeStep]
                losses.append(model.update(step, rate, momentum))
                rates.append(rate)
            }
            let used = granted[(steps.lowerBound - job.resumeStep)...].prefix(steps.count)
            let grant = Grant(
                fromStep: steps.lowerBound,
                learningRates: used.map(\.0),
                momenta: used.map(\.1)
            )
            let isValidated = !steps.isEmpty && steps.upperBound.isMultiple(of: Self.interval)
            var report = Sample.report(
                sequence,
                steps,
                of: grant,
                fence: job.fence,
                points: isValidated
                    ? [("validation_loss", steps.upperBound, abs(model.weight))] : []
            )
            if !steps.isEmpty {
                report.series += [
                    WorkerReport.Series(name: "learning_rate", values: used.map(\.0)),
                    WorkerReport.Series(name: "momentum", values: used.map(\.1)),
                ]
            }
            let receipt = try test.report(report, job)
            if let more = receipt.grant {
                let known = job.resumeStep + granted.count - more.fromStep
                granted += zip(more.learningRates, momenta(of: more)).dropFirst(known)
            }
            if rates.count == Self.steps { return try test.complete(job) }
            if try disturb(job, &generator) { return }
        }
    }

    private func momenta(of grant: Grant) -> [Double] {
        grant.momenta ?? Array(repeating: 0.9, count: grant.learningRates.count)
    }

    // MARK: - Disturbance

    /// Lets something happen; tells whether the run is over.
    private mutating func disturb(
        _ job: TrainingAPI.LeasedJob,
        _ generator: inout SeededGenerator?
    ) throws -> Bool {
        guard var chance = generator else { return false }
        defer { generator = chance }
        switch Int.random(in: 0..<10, using: &chance) {
        case 0, 1: try save(job)
        case 2, 3: try edit(&chance)
        case 4: restart()
        case 5:
            crashes += 1
            _ = try test.store.abandon(
                LeaseAbandonment(
                    .lease(try test.run(of: job).key),
                    cause: Bool.random(using: &chance) ? .workerCrashed : .leaseExpired,
                    at: Date()
                )
            )
            restart()
            return true
        case 6:
            _ = try test.send(.post, "/v1/jobs/\(id)/pause")
            if Bool.random(using: &chance) { try save(job) }
            try test.complete(job, .released)
            try edit(&chance)
            _ = try test.send(.post, "/v1/jobs/\(id)/resume")
            return true
        default: break
        }
        return false
    }

    private mutating func save(_ job: TrainingAPI.LeasedJob) throws {
        let path = "\(test.service.files.incoming)/\(UUID().uuidString)"
        try Data("\(rates.count) \(model.weight)".utf8).write(to: URL(filePath: path))
        _ = try test.service.commitCheckpoint(
            path,
            at: rates.count,
            bestStep: nil,
            of: try test.run(of: job)
        )
        saved[rates.count] = model
    }

    private mutating func edit(_ chance: inout SeededGenerator) throws {
        let factor = Double.random(in: 0.5...1.5, using: &chance)
        let bodies = [
            "{\"scale\": \(factor)}", "{\"learning_rate\": \(factor / 50)}",
            #"{"schedule": {"type": "linear", "learning_rate": 0.04, "to": 0.01}}"#,
            "{\"schedule\": \(Sample.plateau)}",
        ]
        let body = bodies[Int.random(in: 0..<bodies.count, using: &chance)]
        let response = try send(edit: body)
        // A run whose every step has its rate takes no more.
        guard response.status == .ok else {
            #expect(response.status == .conflict, "\(body): \(response.status)")
            return
        }
        editCount += 1
    }

    /// Sends an edit, whatever version the rates have.
    func send(edit body: String) throws -> Response {
        let fields: Fields = ["Content-Type": "application/json", "If-Match": "*"]
        return try test.send(.post, "/v1/jobs/\(id)/schedule-edits", fields: fields, body: body)
    }

    /// Goes on with another server over the same store.
    private mutating func restart() {
        test = TestService(over: test.store, files: test.files)
    }
}
