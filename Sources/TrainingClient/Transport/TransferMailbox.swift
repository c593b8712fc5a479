import CCurl
import Synchronization

/// What tasks ask of the transport's thread, in order.
final class TransferMailbox: Sendable {
    enum Command: Sendable {
        case start(TransferOrder)
        case cancel(TransferOrder.ID)
        case resume(TransferOrder.ID)
    }

    /// The handle that wakes the thread.
    ///
    /// Sendable because it is used under the mailbox's lock alone, and for `curl_multi_wakeup` alone,
    /// which libcurl allows from any thread while the handle lives.
    private struct Waker: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
    }

    private struct State: Sendable {
        var commands: [Command] = []
        var nextID: TransferOrder.ID = 0
        var isClosing = false
        var isFinished = false
        var waker: Waker?
        var waiters: [CheckedContinuation<Void, Never>] = []

        func wake() {
            // Where waking fails the thread still looks within its polling interval.
            if let waker { _ = curl_multi_wakeup(waker.multi) }
        }
    }

    private let state = Mutex(State())

    // MARK: - Any task

    func makeID() -> TransferOrder.ID {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    func post(_ command: Command) {
        let isTaken = state.withLock { state in
            guard !state.isFinished else { return false }
            state.commands.append(command)
            state.wake()
            return true
        }
        if !isTaken { Self.refuse([command]) }
    }

    func close() {
        state.withLock { state in
            state.isClosing = true
            state.wake()
        }
    }

    func untilFinished() async {
        await withCheckedContinuation { continuation in
            let isFinished = state.withLock { state in
                if !state.isFinished { state.waiters.append(continuation) }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
        }
    }

    // MARK: - The transport's thread

    func attach(_ multi: UnsafeMutableRawPointer) {
        let waker = Waker(multi: multi)
        state.withLock { $0.waker = waker }
    }

    /// Takes all commands, and whether the transport is to end.
    func take() -> (commands: [Command], isClosing: Bool) {
        state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isClosing)
        }
    }

    /// Lets go of the waker, which the thread frees next.
    func detach() {
        state.withLock { $0.waker = nil }
    }

    /// Refuses what came too late and tells those who wait that nothing is left.
    func finish() {
        let (late, waiters) = state.withLock { state in
            state.isFinished = true
            defer {
                state.commands = []
                state.waiters = []
            }
            return (state.commands, state.waiters)
        }
        Self.refuse(late)
        for waiter in waiters { waiter.resume() }
    }

    private static func refuse(_ commands: [Command]) {
        for case .start(let order) in commands { order.fail(.closed, "the client is closed") }
    }
}
