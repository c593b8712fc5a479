import Dispatch
import Synchronization

/// A connection that was accepted, on its way to a shard.
struct Arrival: Sendable {
    enum Verdict: Sendable {
        case welcome
        /// The server is full: an idle connection must give way, or this one.
        case full
        /// Its address has too many connections.
        case tooMany
    }

    var descriptor: Int32
    var address: String
    var countsAgainstAddress: Bool
    var verdict: Verdict
}

/// Counts open connections against the limits.
final class Admission: Sendable {
    private struct State {
        var open = 0
        var accepted = 0
        var byAddress: [String: Int] = [:]
    }

    private let limits: HTTPServerLimits
    private let state = Mutex(State())
    private let connections = DispatchGroup()

    init(limits: HTTPServerLimits) {
        self.limits = limits
    }

    var counts: (open: Int, accepted: Int) {
        state.withLock { ($0.open, $0.accepted) }
    }

    /// Counts a connection in, welcome or not; ``leave(_:)`` counts it out.
    func enter(descriptor: Int32, address: String, isLoopback: Bool) -> Arrival {
        connections.enter()
        let counts = limits.countsLoopback || !isLoopback
        let verdict: Arrival.Verdict = state.withLock { state in
            state.open += 1
            state.accepted += 1
            if counts {
                state.byAddress[address, default: 0] += 1
                if state.byAddress[address, default: 0] > limits.connectionsPerAddress {
                    return .tooMany
                }
            }
            return state.open > limits.connections ? .full : .welcome
        }
        return Arrival(
            descriptor: descriptor,
            address: address,
            countsAgainstAddress: counts,
            verdict: verdict
        )
    }

    func leave(_ arrival: Arrival) {
        defer { connections.leave() }
        state.withLock { state in
            state.open -= 1
            guard arrival.countsAgainstAddress else { return }
            let count = state.byAddress[arrival.address, default: 1] - 1
            state.byAddress[arrival.address] = count == 0 ? nil : count
        }
    }

    /// Waits until no connection is open, for at most the given time.
    func waitUntilEmpty(within time: Duration) {
        // A year is for ever, and does not overflow.
        let seconds = max(0, min(time / .seconds(1), 365 * 86_400))
        let nanoseconds = Int(seconds * 1e9)
        _ = connections.wait(timeout: .now() + .nanoseconds(nanoseconds))
    }
}
