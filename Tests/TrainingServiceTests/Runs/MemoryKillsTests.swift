import Foundation
import Testing

@testable import TrainingService

@Suite struct MemoryKillsTests {
    private let folder = TemporaryFolder()

    private func write(_ path: String, _ text: String) throws {
        let url = URL(filePath: folder.path + path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    @Test func `counts those of its control group where the kernel does`() throws {
        try write("/proc/vmstat", "nr_free_pages 12\noom_kill 40\n")
        let kills = MemoryKills(root: folder.path)
        #expect(kills.count == 40)
        try write("/proc/self/cgroup", "1:name=systemd:/init\n0::/lehr.service\n")
        #expect(kills.count == 40)
        try write(
            "/sys/fs/cgroup/lehr.service/memory.events",
            "low 0\nhigh 0\nmax 7\noom 2\noom_kill 2\noom_group_kill 0\n"
        )
        #expect(kills.count == 2)
    }

    @Test func `knows nothing where there is nothing`() {
        #expect(MemoryKills(root: folder.path).count == nil)
    }
}
