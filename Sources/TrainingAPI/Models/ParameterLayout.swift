/// Where each tensor of a model lies in one array of floats.
///
/// Tensors are row-major in torch's shapes and order. Each starts at a multiple of 16, and what lies
/// between two tensors is always 0.
package struct ParameterLayout: Hashable, Sendable {
    /// The tensors, from the features to the outputs.
    package private(set) var tensors: [ParameterTensor] = []
    /// The length of the whole array, a multiple of 16.
    package private(set) var count = 0

    /// Makes a layout of no tensors.
    package init() {}

    /// The number of values in all tensors.
    package var valueCount: Int { tensors.map(\.count).reduce(0, +) }

    /// Adds a tensor at the end.
    mutating func append(
        _ name: String,
        shape: [Int],
        role: ParameterTensor.Role,
        depth: Int
    ) -> ParameterTensor {
        let tensor = ParameterTensor(
            name: name,
            shape: shape,
            offset: count,
            role: role,
            depth: depth
        )
        tensors.append(tensor)
        count += tensor.paddedCount
        return tensor
    }
}

/// A tensor's name, shape and place in one array of floats.
package struct ParameterTensor: Hashable, Sendable {
    /// What a tensor does, which optimizers' exclusions go by.
    package enum Role: String, Hashable, Sendable {
        /// The weights of a linear layer or convolution.
        case weight
        /// The biases of one.
        case bias
        /// The factors of a normalization.
        case normScale
        /// The summands of a normalization.
        case normShift
        /// A running mean or variance, which is not trained.
        case statistic
    }

    /// The key in torch's `state_dict`: `0.weight`.
    package let name: String
    /// The shape, as torch has it.
    package let shape: [Int]
    /// Where the tensor begins; a multiple of 16.
    package let offset: Int
    /// What the tensor does.
    package let role: Role
    /// The 0-based place among the layers with parameters, from the input.
    package let depth: Int

    /// The number of values.
    package var count: Int { shape.reduce(1, *) }
    /// The number of floats up to the next tensor.
    package var paddedCount: Int { (count + 15) / 16 * 16 }
    /// Where the values lie.
    package var range: Range<Int> { offset..<offset + count }

    /// The number of values that one output sums over: all but the first dimension.
    package var fanIn: Int { shape.dropFirst().reduce(1, *) }
    /// The number of outputs that one input has a share in: all but the second dimension.
    package var fanOut: Int { shape[0] * shape.dropFirst(2).reduce(1, *) }
}
