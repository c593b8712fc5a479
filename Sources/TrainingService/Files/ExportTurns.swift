internal import Synchronization

/// The turns that one answer has in a pool: one after the other, never two at once.
final class ExportTurns: Sendable {
    private enum State {
        /// Nothing is to be done until somebody wakes it.
        case resting
        /// A turn is to come, or goes on.
        case due
        /// It was woken while a turn was due already, which may have looked around before.
        case dueAgain
    }

    private let pool: ExportPool
    private let state = Mutex(State.resting)

    /// Makes the turns of an answer, which rests.
    init(in pool: ExportPool = .shared) {
        self.pool = pool
    }

    /// Has `turn` done soon, and again for as long as it says that it goes on.
    ///
    /// - Parameter turn: Makes a piece, and says whether the next is to be made; the same for every call.
    func wake(_ turn: @escaping @Sendable () -> Bool) {
        let isNew = state.withLock { state in
            defer { state = state == .resting ? .due : .dueAgain }
            return state == .resting
        }
        if isNew { add(turn) }
    }

    private func add(_ turn: @escaping @Sendable () -> Bool) {
        pool.add { [self] in take(turn) }
    }

    private func take(_ turn: @escaping @Sendable () -> Bool) {
        // This turn sees what has woken it so far.
        state.withLock { $0 = .due }
        let goesOn = turn()
        let isDue = state.withLock { state in
            let isDue = goesOn || state == .dueAgain
            state = isDue ? .due : .resting
            return isDue
        }
        if isDue { add(turn) }
    }
}
