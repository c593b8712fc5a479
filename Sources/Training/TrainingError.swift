package import Datasets
import Glibc

/// Why a training cannot begin or go on.
package enum TrainingError: Error, Hashable, CustomStringConvertible {
    /// The data cannot be had or do not fit the plan.
    case dataset(DatasetError)
    /// A field of the plan is out of its range.
    case invalid(field: String, detail: String)
    /// The loss of update `step` at learning rate `rate` is infinite or not a number; the update
    /// was not made.
    case diverged(step: Int, rate: Double, loss: Double)
    /// The gradient of update `step` at learning rate `rate` is infinite or not a number.
    case overflowed(step: Int, rate: Double)
    /// Update `step` found no finite loss and gradient in `batches` batches in a row.
    case notSkippable(step: Int, batches: Int)
    /// Update `step`, or the validation before it, was not finite again after `rollbacks` returns to
    /// one place.
    case notRecoverable(step: Int, rollbacks: Int)
    /// The machine has no memory for `purpose`.
    case outOfMemory(purpose: String)
    /// A checkpoint is not of this training; `detail` says where it differs.
    case unfit(detail: String)
    /// oneDNN refused an operation; `status` is its `dnnl_status_t`.
    case library(operation: String, status: UInt32)
    /// This machine has no oneDNN; `reason` is the loader's.
    case noLibrary(reason: String)
    /// The operating system refused an operation; `code` is the `errno`.
    case system(operation: String, code: Int32)

    /// One sentence that names the place and the value.
    package var description: String {
        switch self {
        case .dataset(let error): error.description
        case .invalid(let field, let detail): "\(field) \(detail)"
        case .diverged(let step, let rate, let loss):
            "the training loss is \(loss) at step \(step), learning rate \(rate)"
        case .overflowed(let step, let rate):
            "the gradient's norm is not finite at step \(step), learning rate \(rate)"
        case .notSkippable(let step, let batches):
            "no update could be made at step \(step): loss or gradient were not finite in"
                + " \(batches) \(batches == 1 ? "batch" : "batches in a row")"
        case .notRecoverable(let step, let rollbacks):
            "loss or gradient are not finite at step \(step), after \(rollbacks) returns to the last"
                + " good weights"
        case .outOfMemory(let purpose): "there is no memory for \(purpose)"
        case .unfit(let detail): "the checkpoint \(detail)"
        case .library(let operation, let status): "oneDNN: \(operation) failed, status \(status)"
        case .noLibrary(let reason):
            "trainings need oneDNN (libdnnl2), which cannot be loaded: \(reason)"
        case .system(let operation, let code):
            "\(operation) failed: \(String(cString: strerror(code)))"
        }
    }
}
