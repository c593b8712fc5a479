import ArgumentParser

/// A setting that is on or off.
enum Switch: String, ExpressibleByArgument, CaseIterable {
    /// It is on.
    case on
    /// It is off.
    case off
}

/// The kinds of jobs that a worker may be held to.
enum WorkerKind: String, ExpressibleByArgument, CaseIterable {
    /// Trainings by the built-in engine.
    case train
    /// Users' own scripts.
    case command
}
