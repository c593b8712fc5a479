internal import Foundation

/// How often the kernel has killed a process because memory was short.
///
/// Source: Linux, `Documentation/admin-guide/cgroup-v2.rst`, `memory.events`; `/proc/vmstat`.
package struct MemoryKills: Sendable {
    private let root: String

    /// The counts below the root of the file system, or of a copy of it.
    package init(root: String = "") {
        self.root = root
    }

    /// The count of this process's control group with those below it, where the kernel keeps one, else of
    /// the machine; nil where there is neither.
    package var count: Int? {
        let groups = lines(of: "/proc/self/cgroup")
        let group = groups.first { $0.hasPrefix("0::") }?.dropFirst(3)
        let own = group.flatMap { value("oom_kill", in: "/sys/fs/cgroup\($0)/memory.events") }
        return own ?? value("oom_kill", in: "/proc/vmstat")
    }

    private func value(_ name: String, in path: String) -> Int? {
        let line = lines(of: path).first { $0.hasPrefix("\(name) ") }
        return line.flatMap { Int($0.dropFirst(name.count + 1)) }
    }

    private func lines(of path: String) -> [Substring] {
        // A file that is not there says nothing.
        let text = try? String(contentsOfFile: root + path, encoding: .utf8)
        return (text ?? "").split(separator: "\n")
    }
}
