import CDNNL

/// A view of floats as a matrix, row-major.
struct Matrix {
    let elements: UnsafeMutablePointer<Float>
    let rows: Int
    let columns: Int
    /// How many floats lie between the starts of two rows; at least `columns`.
    let stride: Int

    /// The matrix as a factor.
    var asIs: Factor { Factor(matrix: self, isTransposed: false) }
    /// The transpose as a factor.
    var transposed: Factor { Factor(matrix: self, isTransposed: true) }

    /// Makes this matrix the product of `left` and `right`, or adds the product to it.
    func assign(
        _ left: Factor,
        times right: Factor,
        adding: Bool = false
    ) throws(TrainingError) {
        precondition(
            left.rows == rows && right.columns == columns && left.columns == right.rows,
            "[\(left.rows), \(left.columns)] times [\(right.rows), \(right.columns)] is not "
                + "[\(rows), \(columns)]"
        )
        let status = cdnnl_sgemm(
            left.letter,
            right.letter,
            dnnl_dim_t(rows),
            dnnl_dim_t(columns),
            dnnl_dim_t(left.columns),
            1,
            left.matrix.elements,
            dnnl_dim_t(left.matrix.stride),
            right.matrix.elements,
            dnnl_dim_t(right.matrix.stride),
            adding ? 1 : 0,
            elements,
            dnnl_dim_t(stride)
        )
        guard status != dnnl_out_of_memory else {
            throw .outOfMemory(purpose: "a matrix product")
        }
        guard status == dnnl_success else {
            throw .library(operation: "dnnl_sgemm", status: status.rawValue)
        }
    }
}

/// A matrix or its transpose in a product.
struct Factor {
    let matrix: Matrix
    let isTransposed: Bool

    var rows: Int { isTransposed ? matrix.columns : matrix.rows }
    var columns: Int { isTransposed ? matrix.rows : matrix.columns }
    /// The other of the two.
    var transposed: Factor { Factor(matrix: matrix, isTransposed: !isTransposed) }

    /// What BLAS calls it: `T` or `N`.
    fileprivate var letter: CChar { isTransposed ? 0x54 : 0x4E }
}
