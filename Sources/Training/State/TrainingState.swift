/// A training's state after some updates: copies of every array and counter that later bits depend on.
///
/// `@unchecked Sendable`: nothing writes to `values` once the state is made.
package final class TrainingState: @unchecked Sendable {
    /// A tensor of the state.
    struct Tensor: Hashable, Sendable {
        /// The array's name and the tensor's own: `model.0.weight`.
        let name: String
        let shape: [Int]
        /// Its floats in `values`.
        let places: Range<Int>
    }

    /// The tensors in the order of their places, without gaps.
    let tensors: [Tensor]
    /// The floats of all tensors.
    let values: FloatBuffer
    let counters: SessionCounters

    /// The number of completed updates.
    package var step: Int { counters.step }

    /// The bytes of all tensors.
    var byteCount: Int { (tensors.last?.places.upperBound ?? 0) * MemoryLayout<Float>.stride }

    /// Takes over floats that are already in the order of `tensors`.
    init(tensors: [Tensor], values: FloatBuffer, counters: SessionCounters) {
        self.tensors = tensors
        self.values = values
        self.counters = counters
    }

    /// Copies arrays out; throws where there is no memory for the copy.
    init(_ arrays: [StateArray], counters: SessionCounters) throws(TrainingError) {
        self.counters = counters
        var tensors: [Tensor] = []
        var count = 0
        for array in arrays {
            for tensor in array.tensors {
                let name = "\(array.name).\(tensor.name)"
                let places = count..<count + tensor.count
                tensors.append(Tensor(name: name, shape: tensor.shape, places: places))
                count = places.upperBound
            }
        }
        self.tensors = tensors
        values = try FloatBuffer(count: count)
        var place = 0
        for array in arrays {
            for tensor in array.tensors {
                (values.elements + place).update(
                    from: array.buffer.elements + tensor.offset,
                    count: tensor.count
                )
                place += tensor.count
            }
        }
    }

    /// Copies the values back into arrays.
    ///
    /// Throws, before anything is changed, where the state's tensors are not just those of `arrays`.
    func restore(_ arrays: [StateArray]) throws(TrainingError) {
        let own = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
        var copies: [(from: Int, to: UnsafeMutablePointer<Float>, count: Int)] = []
        for array in arrays {
            for tensor in array.tensors {
                let name = "\(array.name).\(tensor.name)"
                guard let found = own[name] else { throw .unfit(detail: "has no \(name)") }
                guard found.shape == tensor.shape else {
                    throw .unfit(
                        detail: "has \(name) of shape \(found.shape), not \(tensor.shape)"
                    )
                }
                copies.append(
                    (found.places.lowerBound, array.buffer.elements + tensor.offset, tensor.count)
                )
            }
        }
        guard copies.count == tensors.count else {
            let needed = Set(
                arrays.flatMap { array in
                    array.tensors.map { "\(array.name).\($0.name)" }
                }
            )
            let extra = tensors.map(\.name).filter { !needed.contains($0) }
            throw .unfit(detail: "has \(extra.joined(separator: ", ")), which the job has not")
        }
        for copy in copies { copy.to.update(from: values.elements + copy.from, count: copy.count) }
    }
}
