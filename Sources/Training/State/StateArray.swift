import TrainingAPI

/// An array of a training on which later bits depend, and the tensors that lie in it.
struct StateArray {
    /// What the array is: the beginning of its tensors' names in a checkpoint, such as `model`.
    let name: String
    let buffer: FloatBuffer
    /// The tensors, by their places; what lies between them is always 0.
    let tensors: [StateTensor]
}

/// A tensor's place in an array of floats.
struct StateTensor {
    /// The name, as in a `state_dict` of torch.
    let name: String
    let shape: [Int]
    /// The first of the floats.
    let offset: Int

    var count: Int { shape.reduce(1, *) }
}

extension ParameterLayout {
    /// The tensors of an array in this layout.
    var stateTensors: [StateTensor] {
        tensors.map { StateTensor(name: $0.name, shape: $0.shape, offset: $0.offset) }
    }
}
