import Foundation
import Schedules
import Testing

@Suite struct GoldenTests {
    /// Equal to 1e-12 of the case's largest value, or to the case's own tolerance.
    private func distance(_ got: [Double], _ want: [Double]) -> Double {
        guard got.count == want.count else { return .infinity }
        return zip(got, want).map { got, want in
            got.isNaN && want.isNaN ? 0 : abs(got - want)
        }.max() ?? 0
    }

    @Test(arguments: Library.allCases)
    func `rates are those that the library answered`(library: Library) throws {
        let cases = try GoldenCase.load(library)
        #expect(!cases.isEmpty)
        for row in cases where !(row.error != nil && row.values.isEmpty) {
            let want = row.values.map(\.value)
            let preview: LibraryPreview
            do {
                preview = try row.preview()
            } catch {
                Issue.record("\(row.id): \(error)")
                continue
            }
            let largest = want.filter(\.isFinite).map(abs).max() ?? 1
            let tolerance = max(row.rtol ?? 1e-12, 1e-12) * largest
            let off = distance(preview.learningRates, want)
            #expect(off <= tolerance, "\(row.id) \(row.params): off by \(off) of \(largest)")
            #expect(preview.refusal?.step == row.error?.at_step, "\(row.id)")
            #expect(preview.refusal?.reason.hasPrefix(row.error?.type ?? "") ?? true, "\(row.id)")
            if let momentum = row.momentum {
                // Momenta are near 1; the largest rate's tolerance holds for them as well.
                let off = distance(preview.momenta ?? [], momentum)
                #expect(off <= max(row.rtol ?? 1e-12, 1e-12), "\(row.id): momentum off by \(off)")
            }
        }
    }

    @Test(arguments: Library.allCases)
    func `what the library refuses at construction is refused, in its terms`(
        library: Library
    ) throws {
        for row in try GoldenCase.load(library) {
            guard let error = row.error, row.values.isEmpty else { continue }
            let sentence = refusal { try row.preview() }
            #expect(
                sentence?.hasPrefix("params: \(error.type): ") == true,
                "\(row.id): \(sentence ?? "")"
            )
        }
    }
}
