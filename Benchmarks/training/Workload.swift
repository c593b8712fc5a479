import Datasets
import Foundation
import Training
import TrainingAPI

/// What is trained; both sides know it by its name.
struct Workload: Hashable {
    /// The learning rate of every update, with SGD's momentum of 0.9.
    static let rate = 0.01

    private static let all: [Workload] = [
        Workload("softmax 784-10", .softmax, batchSize: 128),
        Workload("mlp 784-256-128-10", .mlp(.init()), batchSize: 128),
        Workload("mlp 784-256-128-10", .mlp(.init()), batchSize: 32),
        Workload("mlp 784-1024-1024-10", .mlp(.init(hidden: [1_024, 1_024])), batchSize: 256),
        Workload("cnn 16-pool-32-pool-128-10", .cnn(.init()), batchSize: 128),
        Workload("mlp 64-32-10", .mlp(.init(hidden: [32])), batchSize: 32, data: "digits"),
    ]

    let name: String
    let plan: TrainingPlan

    private init(
        _ name: String,
        _ model: ModelSpecification,
        batchSize: Int,
        data: String = "fashion-mnist"
    ) {
        self.name = "\(name), batch \(batchSize)"
        plan = TrainingPlan(
            dataset: DatasetSpecification(name: data),
            model: model,
            optimizer: .sgd(.init()),
            batchSize: batchSize
        )
    }

    /// The workload called `name`; nil where there is none.
    init?(_ name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// The rows; those of `digits` are read from `digits.npz` in `folder`, where the peer put them.
    func dataset(in folder: URL) throws -> Dataset {
        let cache = FileManager.default.temporaryDirectory.appending(path: "lehr-benchmark").path
        let catalogue = DatasetCatalogue(cache: cache)
        guard plan.dataset.name == "digits" else {
            return try catalogue.dataset(named: plan.dataset.name)
        }
        let upload = try Upload(
            name: "digits",
            path: folder.appending(path: "digits.npz").path,
            options: UploadOptions()
        )
        let hash = upload.description.contentHash
        try catalogue.prepare()
        try RowFile(folder: cache, hash: hash).write(upload)
        return try catalogue.dataset(named: "digits", hash: hash)
    }
}
