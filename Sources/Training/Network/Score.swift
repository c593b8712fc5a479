/// What a batch's rows came to in an evaluation.
struct Score {
    /// The sum of the rows' losses.
    var loss = 0.0
    /// The number of rows whose label has the largest logit; the first one where several are equal.
    var correct = 0
}
