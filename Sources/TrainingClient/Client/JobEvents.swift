public import TrainingAPI

/// Something that happened to a job.
public struct JobEvent: Hashable, Sendable {
    /// The event's number in its job's log; `nil` for `gap` and `end`.
    public let id: Int?
    /// What it tells of: `state`, `metrics`, `schedule`, `checkpoint`, `diagnosis`, `log`, `gap`, `end`.
    public let name: String
    /// What happened, a JSON object.
    public let data: Document

    /// Makes an event.
    public init(id: Int?, name: String, data: Document) {
        self.id = id
        self.name = name
        self.data = data
    }
}

/// What happens to a job, as it happens, up to the event `end`.
///
/// The connection is made when the first event is asked for. Where it breaks, `next()` throws; asked
/// again, it connects again and goes on right after the last event that it gave, so that none is lost and
/// none comes twice.
public struct JobEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = JobEvent
    /// Why there is no next event at this moment.
    public typealias Failure = ClientError

    private let client: LehrClient
    private let job: String
    private let number: Int

    init(_ client: LehrClient, job: String, after number: Int) {
        self.client = client
        self.job = job
        self.number = number
    }

    /// Reads the events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let client: LehrClient
        private let job: String
        /// The number of the last event that was given.
        private var last: Int
        private var body: ResponseBody.AsyncIterator?
        private var parser = EventStreamParser()
        private var waiting: [JobEvent] = []
        private var isOver = false

        fileprivate init(_ client: LehrClient, job: String, after number: Int) {
            self.client = client
            self.job = job
            last = number
        }

        /// The next event; `nil` after `end`.
        public mutating func next() async throws(ClientError) -> JobEvent? {
            while waiting.isEmpty {
                guard !isOver else { return nil }
                try await read()
            }
            let event = waiting.removeFirst()
            last = event.id ?? last
            isOver = event.name == "end"
            return event
        }

        /// Reads the next piece of the stream, over a new connection where there is none.
        private mutating func read() async throws(ClientError) {
            do throws(ClientError) {
                if body == nil {
                    parser = EventStreamParser()
                    body = try await client.eventStream(of: job, after: last).makeAsyncIterator()
                }
                guard let piece = try await body?.next() else {
                    // The server stops, or a machine between has ended the connection.
                    body = nil
                    throw ClientError(
                        code: .connectionLost,
                        operation: "follow job \(job)",
                        detail: "the server ended the stream of events"
                    )
                }
                for event in parser.feed(piece) {
                    // What is not JSON was not sent by a Lehr server.
                    guard let read = try? JSONReader.read(Array(event.data.utf8)) else { continue }
                    let id = event.id.flatMap { Int($0) }
                    waiting.append(JobEvent(id: id, name: event.name, data: read.document))
                }
            } catch {
                body = nil
                throw error
            }
        }
    }

    /// Starts to follow the job.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(client, job: job, after: number)
    }
}

extension LehrClient {
    /// Follows a job.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - number: The number of the last event that is known; 0 begins with the first, and `Int.max` with
    ///     what happens from now on.
    /// - Returns: The events.
    public func events(of id: String, after number: Int = 0) -> JobEvents {
        JobEvents(self, job: id, after: number)
    }

    /// The number of a job's newest event, after which whatever happens next is followed.
    ///
    /// - Parameter id: The job's id.
    /// - Returns: The number; what the job is afterwards holds all that was told up to it.
    /// - Throws: `ClientError`.
    public func lastEvent(of id: String) async throws(ClientError) -> Int {
        var target = RequestTarget("jobs", id, "events")
        target.append("after", Int.max)
        target.append("wait_seconds", 0)
        return try await call(.get(target)) { $0["last_event_id"]?.integer }.value
    }

    /// Reads a job's log as plain text.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - follow: Whether the lines to come are read too, until the job is final.
    /// - Returns: The text in pieces, UTF-8.
    /// - Throws: `ClientError`.
    public func log(of id: String, follow: Bool = false) async throws(ClientError) -> ResponseBody {
        var target = RequestTarget("jobs", id, "logs")
        if follow { target.append("follow", "true") }
        var call = ClientCall.get(target)
        call.accept = "text/plain"
        // A job may be silent for as long as it likes.
        if follow { call.timeouts = ClientTimeouts(idle: .seconds(86_400), total: nil) }
        return try await stream(call)
    }

    /// The stream of a job's events; the server writes something every 15 seconds.
    fileprivate func eventStream(
        of id: String,
        after number: Int
    ) async throws(ClientError) -> ResponseBody {
        var call = ClientCall.get(RequestTarget("jobs", id, "events"))
        call.accept = "text/event-stream"
        call.fields.append(("Last-Event-ID", "\(number)"))
        call.timeouts = ClientTimeouts(idle: .seconds(45), total: nil)
        return try await stream(call)
    }
}
