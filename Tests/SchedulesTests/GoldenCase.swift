import Foundation
import Schedules
import Testing

/// A case of the golden files.
struct GoldenCase: Decodable, Sendable, CustomStringConvertible {
    struct Failure: Decodable, Sendable {
        let type: String
        let at_step: Int
    }

    /// A number of strict JSON, where those that are not finite are words.
    struct Number: Decodable, Sendable {
        let value: Double

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let word = try? container.decode(String.self) {
                value = ["NaN": .nan, "Infinity": .infinity, "-Infinity": -.infinity][word] ?? .nan
            } else {
                value = try container.decode(Double.self)
            }
        }
    }

    let id: String
    let library: Library
    let schedule: String
    let params: [String: LibraryValue]
    let base_lr: Double?
    let steps: Int
    let values: [Number]
    let momentum: [Double]?
    let metrics: [Number]?
    let context: LibraryClock?
    let resume: LibraryPreview.Resume?
    let manual_edit: LibraryPreview.ManualEdit?
    let error: Failure?
    let rtol: Double?

    var description: String { id }

    /// The cases of a library: chosen ones, and ones with random parameters.
    static func load(_ library: Library) throws -> [GoldenCase] {
        try ["Golden", "Golden/Random"].flatMap { folder in
            let file = try #require(
                Bundle.module.url(
                    forResource: library.rawValue,
                    withExtension: "json",
                    subdirectory: folder
                )
            )
            return try JSONDecoder().decode([GoldenCase].self, from: Data(contentsOf: file))
        }
    }

    /// What the library's scheduler answers here.
    func preview() throws -> LibraryPreview {
        try LibrarySchedule(
            library: library,
            name: schedule,
            parameters: params,
            learningRate: base_lr
        ).preview(
            steps: max(steps, error.map { $0.at_step + 1 } ?? 1),
            metrics: metrics?.map(\.value),
            clock: context,
            resume: resume,
            manualEdit: manual_edit
        )
    }
}
