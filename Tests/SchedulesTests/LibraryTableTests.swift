import Foundation
import Schedules
import Testing

/// The tables of the article on other libraries, against what conversion does with the golden cases.
@Suite struct LibraryTableTests {
    /// What the cases of a scheduler come to in the native vocabulary.
    private struct Outcome {
        var types: Set<String> = []
        var differs = false
    }

    /// The cells of the row of each scheduler of a library, in order.
    private func rows(of library: Library) throws -> [[String]] {
        let article = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Schedules/Schedules.docc/LibrarySchedules.md")
        let text = try String(contentsOf: article, encoding: .utf8)
        let table = try #require(text.components(separatedBy: "| `\(library.rawValue)` |").last)
        return table.split(separator: "\n").dropFirst(2).prefix { $0.hasPrefix("| `") }.map {
            line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// By name, for every scheduler that a case names.
    private func outcomes(of library: Library) throws -> [String: Outcome] {
        var outcomes: [String: Outcome] = [:]
        for row in try GoldenCase.load(library) where row.error == nil {
            outcomes[row.schedule] = outcomes[row.schedule] ?? Outcome()
            guard
                let schedule = try? LibrarySchedule(
                    library: library,
                    name: row.schedule,
                    parameters: row.params,
                    learningRate: row.base_lr
                ),
                let run = try? makeRun(row.steps),
                // Without a counterpart a conversion is refused, which other tests see to.
                let conversion = try? schedule.converted(for: run)
            else { continue }
            outcomes[row.schedule]?.types.insert(conversion.schedule.curve.type.name)
            if !conversion.differences.isEmpty { outcomes[row.schedule]?.differs = true }
        }
        return outcomes
    }

    @Test(arguments: Library.allCases)
    func `name every scheduler, what it converts to and what differs`(library: Library) throws {
        let rows = try rows(of: library)
        #expect(rows.map(\.[0]) == library.names.map { "`\($0)`" })
        let outcomes = try outcomes(of: library)
        for (name, row) in zip(library.names, rows) {
            let written = row[1].split(separator: "`").map(String.init)
                .filter { ScheduleCatalogue.type(named: $0) != nil }
            #expect(row.count == 3 && !row[2].isEmpty, "\(name)")
            guard let outcome = outcomes[name] else { continue }
            #expect(written.isEmpty == outcome.types.isEmpty, "\(name): \(outcome.types)")
            guard let usual = written.first else { continue }
            #expect(outcome.types.contains(usual), "\(name): \(outcome.types)")
            // Of a sequence a run that ends early leaves the warm-up alone.
            let rest = written.contains("sequence") ? ["constant", "interpolated"] : []
            #expect(outcome.types.isSubset(of: written + rest), "\(name): \(outcome.types)")
            #expect(row[2].hasPrefix("nothing") == !outcome.differs, "\(name): \(row[2])")
        }
    }
}
