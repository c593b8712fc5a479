extension Task where Success == Void, Failure == Never {
    /// Does something again and again, at an interval, until it is cancelled.
    ///
    /// - Parameters:
    ///   - interval: The time before each time.
    ///   - isAtOnce: Whether the first time is now, without an interval before it.
    ///   - body: What is done.
    /// - Returns: The task, which its owner cancels.
    static func repeating(
        every interval: Duration,
        isAtOnce: Bool = false,
        _ body: @escaping @Sendable () async -> Void
    ) -> Task {
        Task {
            if isAtOnce { await body() }
            while true {
                do {
                    try await Task<Never, Never>.sleep(for: interval)
                } catch {
                    // A sleep fails by cancellation alone.
                    return
                }
                await body()
            }
        }
    }
}
