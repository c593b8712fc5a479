import CDNNL
import CKernels
import Glibc

/// What the thread that trains must be like for the same job to give the same bits.
package enum EngineThread {
    /// Loads oneDNN, which is not there before this or the first computation.
    ///
    /// - Throws: `TrainingError.noLibrary` where this machine does not have it.
    package static func prepare() throws(TrainingError) {
        guard let fault = cdnnl_fault() else { return }
        throw .noLibrary(reason: String(cString: fault))
    }

    /// Lets the calling thread run only on the `index`th of the processors that this process may
    /// use, 0-based and modulo their number.
    ///
    /// Threads that train at once belong on different processors: unpinned ones have been seen at a
    /// fifth of their speed. Throws where the operating system refuses.
    package static func pin(toProcessor index: Int) throws(TrainingError) {
        let count = Int(lehr_processor_count())
        let code = lehr_pin_thread(Int32((index % count + count) % count))
        guard code == 0 else {
            throw .system(operation: "sched_setaffinity", code: code)
        }
    }

    /// Runs `body` with one thread in oneDNN and with numbers below the normal range taken as 0.
    ///
    /// Both are the calling thread's own: the number of threads stays at one, the floating-point
    /// mode is given back.
    static func compute<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        cdnnl_set_thread_count(1)
        let mode = lehr_flush_subnormals()
        defer { lehr_restore_float_mode(mode) }
        return try body()
    }
}
