import TrainingAPI

/// What must hold for the reader of jobs whatever bytes come: it answers, and what it takes it can
/// write and read again as the same job.
///
/// Shared by the fuzzer and by the test that replays its corpus.
enum JobAgreement {
    private static let facts = DatasetFacts(
        name: "spirals",
        rows: ["train": 1_000, "test": 200],
        shape: [2],
        target: .classes(3)
    )

    /// Says what is wrong with how the bytes are read; nil when nothing is.
    static func disagreement(over bytes: [UInt8]) -> String? {
        let format: BodyFormat = bytes.first == UInt8(ascii: "{") ? .json : .yaml
        // Text that is no document is refused with a place, which is right for most bytes.
        guard let (document, faults) = try? format.read(bytes) else { return nil }
        var context = DecodingContext(refusesUnknown: true, faults: faults)
        guard let job = JobSpecification(document, &context) else {
            return context.faults.isEmpty ? "a job was refused without a fault" : nil
        }
        guard context.isValid else { return nil }
        _ = job.plan(for: facts, &context)
        let written = job.json()
        guard let (again, againFaults) = try? BodyFormat.json.read(written) else {
            return "the normalised job cannot be read: \(text(written))"
        }
        var second = DecodingContext(refusesUnknown: true, faults: againFaults)
        guard let copy = JobSpecification(again, &second), second.isValid else {
            return "the normalised job is refused: \(second.faults), \(text(written))"
        }
        return copy == job ? nil : "the normalised job is another: \(text(written))"
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
