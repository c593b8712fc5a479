/// The connections of a shard that wait for a request, in the order in which they are to give way.
///
/// Those that have never asked for anything come first, so that whoever only connects, however often, takes
/// no place from a client at work; then those that have waited longest.
struct IdleList {
    private var silent = IdleChain()
    private var known = IdleChain()

    /// The connection that is to give way first.
    var first: Connection? { silent.oldest ?? known.oldest }

    mutating func append(_ connection: Connection) {
        if connection.hasAsked { known.append(connection) } else { silent.append(connection) }
    }

    mutating func remove(_ connection: Connection) {
        if connection.hasAsked { known.remove(connection) } else { silent.remove(connection) }
    }

    /// Notes that a connection has asked for something; it waits no more.
    mutating func noteRequest(_ connection: Connection) {
        remove(connection)
        connection.hasAsked = true
    }
}

/// Connections that wait, the longest waiting first.
///
/// A chain through the connections themselves: every step takes the same time, however many.
struct IdleChain {
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
