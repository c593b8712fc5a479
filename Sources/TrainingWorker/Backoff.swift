/// Pauses between tries that grow twofold up to a limit, each shortened at random by up to a half.
struct Backoff {
    private let first: Duration
    private let limit: Duration
    private var next: Duration

    /// Makes a backoff whose first pause is at most `first` and whose longest is `limit`.
    init(first: Duration, limit: Duration) {
        self.first = first
        self.limit = limit
        next = first
    }

    /// Waits for the next pause, or until the task is cancelled.
    mutating func wait() async {
        let pause = next * Double.random(in: 0.5...1)
        next = min(next * 2, limit)
        // A cancelled sleep ends the pause, which is what the caller wants.
        try? await Task.sleep(for: pause)
    }

    /// Begins again with the first pause.
    mutating func reset() {
        next = first
    }
}
