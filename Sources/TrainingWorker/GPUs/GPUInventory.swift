internal import Foundation
internal import TrainingAPI

/// The GPUs that a worker offers to commands, and what their programs call them.
package struct GPUInventory: Hashable, Sendable {
    /// One GPU.
    struct Device: Hashable, Sendable {
        /// What the server is told.
        let body: GPUBody
        /// What CUDA calls it: its UUID, or its number.
        let name: String
    }

    /// The GPUs, in the order of their numbers.
    let devices: [Device]
    /// Whether commands see no others; not where nothing is known of any.
    let isKnown: Bool

    /// A worker that knows of no GPUs, and leaves its commands whatever they see.
    package static let unknown = GPUInventory(devices: [], isKnown: false)

    /// The GPUs of this machine, as far as they may be used.
    ///
    /// - Parameters:
    ///   - choice: Which are offered.
    ///   - visible: What `CUDA_VISIBLE_DEVICES` leaves this process; `nil` for all.
    ///   - host: The machine, whose numbers of GPUs are no other's.
    /// - Returns: The GPUs.
    /// - Throws: `GPUFault` where a GPU that is named is not there, or nobody can say.
    package static func find(
        _ choice: GPUChoice,
        visible: String?,
        host: String
    ) async throws(GPUFault) -> GPUInventory {
        if choice == .none { return GPUInventory(devices: [], isKnown: true) }
        return try choose(choice, from: await SystemManagement.list(), visible: visible, host: host)
    }

    /// Those of the listed GPUs that are chosen; `nil` is a machine that cannot list any.
    static func choose(
        _ choice: GPUChoice,
        from listed: [SystemManagement.Entry]?,
        visible: String?,
        host: String
    ) throws(GPUFault) -> GPUInventory {
        let entries = listed ?? []
        switch choice {
        case .none:
            return GPUInventory(devices: [], isKnown: true)
        case .found:
            guard listed != nil else { return unknown }
            let seen = visible.map { CUDA.visible($0, of: entries) } ?? entries
            return GPUInventory(devices: seen.map { Device($0) }, isKnown: true)
        case .named(let names):
            var devices: [Device] = []
            for name in names {
                let entry = entries.first { $0.isCalled(name.name) }
                guard entry != nil || name.memoryBytes != nil else {
                    throw GPUFault(
                        "nvidia-smi shows no GPU \(name.name); to offer one that it does not show,"
                            + " say its memory: \(name.name):24GiB"
                    )
                }
                let device = entry.map { Device($0, memoryBytes: name.memoryBytes) }
                devices.append(device ?? Device(name, host: host))
            }
            return GPUInventory(devices: devices, isKnown: true)
        }
    }

    /// What `CUDA_VISIBLE_DEVICES` is for a job that has some of the GPUs; `nil` for no change.
    func visible(to ids: [String]) -> String? {
        guard isKnown else { return nil }
        return devices.filter { ids.contains($0.body.id) }.map(\.name).joined(separator: ",")
    }
}

extension GPUInventory.Device {
    /// A GPU that the machine lists.
    fileprivate init(_ entry: SystemManagement.Entry, memoryBytes: Int? = nil) {
        name = entry.uuid
        body = GPUBody(
            id: entry.uuid,
            model: entry.model,
            memoryBytes: memoryBytes ?? entry.memoryBytes
        )
    }

    /// A GPU that a person says is there.
    fileprivate init(_ given: GPUChoice.Name, host: String) {
        name = given.name
        // A number is the machine's own; every other name is said to be unique.
        let id = given.name.allSatisfy(\.isNumber) ? "\(host)/\(given.name)" : given.name
        body = GPUBody(id: id, memoryBytes: given.memoryBytes ?? 0)
    }
}

/// Which GPUs a worker offers.
package enum GPUChoice: Hashable, Sendable {
    /// A GPU as a person names it.
    package struct Name: Hashable, Sendable {
        /// Its number or its UUID.
        package let name: String
        /// Its memory, in bytes; `nil` for what the machine says.
        package let memoryBytes: Int?

        /// A name, with a memory where the machine does not know it.
        package init(name: String, memoryBytes: Int?) {
            self.name = name
            self.memoryBytes = memoryBytes
        }
    }

    /// Those that `nvidia-smi` shows, where it is there.
    case found
    /// No GPU; commands see none.
    case none
    /// These.
    case named([Name])
}

/// Why a worker cannot offer what it was told to.
package struct GPUFault: Error, Hashable, CustomStringConvertible {
    /// The sentence.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The rules of `CUDA_VISIBLE_DEVICES`.
private enum CUDA {
    /// Those that a value of the variable leaves, in its order; it ends at the first name of none.
    static func visible(
        _ value: String,
        of entries: [SystemManagement.Entry]
    ) -> [SystemManagement.Entry] {
        var seen: [SystemManagement.Entry] = []
        for word in value.split(separator: ",", omittingEmptySubsequences: false) {
            let name = word.trimmingCharacters(in: .whitespaces)
            guard let entry = entries.first(where: { $0.isCalled(name) }), !seen.contains(entry)
            else { break }
            seen.append(entry)
        }
        return seen
    }
}
