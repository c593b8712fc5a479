import ArgumentParser
import Foundation
import Schedules
import Testing

@testable import lehr

/// The pictures of the documentation, against what `Scripts/curves` draws now.
@Suite struct CurveDrawingTests {
    /// A line of `Scripts/curves`: the picture's name and what `lehr schedule preview` is given.
    struct Drawing: Sendable, CustomTestStringConvertible {
        let name: String
        let arguments: [String]

        var testDescription: String { name }

        static let all: [Drawing] = {
            let script = root.appending(path: "Scripts/curves")
            // A file that is missing fails the test of the names.
            let text = (try? String(contentsOf: script, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").filter { $0.hasPrefix("draw ") }.map { line in
                let words = words(of: line)
                return Drawing(name: words[1], arguments: Array(words.dropFirst(2)))
            }
        }()

        /// The words of a line of the shell, of which some stand between single quotes.
        private static func words(of line: Substring) -> [String] {
            line.split(separator: "'", omittingEmptySubsequences: false).enumerated()
                .flatMap { index, part in
                    index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
                }
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardizedFileURL
    private static let catalogue = root.appending(path: "Sources/Schedules/Schedules.docc")

    private func article(_ name: String) throws -> String {
        try String(
            contentsOf: Self.catalogue.appending(path: "\(name).md"),
            encoding: .utf8
        )
    }

    @Test(arguments: Drawing.all)
    func `a picture is what the code draws`(drawing: Drawing) throws {
        let options = try PreviewOptions.parse(drawing.arguments)
        let curves = try PreviewPlan(options).curves(isDrawn: true)
        let svg = PreviewFigure.figure(curves, isLogarithmic: false).svg()
        let file = Self.catalogue.appending(path: "Resources/\(drawing.name).svg")
        let committed = try String(contentsOf: file, encoding: .utf8)
        #expect(committed == svg, "\(drawing.name).svg is stale; run Scripts/curves")
    }

    @Test func `every picture is drawn and shown`() throws {
        let files = try FileManager.default.contentsOfDirectory(
            atPath: Self.catalogue.appending(path: "Resources").path
        )
        #expect(Set(files) == Set(Drawing.all.map { "\($0.name).svg" }))
        let articles = try FileManager.default.contentsOfDirectory(atPath: Self.catalogue.path)
            .filter { $0.hasSuffix(".md") }
            .map { try article(String($0.dropLast(3))) }.joined()
        for file in files { #expect(articles.contains("](\(file))"), "\(file)") }
    }

    @Test(arguments: ScheduleCatalogue.types)
    func `a type is described as the catalogue describes it`(type: ScheduleType) throws {
        let page = try article("AllCurves")
        let section = try #require(
            page.components(separatedBy: "\n## ").first { $0.hasPrefix("\(type.name)\n") }
        )
        #expect(section.contains(type.summary))
        #expect(section.contains("- Formula: \(type.formula)\n"))
        #expect(section.contains("- Source: \(type.source)\n"))
        #expect(section.contains("](\(type.name).svg)"))
    }
}
