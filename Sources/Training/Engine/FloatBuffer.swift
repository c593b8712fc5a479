import Glibc

/// Floats at a page's start, zero at first.
final class FloatBuffer {
    let elements: UnsafeMutablePointer<Float>
    let count: Int

    /// Makes `count` zeros; throws where there is no memory.
    init(count: Int) throws(TrainingError) {
        let bytes = max(1, count) * MemoryLayout<Float>.stride
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, 4_096, bytes) == 0, let memory else {
            throw .outOfMemory(purpose: "\(bytes) bytes of numbers")
        }
        memset(memory, 0, bytes)
        elements = memory.bindMemory(to: Float.self, capacity: max(1, count))
        self.count = count
    }

    deinit {
        free(elements)
    }

    /// Takes over the values of `other`, which has as many.
    func copy(_ other: FloatBuffer) {
        precondition(count == other.count, "buffers of \(count) and \(other.count) floats")
        elements.update(from: other.elements, count: count)
    }
}

extension Int {
    /// The next multiple of the sixteen floats that kernels take at a time.
    var roundedUpToLanes: Int { (self + 15) / 16 * 16 }
}
