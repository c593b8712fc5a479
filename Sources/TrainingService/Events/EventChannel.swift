internal import Jobs

/// The readers of one job's event log in one format, and the newest part of the log in it.
///
/// A pure value but for its outlets: the log comes in page by page, and goes out to every reader that
/// has read as far, in one piece that all share.
struct EventChannel<Outlet: EventOutlet> {
    /// One who reads.
    struct Reader {
        let outlet: Outlet
        /// The number of the newest event that it was sent, or that stays unsent to it.
        var position: Int
        /// Whether it stays after it has read everything.
        let follows: Bool
        /// Whether its next piece should wait.
        var isBlocked = false
        /// Whether it has once read everything: from then on it is live, and may miss something.
        var isLive = false
    }

    /// A piece of the log as it was sent.
    private struct Piece {
        let through: Int
        let bytes: [UInt8]
    }

    /// How many bytes of the newest pieces are kept for readers that fall behind a little.
    static var recentLimit: Int { 128 << 10 }

    let format: EventFormat
    /// The number of the newest event that was read from the store.
    private(set) var last: Int
    /// The job's state then.
    private(set) var state: JobState
    /// The readers, each by a number of the hub's.
    var readers: [Int: Reader] = [:]
    private var recent: [Piece] = []
    private var recentBytes = 0
    /// The number after which `recent` begins.
    private var recentStart: Int

    /// A channel without readers, for a log of `last` events.
    init(_ format: EventFormat, last: Int, state: JobState) {
        self.format = format
        self.last = last
        self.state = state
        recentStart = last
    }

    /// Adds a page of the log that begins after `last`.
    ///
    /// - Returns: The page in the channel's format, for the readers that had read as far.
    mutating func append(_ page: JobEventPage) -> [UInt8] {
        let bytes = format.bytes(page.events, after: last)
        last = page.hasMore ? page.events.last?.id ?? page.last : page.last
        state = page.state
        guard !bytes.isEmpty else { return [] }
        recent.append(Piece(through: last, bytes: bytes))
        recentBytes += bytes.count
        var dropped = 0
        while recentBytes > Self.recentLimit, dropped < recent.count {
            recentBytes -= recent[dropped].bytes.count
            recentStart = recent[dropped].through
            dropped += 1
        }
        recent.removeFirst(dropped)
        return bytes
    }

    /// What a reader at `position` gets from the newest pieces; `nil` where none begins there.
    func recent(after position: Int) -> [UInt8]? {
        guard position == recentStart || recent.contains(where: { $0.through == position }) else {
            return nil
        }
        return recent.drop { $0.through <= position }.flatMap(\.bytes)
    }

    /// The events that a live reader at `position` can no longer get, where there are any.
    func missing(after position: Int) -> ClosedRange<Int>? {
        position < recentStart ? position + 1...recentStart : nil
    }

    /// The number after which a reader goes on that misses what is older than the newest pieces.
    var resumption: Int { recentStart }

    /// The readers that have read everything and can be sent the next page at once.
    var ready: [Int] {
        readers.filter { !$0.value.isBlocked && $0.value.position == last }.map(\.key)
    }
}
