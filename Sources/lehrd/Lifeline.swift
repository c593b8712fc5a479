import Foundation
import Glibc

/// Ends this process when the one that started it has ended.
enum Lifeline {
    /// Watches the pipe that the parent left at ``ChildProcess/lifelineDescriptor``.
    ///
    /// The process ends at once: its lease is requeued by the next server, and what it would still
    /// write, nobody could read.
    static func watch() {
        let thread = Thread {
            var byte: UInt8 = 0
            while true {
                let count = read(ChildProcess.lifelineDescriptor, &byte, 1)
                if count == 0 || count < 0 && errno != EINTR { _exit(0) }
            }
        }
        thread.name = "lifeline"
        thread.start()
    }
}
