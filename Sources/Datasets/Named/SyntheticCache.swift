import Synchronization

/// The synthetic dataset that was made last, so that jobs on the same one do not make it anew.
///
/// Large ones are not kept: training on them takes far longer than making them.
enum SyntheticCache {
    /// The rows and features that are kept at most, together 16 MiB of features.
    private static let limit = 4 << 20

    private static let newest = Mutex<(parameters: SyntheticDataset, dataset: Dataset)?>(nil)

    /// The dataset of `parameters`.
    static func dataset(_ parameters: SyntheticDataset) -> Dataset {
        if let kept = newest.withLock({ $0 }), kept.parameters == parameters { return kept.dataset }
        let dataset = parameters.make()
        if parameters.rows <= limit / max(1, parameters.features) {
            newest.withLock { $0 = (parameters, dataset) }
        }
        return dataset
    }
}
