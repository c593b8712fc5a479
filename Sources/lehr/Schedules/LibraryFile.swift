import Schedules
import TrainingAPI

/// A library's schedule that stands in a file.
enum LibraryFile {
    /// The schedule.
    ///
    /// - Parameters:
    ///   - document: The schedule's object.
    ///   - file: The file that it stands in.
    ///   - faults: The faults of reading it.
    /// - Returns: The schedule.
    /// - Throws: A report of every fault, at its place in the file.
    static func schedule(
        _ document: Document,
        file: SpecificationFile,
        faults: [Fault]
    ) throws -> LibrarySchedule {
        let request = Document(
            .object([
                .init(name: "schedule", value: document),
                .init(name: "steps", value: Document(.integer(1))),
            ])
        )
        var context = DecodingContext(faults: faults)
        guard let read = LibraryPreviewRequest(request, &context) else {
            throw FaultReport(
                summary: "\(file.name) holds no schedule that can be drawn",
                faults: context.faults,
                locator: FaultLocator(file: file.name, document: request)
            )
        }
        return read.schedule
    }
}
