/// What one update saw.
package struct UpdateResult: Hashable, Sendable {
    /// The batch's mean loss before the update.
    package let loss: Double
    /// The Euclidean norm of the loss's gradient over all parameters, before clipping and weight decay.
    package let gradientNorm: Double
    /// The Euclidean norm of the update, weight decay included, over that of the parameters before it;
    /// measured at every sixteenth update, `nil` at the others.
    package let updateToWeightRatio: Double?
    /// The number of rows that the update was made of.
    package let rows: Int
}

/// How a model does on rows that it was not trained on.
package struct Evaluation: Hashable, Sendable, Codable {
    /// The mean loss over the rows.
    package let loss: Double
    /// The share of rows whose label has the largest logit, the first one where several are equal; nil
    /// where values are predicted.
    package let accuracy: Double?
    /// The number of rows.
    package let rows: Int
}
