internal import Jobs
internal import TrainingAPI

/// The GPUs of the machines whose workers run commands, and which of them jobs have.
struct GPUFleet: Hashable, Sendable {
    /// The GPUs of one machine.
    struct Machine: Hashable, Sendable {
        /// The machine.
        let host: String
        /// Its GPUs, by id.
        let gpus: [GPU]
        /// The ids of those that no job has.
        let free: Set<String>

        /// How many of its GPUs have some memory.
        func count(withMemory bytes: Int) -> Int {
            gpus.count { $0.memoryBytes >= bytes }
        }

        /// How many of those no job has.
        func freeCount(withMemory bytes: Int) -> Int {
            gpus.count { $0.memoryBytes >= bytes && free.contains($0.id) }
        }
    }

    /// The machines that have any, by name.
    let machines: [Machine]

    /// No machine with GPUs.
    static let none = GPUFleet(machines: [])

    /// Why a job that asks for GPUs waits, as a sentence.
    func sentence(for wish: GPUWish) -> String {
        let memory =
            wish.memoryBytes > 0 ? " of at least \(Self.size(wish.memoryBytes)) each" : ""
        let wanted = wish.count == 1 ? "a free GPU" : "\(wish.count) free GPUs"
        let none = "Waits: no worker with \(wanted)\(memory)"
        guard !machines.isEmpty else { return "\(none); no worker that is there has any." }
        func better(_ one: Machine, _ other: Machine) -> Bool {
            let counts = [one, other].map {
                ($0.freeCount(withMemory: wish.memoryBytes), $0.count(withMemory: wish.memoryBytes))
            }
            return counts[0] < counts[1]
        }
        let large = machines.filter { $0.count(withMemory: wish.memoryBytes) >= wish.count }
        guard let best = (large.isEmpty ? machines : large).max(by: better) else { return none }
        let has = best.count(withMemory: wish.memoryBytes)
        let free = best.freeCount(withMemory: wish.memoryBytes)
        if has < wish.count {
            return "\(none); the most that one has is \(has), on \(best.host)."
        }
        if free < wish.count {
            return "\(none); \(best.host) has \(has), of which \(free == 0 ? "none" : "\(free)")"
                + " \(free < 2 ? "is" : "are") free."
        }
        return "Waits for its turn among the jobs that want GPUs; \(best.host) has \(free) free."
    }

    /// An amount of memory as people say it.
    private static func size(_ bytes: Int) -> String {
        bytes.isMultiple(of: 1 << 30)
            ? "\(bytes >> 30) GiB"
            : bytes.isMultiple(of: 1 << 20) ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
    }
}
