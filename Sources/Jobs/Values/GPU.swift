/// A GPU that a worker offers.
package struct GPU: Hashable, Sendable {
    /// Its name, which no other GPU of any worker has; workers of one machine offer the same ones.
    package let id: String
    /// Its memory, in bytes.
    package let memoryBytes: Int

    /// A GPU of a machine.
    package init(id: String, memoryBytes: Int) {
        self.id = id
        self.memoryBytes = memoryBytes
    }
}

/// The GPUs that a job asks for, each of which it has to itself.
package struct GPUWish: Hashable, Sendable {
    /// How many; 0 for none.
    package let count: Int
    /// The memory that each must have, in bytes; 0 for any.
    package let memoryBytes: Int

    /// The wish of a job that computes without GPUs.
    package static let none = GPUWish(count: 0, memoryBytes: 0)

    /// A wish for some GPUs.
    package init(count: Int, memoryBytes: Int) {
        self.count = count
        self.memoryBytes = memoryBytes
    }

    /// Those of some GPUs that a job gets: the smallest that have the memory, in their order.
    ///
    /// - Parameter gpus: What there is.
    /// - Returns: Their ids; nil where there are not enough.
    package func choice(among gpus: [GPU]) -> [String]? {
        let fitting = gpus.enumerated().filter { $0.element.memoryBytes >= memoryBytes }
        guard fitting.count >= count else { return nil }
        let smallest = fitting.sorted {
            ($0.element.memoryBytes, $0.offset) < ($1.element.memoryBytes, $1.offset)
        }.prefix(count)
        return smallest.sorted { $0.offset < $1.offset }.map(\.element.id)
    }
}
