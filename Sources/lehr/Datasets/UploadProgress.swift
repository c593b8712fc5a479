import Foundation
import Synchronization

/// How much of a file has been sent, drawn on a terminal's error stream.
final class UploadProgress: Sendable {
    private struct State {
        var total = 0
        var percentage = -1
    }

    private let isShown: Bool
    private let state = Mutex(State())

    /// Draws where `isShown`.
    init(isShown: Bool) {
        self.isShown = isShown
    }

    /// Says how many bytes there are.
    func begin(total: Int) {
        state.withLock { $0.total = total }
    }

    /// Draws that so many bytes have been sent, once for each hundredth.
    func sent(_ bytes: Int) {
        guard isShown else { return }
        let percentage = state.withLock { state -> Int? in
            let percentage = state.total > 0 ? bytes * 100 / state.total : 100
            guard percentage != state.percentage else { return nil }
            state.percentage = percentage
            return percentage
        }
        if let percentage { write("\rsent \(percentage) %") }
    }

    /// Takes the drawing away.
    func end() {
        if isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
