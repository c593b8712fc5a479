/// The order in which an epoch goes through the training rows.
///
/// Confined to the thread that trains.
package struct EpochOrder {
    private let rows: [UInt32]
    private let stream: RandomStream?
    private var epoch: Int?
    private var order: [UInt32]

    /// Goes through `part`, in another random order each epoch, or always as it is where `shuffle`
    /// is false.
    package init(_ part: DataPartition.Part, shuffle: Bool, seed: UInt64) {
        rows = part.rows
        stream = shuffle ? RandomStream(seed: seed, purpose: .order) : nil
        order = part.rows
    }

    /// The rows of `epoch`, 0-based; worked out when the epoch changes, without allocating.
    package mutating func rows(ofEpoch epoch: Int) -> [UInt32] {
        if let stream, self.epoch != epoch {
            for index in rows.indices { order[index] = rows[index] }
            stream.shuffle(&order, step: UInt64(epoch))
        }
        self.epoch = epoch
        return order
    }
}
