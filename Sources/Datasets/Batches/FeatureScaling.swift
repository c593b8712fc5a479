import CKernels

/// What is subtracted from features and what they are divided by, per channel of images and per
/// column of tables; bytes are scaled from 0…255 to 0…1 first.
package struct FeatureScaling: Hashable, Sendable {
    /// How features are to be scaled.
    package enum Rule: Hashable, Sendable {
        /// To mean 0 and deviation 1 over the training rows.
        ///
        /// The deviation is the population's (divided by the count); a channel of equal values is
        /// divided by 1.
        case standardize
        /// By given values: one for all, or one per channel or column.
        case fixed(mean: [Double], std: [Double])
        /// Not at all, but for bytes' 0…1.
        case none
    }

    /// What is subtracted, one per channel or column.
    package let mean: [Double]
    /// What is divided by, one per channel or column; none is 0.
    package let std: [Double]

    /// Makes the scaling that `rule` says, fitted on `training`.
    package init(
        _ rule: Rule,
        dataset: Dataset,
        training: DataPartition.Part
    ) throws(DatasetError) {
        let channels = dataset.description.channels
        switch rule {
        case .none:
            mean = Array(repeating: 0, count: channels)
            std = Array(repeating: 1, count: channels)
        case .fixed(let mean, let std):
            self.mean = try Self.perChannel(mean, field: "mean", dataset.description)
            self.std = try Self.perChannel(std, field: "std", dataset.description)
            if let bad = std.first(where: { !($0 > 0) }) {
                throw .invalid(
                    field: "dataset.normalize.std",
                    detail: "must be above 0, got \(bad)"
                )
            }
        case .standardize:
            let moments = dataset.moments(of: training)
            mean = moments.mean
            std = moments.variance.map { $0 > 0 ? $0.squareRoot() : 1 }
        }
    }

    /// The same as one product and one sum per feature: `value · scale + shift`.
    package func factors(for description: DatasetDescription) -> (scale: [Float], shift: [Float]) {
        let whole: Double = description.element == .bytes ? 255 : 1
        let channels = (0..<description.features).map { $0 % mean.count }
        return (
            channels.map { Float(1 / (whole * std[$0])) },
            channels.map { Float(-mean[$0] / std[$0]) }
        )
    }

    private static func perChannel(
        _ values: [Double],
        field: String,
        _ description: DatasetDescription
    ) throws(DatasetError) -> [Double] {
        let channels = description.channels
        guard values.count == 1 || values.count == channels else {
            let unit = description.content == .images ? "channels" : "columns"
            throw .invalid(
                field: "dataset.normalize.\(field)",
                detail: "needs 1 value or one for each of the \(channels) \(unit) of "
                    + "\(description.name), got \(values.count)"
            )
        }
        return values.count == channels
            ? values : Array(repeating: values[0], count: channels)
    }
}

extension Dataset {
    /// Each channel's or column's mean and population variance over `part`, bytes in 0…1.
    fileprivate func moments(of part: DataPartition.Part) -> (mean: [Double], variance: [Double]) {
        switch splits[part.split].features {
        case .bytes(let bytes): moments(of: bytes, part)
        case .floats(let floats): moments(of: floats, part)
        }
    }

    private func moments(
        of bytes: UnsafePointer<UInt8>,
        _ part: DataPartition.Part
    ) -> (mean: [Double], variance: [Double]) {
        let channels = description.channels
        let count = Double(part.rows.count * description.features / channels)
        var sums = [UInt64](repeating: 0, count: channels)
        var squares = sums
        lehr_byte_moments(
            bytes,
            description.features,
            channels,
            part.rows,
            part.rows.count,
            &sums,
            &squares
        )
        let mean = sums.map { Double($0) / count }
        let variance = zip(squares, mean).map { Double($0) / count - $1 * $1 }
        return (mean.map { $0 / 255 }, variance.map { $0 / (255 * 255) })
    }

    /// Taken from the first row's values on, so that a constant column's variance is 0.
    private func moments(
        of floats: UnsafePointer<Float>,
        _ part: DataPartition.Part
    ) -> (mean: [Double], variance: [Double]) {
        let (features, channels) = (description.features, description.channels)
        let count = Double(part.rows.count * features / channels)
        let first = (0..<channels).map { Double(floats[Int(part.rows[0]) * features + $0]) }
        var mean = first
        var variance = [Double](repeating: 0, count: channels)
        for row in part.rows {
            let row = floats + Int(row) * features
            for pixel in stride(from: 0, to: features, by: channels) {
                for channel in 0..<channels {
                    mean[channel] += (Double(row[pixel + channel]) - first[channel]) / count
                }
            }
        }
        for row in part.rows {
            let row = floats + Int(row) * features
            for pixel in stride(from: 0, to: features, by: channels) {
                for channel in 0..<channels {
                    let off = Double(row[pixel + channel]) - mean[channel]
                    variance[channel] += off * off / count
                }
            }
        }
        return (mean, variance)
    }
}
