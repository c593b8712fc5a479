import DatasetPlans
import Datasets
import Foundation
import Training
import TrainingAPI

/// What the peer starts from so that both sides compute the same: the initial weights, in the layout
/// of safetensors with the scaling of features in their notes, and the rows of every batch.
struct Start {
    private let session: TrainingSession
    private let training: DataPartition.Part
    private let seed: UInt64
    private let steps: Int
    private let path: URL

    /// The start of `steps` updates of `workload`, for files in `folder` that begin with its name.
    init(_ workload: Workload, steps: Int, in folder: URL) throws {
        let dataset = try workload.dataset(in: folder)
        session = try TrainingSession(workload.plan, dataset: dataset)
        training = try DataPartition(
            dataset,
            validation: DataPartition.Validation(workload.plan.dataset.validation)
        ).training
        seed = workload.plan.seeds.order
        self.steps = steps
        path = folder.appending(path: workload.name)
    }

    /// Writes `NAME.safetensors`, and `NAME.order`: the rows of each epoch in their order as 32-bit
    /// numbers, one epoch after the other.
    func write() throws {
        guard let model = session.export(.final) else { fatalError("a session has weights") }
        var order = EpochOrder(training, shuffle: true, seed: seed)
        let epochs = (steps + session.stepsPerEpoch - 1) / session.stepsPerEpoch
        let rows = (0..<epochs).flatMap { order.rows(ofEpoch: $0) }
        try Data(model.weights()).write(to: path.appendingPathExtension("safetensors"))
        try rows.withUnsafeBytes { try Data($0).write(to: path.appendingPathExtension("order")) }
    }
}
