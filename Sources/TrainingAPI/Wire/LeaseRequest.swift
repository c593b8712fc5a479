/// A worker's wish for a job: the body of `POST /v1/leases`.
public struct LeaseRequest: Hashable, Sendable {
    /// The worker's name, unique among live workers: host and process.
    public var worker: String
    /// The machine that the worker runs on, to be shown with its jobs.
    public var host: String?
    /// The same for a repeat of the same request, so that a lost answer loses no lease.
    public var requestID: String
    /// The kinds of jobs that the worker can run.
    public var kinds: [String]
    /// What the worker computes with, as far as results depend on it: a job that asks for exact results
    /// goes on where this is the same; `nil` where it does not say.
    public var environment: String?
    /// The GPUs of the worker's machine, whether or not jobs have them.
    public var gpus: [GPUBody] = []
    /// Whether the worker has another job, which it keeps; a local worker that has none has let go of
    /// whatever it was granted before.
    public var isBusy = false
    /// Whether that one is run first: the answer is a brief job or none, at once.
    public var isAhead = false
    /// The one job that is wanted, as a script wants its own; `nil` for any.
    public var jobID: String?
    /// The finished updates of the script's own state, from which it goes on; `nil` for the newest
    /// checkpoint's.
    public var resumeStep: Int?
    /// The id of the server instance that started the worker; `nil` for workers that stand alone.
    public var instance: String?
    /// How long the server may wait for a job to come, in seconds; 0 to 30.
    public var waitSeconds: Double

    /// Makes a request.
    public init(
        worker: String,
        requestID: String,
        kinds: [String],
        instance: String? = nil,
        waitSeconds: Double
    ) {
        self.worker = worker
        self.requestID = requestID
        self.kinds = kinds
        self.instance = instance
        self.waitSeconds = waitSeconds
    }

    private static let workerField = Field(
        "worker",
        .text(limit: 200),
        "The worker's name, unique among live workers."
    )
    private static let requestField = Field(
        "request_id",
        .text(limit: 100),
        "The same for a repeat of the same request."
    )
    private static let kindsField = Field(
        "kinds",
        .list(of: .text(limit: 40), count: 1...20),
        default: ["train"],
        "The kinds of jobs that the worker can run."
    )
    private static let instanceField = Field(
        "instance",
        .text(limit: 100),
        "The server instance that started the worker."
    )
    private static let waitField = Field(
        "wait_seconds",
        .number(from: 0, to: 30),
        default: 0.0,
        "How long the server may wait for a job to come."
    )

    private static let environmentField = Field(
        "environment",
        .text(limit: 500),
        "What the worker computes with, as far as results depend on it."
    )
    private static let gpusField = Field(
        "gpus",
        .list(of: GPUBody.rule, count: 0...64),
        default: [],
        "The GPUs of the worker's machine, whether or not jobs have them."
    )
    private static let busyField = Field(
        "busy",
        .flag,
        default: false,
        "Whether the worker has another job, which it keeps."
    )
    private static let aheadField = Field(
        "ahead",
        .flag,
        default: false,
        "Whether the worker runs another job first: a brief one is granted then, or none, at once."
    )
    private static let jobField = Field(
        "job_id",
        .text(limit: 100),
        "The one job that is wanted."
    )
    private static let resumeField = Field(
        "resume_step",
        .integer(0...JobSpecification.stepLimit),
        "The finished updates of the script's own state, from which it goes on."
    )
    private static let hostField = Field(
        "host",
        .text(limit: 255),
        "The machine that the worker runs on, to be shown with its jobs."
    )

    /// Reads a request, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let worker = object.require(Self.workerField, &context)
        let request = object.require(Self.requestField, &context)
        let host = object.read(Self.hostField, &context)
        let instance = object.read(Self.instanceField, &context)
        let wait = object.read(Self.waitField, &context)
        let isBusy = object.read(Self.busyField, &context)
        let isAhead = object.read(Self.aheadField, &context)
        let job = object.read(Self.jobField, &context)
        let resumeStep = object.read(Self.resumeField, &context)
        var kinds: [String]?
        var environment: String?
        var gpus = Self.gpusField.defaultValue
        if let capabilities = object.document("capabilities") {
            let place = pointer.appending("capabilities")
            guard var inner = ObjectDecoder(capabilities, at: place, &context) else { return nil }
            kinds = inner.read(Self.kindsField, &context)
            environment = inner.read(Self.environmentField, &context)
            gpus = inner.read(Self.gpusField, &context)
            inner.finish(&context)
        } else {
            kinds = Self.kindsField.defaultValue
        }
        object.finish(&context)
        guard let worker, let request, let kinds, let gpus, let wait else { return nil }
        self.init(
            worker: worker,
            requestID: request,
            kinds: kinds,
            instance: instance,
            waitSeconds: wait
        )
        self.host = host
        self.environment = environment
        self.gpus = gpus
        self.isBusy = isBusy ?? false
        self.isAhead = isAhead ?? false
        jobID = job
        self.resumeStep = resumeStep
    }
}

extension LeaseRequest: JSONWritable {
    /// Writes the request.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("worker", worker)
            if let host { writer.field("host", host) }
            writer.field("request_id", requestID)
            writer.name("capabilities")
            writer.object { writer in
                writer.field("kinds", kinds)
                if let environment { writer.field("environment", environment) }
                if !gpus.isEmpty { writer.field("gpus", gpus) }
            }
            if isBusy { writer.field("busy", true) }
            if isAhead { writer.field("ahead", true) }
            if let jobID { writer.field("job_id", jobID) }
            if let resumeStep { writer.field("resume_step", resumeStep) }
            if let instance { writer.field("instance", instance) }
            writer.field("wait_seconds", waitSeconds)
        }
    }
}
