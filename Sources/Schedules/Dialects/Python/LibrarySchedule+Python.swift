extension LibrarySchedule {
    /// Reads what stands in people's code: `OneCycleLR(optimizer, max_lr=0.1, total_steps=1000)`, or the lines
    /// around it.
    ///
    /// The one scheduler that no other holds is taken. Imports, comments and other statements may stand around it;
    /// names have the values that the lines before give them; `len(…)` of a data loader is `batchesPerEpoch`, which
    /// fastai's policies take as well. The optimizer's rate is read where it is made in the same lines.
    ///
    /// - Parameters:
    ///   - code: Lines of Python.
    ///   - library: The library.
    ///   - learningRate: The optimizer's learning rate; `nil` for the one in the code.
    ///   - unit: When the scheduler is stepped.
    ///   - batchesPerEpoch: The updates of an epoch; `nil` where the code does not need it.
    /// - Throws: A `ScheduleError` that names `code`, with line and column, where it cannot be read, else those of
    ///   the initialiser.
    public init(
        parsing code: String,
        library: Library,
        learningRate: Double? = nil,
        unit: Unit = .steps,
        batchesPerEpoch: Int? = nil
    ) throws(ScheduleError) {
        let program = PythonProgram(code, batchesPerEpoch: batchesPerEpoch)
        let translation = PythonTranslation(library: library, batchesPerEpoch: batchesPerEpoch)
        let written: PythonTranslation.Scheduler
        do throws(PythonFailure) {
            written = try translation.scheduler(in: program)
        } catch {
            let place = error.place.map { "\(program.source.position(of: $0)): " } ?? ""
            throw .conflict("code", detail: place + error.message)
        }
        try self.init(
            library: library,
            name: written.name,
            parameters: written.parameters,
            learningRate: learningRate ?? written.learningRate,
            unit: unit
        )
    }
}
