import ArgumentParser
import TrainingWorker

/// The GPUs that a worker offers: `none`, or `0,1`, `GPU-5f0e…`, `0:24GiB`.
struct GPUArgument: ExpressibleByArgument, Hashable, Sendable {
    /// As it was typed, for workers that are started with it.
    let text: String
    let choice: GPUChoice

    static let help = ArgumentHelp(
        "The GPUs that commands may ask for: none, or their numbers or UUIDs as nvidia-smi -L shows them,"
            + " separated by commas; with a memory, as in 0:24GiB, where nvidia-smi is not there. Without"
            + " this, all that nvidia-smi shows and CUDA_VISIBLE_DEVICES leaves.",
        valueName: "gpus"
    )

    init?(argument: String) {
        text = argument
        guard argument != "none" else {
            choice = .none
            return
        }
        var names: [GPUChoice.Name] = []
        for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let memory = parts.count == 2 ? ByteArgument(argument: String(parts[1])) : nil
            let isName = !name.isEmpty && !name.contains { $0.isWhitespace }
            let isNew = !names.contains { $0.name == name }
            guard isName, isNew, parts.count == 1 || memory != nil else { return nil }
            names.append(GPUChoice.Name(name: name, memoryBytes: memory?.count))
        }
        choice = .named(names)
    }
}
