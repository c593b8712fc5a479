/// The connections of a shard that wait for a request, the longest waiting first.
///
/// A chain through the connections themselves: every step takes the same time, however many.
struct IdleList {
    private(set) var oldest: Connection?
    private var newest: Connection?

    mutating func append(_ connection: Connection) {
        guard !connection.isInIdleList else { return }
        connection.isInIdleList = true
        connection.olderIdle = newest
        newest?.newerIdle = connection
        newest = connection
        if oldest == nil { oldest = connection }
    }

    mutating func remove(_ connection: Connection) {
        guard connection.isInIdleList else { return }
        connection.isInIdleList = false
        let (older, newer) = (connection.olderIdle, connection.newerIdle)
        connection.olderIdle = nil
        connection.newerIdle = nil
        if let older { older.newerIdle = newer } else { oldest = newer }
        if let newer { newer.olderIdle = older } else { newest = older }
    }
}
