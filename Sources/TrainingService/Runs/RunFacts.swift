internal import TrainingAPI

/// What the service keeps of a run beside the job's own columns: the store's `progress` payload.
struct RunFacts: Hashable, Sendable, JSONWritable {
    /// The seconds that the rest will take at the present speed.
    var secondsLeft: Double?
    /// The reported steps whose applied rates were not the granted ones.
    var mismatches: Int

    /// Makes facts.
    init(secondsLeft: Double? = nil, mismatches: Int = 0) {
        self.secondsLeft = secondsLeft
        self.mismatches = mismatches
    }

    /// Reads a stored payload.
    init?(reading bytes: [UInt8]?) {
        // The service wrote these bytes; where they cannot be read, nothing is known.
        guard let bytes, let document = (try? JSONReader.read(bytes))?.document else { return nil }
        secondsLeft = document["seconds_left"]?.double
        mismatches = document["mismatches"]?.integer ?? 0
    }

    /// Writes the stored payload.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("seconds_left", secondsLeft)
            writer.field("mismatches", mismatches)
        }
    }
}
