import Foundation
import Synchronization

@testable import TrainingService

/// A reader that keeps what it gets, and takes as many pieces as it is told to.
final class RecordingOutlet: EventOutlet {
    private struct State {
        var pieces: [[UInt8]] = []
        var room = Int.max
        var isOpen = true
        var drain: (@Sendable () -> Void)?
        var close: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private static let shared = Mutex(0)

    /// How many pieces were written to several outlets at once.
    static var broadcasts: Int { shared.withLock(\.self) }

    var isOpen: Bool { state.withLock(\.isOpen) }
    var text: String {
        String(decoding: state.withLock { $0.pieces.flatMap(\.self) }, as: UTF8.self)
    }

    /// The ids and names of the events so far, such as `3 state` and `gap`.
    var events: [String] {
        text.components(separatedBy: "\n\n").compactMap { block in
            let lines = block.split(separator: "\n")
            let name = lines.first { $0.hasPrefix("event: ") }?.dropFirst(7)
            let id = lines.first { $0.hasPrefix("id: ") }?.dropFirst(4)
            return name.map { name in (id.map { "\($0) " } ?? "") + name }
        }
    }

    static func write(_ bytes: [UInt8], to outlets: [RecordingOutlet]) -> [Int] {
        if outlets.count > 1 { shared.withLock { $0 += 1 } }
        return outlets.indices.filter { index in
            outlets[index].state.withLock { state in
                state.pieces.append(bytes)
                state.room -= 1
                return state.room <= 0 || !state.isOpen
            }
        }
    }

    func finish() { state.withLock { $0.isOpen = false } }
    func onDrain(_ callback: @escaping @Sendable () -> Void) {
        state.withLock { $0.drain = callback }
    }
    func onClose(_ callback: @escaping @Sendable () -> Void) {
        state.withLock { $0.close = callback }
    }

    /// Takes no more than `pieces` from now on.
    func limit(to pieces: Int) { state.withLock { $0.room = pieces } }

    /// Has read everything, and takes as much as comes.
    func drain() {
        let drain = state.withLock { state in
            state.room = .max
            return state.drain
        }
        drain?()
    }

    /// Leaves.
    func leave() {
        let close = state.withLock { state in
            state.isOpen = false
            return state.close
        }
        close?()
    }
}
