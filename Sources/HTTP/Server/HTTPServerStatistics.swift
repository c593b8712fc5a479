/// The state of a server at one moment, for gauges.
public struct HTTPServerStatistics: Sendable, Hashable {
    /// The open connections.
    public var openConnections: Int
    /// The connections accepted since the start.
    public var acceptedConnections: Int
    /// The bytes of request bodies held in memory.
    public var bufferedBodyBytes: Int
    /// The requests that wait for a thread, by pool.
    public var waitingRequests: [PoolName: Int]
    /// The requests that a thread works on, by pool.
    public var runningRequests: [PoolName: Int]
}
