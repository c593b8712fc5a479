internal import Jobs
internal import Logging

/// What the hub's thread knows: the channels, who waits, and when silent readers are written to next.
struct EventDesk<Outlet: EventOutlet> {
    typealias Command = EventHub<Outlet>.Command

    /// How many events are read from the store at once.
    static var pageSize: Int { 256 }

    private let store: any JobStore
    private let logger: Logger
    private var channels: [EventTopic: EventChannel<Outlet>] = [:]
    private var polls: [JobID: [EventPoll]] = [:]
    private var readerCount = 0
    private var nextBeat: ContinuousClock.Instant?

    /// A desk without readers.
    init(_ store: any JobStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Does what is asked for.
    ///
    /// - Parameters:
    ///   - command: What is asked for.
    ///   - now: The present.
    ///   - following: Told of a job that is followed, before its log is read.
    ///   - later: Takes what is to be done after what waits already.
    mutating func perform(
        _ command: Command,
        now: ContinuousClock.Instant,
        following: (JobID) -> Void,
        later: @escaping @Sendable (Command) -> Void
    ) {
        switch command {
        case .changed(let job):
            for format in EventFormat.allCases { read(EventTopic(job: job, format: format)) }
            answerPolls(of: job)
        case .deleted(let job): delete(job)
        case .follow(let job, let format, let number, let outlet, let follows):
            following(job)
            let topic = EventTopic(job: job, format: format)
            guard open(topic) else { return }
            readerCount += 1
            let token = readerCount
            outlet.onDrain { later(.drained(topic, token)) }
            outlet.onClose { later(.left(topic, token)) }
            let position = min(number, channels[topic]?.last ?? number)
            channels[topic]?.readers[token] =
                .init(outlet: outlet, position: position, follows: follows)
            if nextBeat == nil { nextBeat = now + EventHub<Outlet>.beatInterval }
            advance(token, in: topic, later)
        case .poll(let poll):
            following(poll.job)
            polls[poll.job, default: []].append(poll)
            answerPolls(of: poll.job)
        case .drained(let topic, let token):
            channels[topic]?.readers[token]?.isBlocked = false
            advance(token, in: topic, later)
        case .advance(let topic, let token): advance(token, in: topic, later)
        case .left(let topic, let token): channels[topic]?.readers[token] = nil
        }
    }

    // MARK: - Readers

    /// Makes the channel of a topic where there is none; tells whether there is one then.
    private mutating func open(_ topic: EventTopic) -> Bool {
        guard channels[topic] == nil else { return true }
        do {
            let page = try store.events(of: topic.job, after: .max, kinds: nil, limit: 1)
            channels[topic] = EventChannel(topic.format, last: page.last, state: page.state)
            return true
        } catch {
            logger.warning("the events of job \(topic.job) cannot be read: \(error)")
            return false
        }
    }

    /// Reads what is new in a topic, and sends it to the readers that have read everything before.
    private mutating func read(_ topic: EventTopic) {
        guard var channel = channels[topic] else { return }
        do {
            while true {
                let page = try store.events(
                    of: topic.job,
                    after: channel.last,
                    kinds: topic.format.kinds,
                    limit: Self.pageSize
                )
                let ready = channel.ready
                let bytes = channel.append(page)
                Self.send(bytes, to: ready, of: &channel)
                if !page.hasMore { break }
            }
            Self.endReaders(of: &channel)
            channels[topic] = channel
        } catch {
            drop(topic, because: error)
        }
    }

    private static func send(
        _ bytes: [UInt8],
        to tokens: [Int],
        of channel: inout EventChannel<Outlet>
    ) {
        for token in tokens { channel.readers[token]?.position = channel.last }
        guard !bytes.isEmpty else { return }
        let outlets = tokens.compactMap { channel.readers[$0]?.outlet }
        for place in Outlet.write(bytes, to: outlets) {
            channel.readers[tokens[place]]?.isBlocked = true
        }
    }

    /// Sends a reader the next part of what it has not read.
    private mutating func advance(
        _ token: Int,
        in topic: EventTopic,
        _ later: @escaping @Sendable (Command) -> Void
    ) {
        guard var channel = channels[topic], var reader = channel.readers[token] else { return }
        guard !reader.isBlocked, reader.position < channel.last else {
            channel.readers[token]?.isLive = reader.position == channel.last
            Self.endReaders(of: &channel)
            channels[topic] = channel
            return
        }
        do {
            let bytes = try next(for: &reader, of: channel, topic.job)
            if !bytes.isEmpty { reader.isBlocked = Outlet.write(bytes, to: [reader.outlet]) != [] }
            channel.readers[token] = reader
            channels[topic] = channel
            // In its turn, so that a long replay holds up no other reader.
            if !reader.isBlocked { later(.advance(topic, token)) }
        } catch {
            drop(topic, because: error)
        }
    }

    /// The next part for a reader that is behind, and its place after it.
    private func next(
        for reader: inout EventChannel<Outlet>.Reader,
        of channel: EventChannel<Outlet>,
        _ job: JobID
    ) throws -> [UInt8] {
        if let bytes = channel.recent(after: reader.position) {
            reader.position = channel.last
            return bytes
        }
        if reader.isLive, let missing = channel.missing(after: reader.position) {
            reader.position = channel.resumption
            return channel.format.gap(missing)
        }
        let page = try store.events(
            of: job,
            after: reader.position,
            kinds: channel.format.kinds,
            limit: Self.pageSize
        )
        // What came since the channel was read last goes to all readers at once.
        let events = page.events.filter { $0.id <= channel.last }
        let before = reader.position
        let isWhole = !page.hasMore || events.count < page.events.count
        reader.position = isWhole ? channel.last : events.last?.id ?? channel.last
        return channel.format.bytes(events, after: before)
    }

    /// Ends the readers that have read everything there is to come for them.
    private static func endReaders(of channel: inout EventChannel<Outlet>) {
        let isFinal = channel.state.isTerminal
        let done = channel.readers.filter { _, reader in
            (isFinal || !reader.follows) && !reader.isBlocked && reader.position == channel.last
        }
        guard !done.isEmpty else { return }
        if isFinal {
            let end = channel.format.end(channel.state)
            if !end.isEmpty { _ = Outlet.write(end, to: done.values.map(\.outlet)) }
        }
        for (token, reader) in done {
            channel.readers[token] = nil
            reader.outlet.finish()
        }
    }

    /// Lets go of a topic's readers without an end, so that they come back.
    private mutating func drop(_ topic: EventTopic, because error: any Error) {
        logger.warning("the events of job \(topic.job) cannot be read: \(error)")
        channels[topic] = nil
    }

    private mutating func delete(_ job: JobID) {
        for format in EventFormat.allCases {
            let channel = channels.removeValue(forKey: EventTopic(job: job, format: format))
            let outlets = channel?.readers.values.map(\.outlet) ?? []
            let end = format.end(nil)
            if !end.isEmpty { _ = Outlet.write(end, to: outlets) }
            for outlet in outlets { outlet.finish() }
        }
        // Who waits is told by the store that the job is not there.
        polls[job, default: []] += []
        answerPolls(of: job)
    }

    // MARK: - Waits

    /// Answers who waits for events that are there, for a job that is final, or for one that is gone.
    private mutating func answerPolls(of job: JobID) {
        polls[job] = polls[job]?.filter { poll in
            do {
                let page = try page(for: poll)
                guard !page.events.isEmpty || page.state.isTerminal else { return true }
                poll.answer(.success(page))
            } catch {
                poll.answer(.failure(error))
            }
            return false
        }
    }

    private func page(for poll: EventPoll) throws -> JobEventPage {
        try store.events(of: poll.job, after: poll.number, kinds: nil, limit: Self.pageSize)
    }

    /// Answers who has waited long enough, writes to silent connections, and forgets what nobody follows.
    ///
    /// - Returns: The jobs that nobody follows any more.
    mutating func endWaits(now: ContinuousClock.Instant) -> [JobID] {
        for (job, waiting) in polls {
            polls[job] = waiting.filter { poll in
                guard poll.deadline <= now else { return true }
                poll.answer(Result { try page(for: poll) })
                return false
            }
        }
        if let beat = nextBeat, beat <= now {
            for format in EventFormat.allCases where !format.beat.isEmpty {
                let outlets = channels.filter { $0.key.format == format }.values.flatMap {
                    channel in
                    channel.readers.values.filter { !$0.isBlocked }.map(\.outlet)
                }
                // Where a beat finds no room, the next event finds none either.
                _ = Outlet.write(format.beat, to: outlets)
            }
            nextBeat = now + EventHub<Outlet>.beatInterval
        }
        return forgetUnfollowed()
    }

    private mutating func forgetUnfollowed() -> [JobID] {
        let before = Set(channels.keys.map(\.job)).union(polls.keys)
        channels = channels.filter { !$0.value.readers.isEmpty }
        polls = polls.filter { !$0.value.isEmpty }
        if channels.isEmpty { nextBeat = nil }
        return Array(before.subtracting(channels.keys.map(\.job)).subtracting(polls.keys))
    }

    /// When somebody has waited long enough, or a silent connection is to be written to.
    var nextDeadline: ContinuousClock.Instant? {
        let deadlines = polls.values.joined().map(\.deadline)
        return [nextBeat, deadlines.min()].compactMap(\.self).min()
    }

    /// Lets go of everybody, without an `end`.
    mutating func closeAll() {
        for poll in polls.values.joined() { poll.answer(Result { try page(for: poll) }) }
        for reader in channels.values.flatMap(\.readers.values) { reader.outlet.finish() }
        polls = [:]
        channels = [:]
    }
}
