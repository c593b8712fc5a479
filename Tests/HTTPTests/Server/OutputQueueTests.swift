import Testing

@testable import HTTP

@Suite struct OutputQueueTests {
    /// Empties a queue by writes of at most `limit` bytes; returns the bytes and the writes.
    private func drain(_ queue: inout OutputQueue, limit: Int) -> (bytes: [UInt8], writes: Int) {
        var bytes: [UInt8] = []
        var writes = 0
        while !queue.isEmpty {
            writes += 1
            var taken = 0
            _ = queue.withFirst { buffer in
                taken = min(limit, buffer.count)
                bytes.append(contentsOf: buffer[..<taken])
                return .bytes(taken)
            }
            queue.consume(taken)
        }
        return (bytes, writes)
    }

    @Test(arguments: [1, 7, 16_384, 1_000_000])
    func `gives back what was put in, however it is taken`(limit: Int) {
        var queue = OutputQueue()
        var expected: [UInt8] = []
        for size in [3, 0, 16_384, 16_385, 5, 100_000, 1, 40_000, 16_384, 16_384] {
            let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
            queue.append(piece)
            expected += piece
            #expect(queue.count == expected.count)
        }
        #expect(drain(&queue, limit: limit).bytes == expected)
        queue.append([1, 2])
        #expect(drain(&queue, limit: limit).bytes == [1, 2])
    }

    @Test func `sends a head and a small body in one write`() {
        var queue = OutputQueue()
        queue.extend { $0.append("head") }
        queue.append(Array(repeating: 1, count: 600))
        #expect(drain(&queue, limit: .max).writes == 1)
    }

    @Test func `sends a large body from the storage of its maker`() {
        let body = [UInt8](repeating: 1, count: 1_000_000)
        var queue = OutputQueue()
        queue.append(body)
        queue.consume(OutputQueue.copyLimit)
        let place = body.withUnsafeBytes { $0.baseAddress }
        _ = queue.withFirst { buffer in
            #expect(buffer.baseAddress == place.map { $0 + OutputQueue.copyLimit })
            return .bytes(buffer.count)
        }
    }
}
