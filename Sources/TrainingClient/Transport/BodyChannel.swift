import Synchronization

/// The bytes between the transport's thread and the one reader of a streamed answer.
final class BodyChannel: Sendable {
    private struct State: Sendable {
        var bytes: [UInt8] = []
        var isPaused = false
        /// Set at the end; the error is told once, after the last bytes.
        var ending: Result<Void, ClientError>?
        var reader: CheckedContinuation<Result<[UInt8]?, ClientError>, Never>?
    }

    private let state = Mutex(State())
    private let limit: Int
    private let resume: @Sendable () -> Void
    private let cancel: @Sendable () -> Void

    /// Makes a channel that holds about `limit` bytes; `resume` and `cancel` reach the transport's thread.
    init(
        limit: Int,
        resume: @escaping @Sendable () -> Void,
        cancel: @escaping @Sendable () -> Void
    ) {
        self.limit = limit
        self.resume = resume
        self.cancel = cancel
    }

    /// Takes a piece, or says `false` when the reader is behind: `resume` then asks for it again.
    func offer(_ piece: UnsafeRawBufferPointer) -> Bool {
        let taken:
            (reader: CheckedContinuation<Result<[UInt8]?, ClientError>, Never>?, isTaken: Bool) =
                state.withLock { state in
                    if let reader = state.reader {
                        state.reader = nil
                        return (reader, true)
                    }
                    guard state.bytes.isEmpty || piece.count <= limit - state.bytes.count else {
                        state.isPaused = true
                        return (nil, false)
                    }
                    state.bytes.append(contentsOf: piece)
                    return (nil, true)
                }
        taken.reader?.resume(returning: .success(Array(piece)))
        return taken.isTaken
    }

    /// Ends the content, with an error where it is not whole.
    func finish(throwing error: ClientError?) {
        let reader = state.withLock { state in
            if state.ending == nil { state.ending = error.map { .failure($0) } ?? .success(()) }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: error.map { .failure($0) } ?? .success(nil))
    }

    /// Ends the transfer, since nobody reads on.
    func abandon() {
        if state.withLock({ $0.ending == nil }) { cancel() }
    }

    func next() async throws(ClientError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (ready, isPaused) = take(orWaitWith: continuation)
                if let ready { continuation.resume(returning: ready) }
                if isPaused { resume() }
                if Task.isCancelled { cancel() }
            }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    private func take(
        orWaitWith continuation: CheckedContinuation<Result<[UInt8]?, ClientError>, Never>
    ) -> (ready: Result<[UInt8]?, ClientError>?, wasPaused: Bool) {
        state.withLock { state in
            if !state.bytes.isEmpty {
                defer {
                    state.bytes = []
                    state.isPaused = false
                }
                return (.success(state.bytes), state.isPaused)
            }
            if let ending = state.ending {
                state.ending = .success(())
                return (ending.map { nil }, false)
            }
            precondition(state.reader == nil, "a response body has one reader")
            state.reader = continuation
            return (nil, false)
        }
    }
}
