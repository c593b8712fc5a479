import Datasets
import TrainingAPI

/// The memory that batches pass through, made once for the largest batch.
///
/// Features come in [rows, features]; each layer's values are feature-major, [outputs, rows], so
/// that a product with torch's weights gives them and kernels run along rows.
final class Workspace {
    /// The most rows of a batch.
    let batchSize: Int
    let batch: BatchMemory
    private let inputs: Int
    private let outputs: [Int]
    /// The floats from one feature to the next.
    private let capacity: Int
    /// One per layer: what goes out of it.
    private let values: [FloatBuffer]
    /// One per layer: the loss's gradient by what goes out of it; empty where none is wanted.
    ///
    /// The last layer's takes the place of its values.
    private let gradients: [FloatBuffer]

    init(
        _ shape: ModelShape,
        target: DatasetDescription.Target,
        rows: Int,
        hasGradients: Bool
    ) throws(TrainingError) {
        inputs = shape.input.count
        outputs = shape.layers.compactMap { layer in
            if case .linear = layer.operation { layer.output.count } else { nil }
        }
        batchSize = rows
        capacity = rows.roundedUpToLanes
        do throws(DatasetError) {
            batch = try BatchMemory(rows: rows, features: inputs, target: target)
        } catch {
            throw .dataset(error)
        }
        var values: [FloatBuffer] = []
        var gradients: [FloatBuffer] = []
        for outputs in outputs {
            values.append(try FloatBuffer(count: outputs * capacity))
        }
        if hasGradients {
            for outputs in outputs.dropLast() {
                gradients.append(try FloatBuffer(count: outputs * capacity))
            }
        }
        self.values = values
        self.gradients = gradients + (hasGradients ? values.suffix(1) : [])
    }

    /// Copies a batch in.
    ///
    /// `step` is the update that it is for and `microbatch` its place among the update's batches.
    func load(
        _ reader: RowReader,
        _ order: [UInt32],
        _ places: Range<Int>,
        step: Int = 0,
        microbatch: Int = 0
    ) {
        reader.read(order, places, into: batch, step: step, microbatch: microbatch)
    }

    /// What goes into layer `place` in a batch of `rows`, [inputs, rows].
    func input(ofLayer place: Int, rows: Int) -> Factor {
        guard place == 0 else { return output(ofLayer: place - 1, rows: rows).asIs }
        return Matrix(elements: batch.features, rows: rows, columns: inputs, stride: inputs)
            .transposed
    }

    /// What goes out of layer `place`, [outputs, rows].
    func output(ofLayer place: Int, rows: Int) -> Matrix {
        matrix(values[place], layer: place, rows: rows)
    }

    /// The loss's gradient by what goes out of layer `place`, [outputs, rows].
    func gradient(ofLayer place: Int, rows: Int) -> Matrix {
        matrix(gradients[place], layer: place, rows: rows)
    }

    private func matrix(_ buffer: FloatBuffer, layer: Int, rows: Int) -> Matrix {
        Matrix(
            elements: buffer.elements,
            rows: outputs[layer],
            columns: rows,
            stride: capacity
        )
    }
}
