import Schedules
import Testing

@testable import TrainingAPI

/// What `GET /v1/schedules/types` lists, read as a client reads it and submitted again.
@Suite struct ScheduleCatalogueTests {
    /// A parameter as the catalogue writes it.
    struct Entry: Sendable, CustomTestStringConvertible {
        let sample: ScheduleSample
        let name: String
        let document: Document

        var testDescription: String { "\(name) of \(sample.type)" }

        /// The schedule with the parameter set, and what its meaning hangs on.
        func setting(_ json: String) -> ScheduleSample {
            var sample = sample
            for (name, json) in Self.companions["\(sample.type).\(name)"] ?? [:] {
                sample = sample.setting(name, json)
            }
            for (name, json) in Self.companions["\(sample.type).\(name) \(json)"] ?? [:] {
                sample = sample.setting(name, json)
            }
            return sample.setting(name, json)
        }

        /// What a parameter, or a choice, needs beside it.
        private static let companions: [String: [String: String]] = [
            "cyclic.factor": ["shape": #""exponential""#],
            "cyclic.shape \"exponential\"": ["factor": "0.5"],
            "warmup_stable_decay.cooldown_power": ["cooldown_shape": #""power""#],
            "warmup_stable_decay.cooldown_ratio": ["cooldown_shape": #""exponential""#],
            "warmup_stable_decay.cooldown_shape \"power\"": ["cooldown_power": "2"],
            "warmup_stable_decay.cooldown_shape \"exponential\"": ["cooldown_ratio": "0.5"],
        ]

        static let all: [Entry] = ScheduleSample.least.flatMap { sample -> [Entry] in
            // What the writer wrote is JSON; an empty list fails the test that counts them.
            guard let type = ScheduleCatalogue.type(named: sample.type),
                let listed = (try? JSONReader.read(type.json()))?.document["parameters"]?.array
            else { return [] }
            return listed.compactMap { parameter in
                parameter["name"]?.string.map {
                    Entry(sample: sample, name: $0, document: parameter)
                }
            }
        }

        private func number(_ field: String) -> Double? { document[field]?.double }

        /// The values that the catalogue allows at its ends, and its words.
        var allowed: [String] {
            let isCount = document["type"]?.string == "count"
            let ends = [
                number("minimum"), number("maximum"), number("exclusive_minimum")?.nextUp,
                number("exclusive_maximum")?.nextDown,
            ].compactMap { $0 }.map { isCount ? "\(Int($0))" : "\($0)" }
            let words = document["choices"]?.array?.compactMap { $0.string.map { "\"\($0)\"" } }
            let lengths =
                document["type"]?.string == "length"
                ? [
                    #"{"steps": 1}"#, #"{"steps": 1000000000}"#, #"{"epochs": 5e-324}"#,
                    #"{"epochs": 1000000}"#, #"{"fraction": 5e-324}"#, #"{"fraction": 1}"#,
                    #""1ba""#, #""2.5ep""#, #""0.1dur""#, #""10%""#,
                ] : []
            return ends + (words ?? []) + lengths
        }

        /// The numbers just past what it allows.
        var forbidden: [String] {
            let isCount = document["type"]?.string == "count"
            let below = number("minimum").map { isCount ? $0 - 1 : $0.nextDown }
            return [
                below, number("maximum")?.nextUp, number("exclusive_minimum"),
                number("exclusive_maximum"),
            ].compactMap { $0 }.map { isCount ? "\(Int($0))" : "\($0)" }
        }
    }

    /// Reads, writes and reads again, in both formats.
    private func roundTrip(_ sample: ScheduleSample) throws {
        let (schedule, faults) = try readSchedule(sample.json)
        #expect(faults == [], "\(sample.json)")
        let read = try #require(schedule)
        #expect(try readSchedule(sample.json, as: .yaml).schedule == read, "\(sample.json)")
        let written = String(decoding: read.json(), as: UTF8.self)
        #expect(try readSchedule(written).schedule == read, "\(written)")
        let yaml = block(try JSONReader.read(read.json()).document)
        #expect(try readSchedule(yaml, as: .yaml).schedule == read, "\(yaml)")
    }

    /// Block YAML as people write it, a field a line.
    private func block(_ document: Document, indent: String = "") -> String {
        guard let members = document.members, !members.isEmpty else {
            return " \(String(decoding: document.json(), as: UTF8.self))\n"
        }
        return (indent.isEmpty ? "" : "\n")
            + members.map { "\(indent)\($0.name):" + block($0.value, indent: indent + "  ") }
            .joined()
    }

    @Test func `lists the parameters of every type`() {
        let listed = Dictionary(grouping: Entry.all, by: \.sample.type).mapValues { $0.map(\.name) }
        for type in ScheduleCatalogue.types {
            #expect(listed[type.name] ?? [] == type.parameters.map(\.name), "\(type.name)")
        }
    }

    @Test(arguments: Entry.all)
    func `takes the default that it lists`(entry: Entry) throws {
        guard let listed = entry.document["default"] else {
            let says = entry.document["required"]?.bool == true
            #expect(says || entry.document["default_description"]?.string?.isEmpty == false)
            return
        }
        let plain = try readSchedule(entry.sample.json)
        let json = String(decoding: listed.json(), as: UTF8.self)
        let given = try readSchedule(entry.sample.setting(entry.name, json).json)
        #expect(given.faults == [])
        #expect(given.schedule == plain.schedule)
    }

    @Test(arguments: Entry.all)
    func `takes what it allows, and reads it back`(entry: Entry) throws {
        for json in entry.allowed { try roundTrip(entry.setting(json)) }
    }

    @Test(arguments: Entry.all)
    func `refuses the numbers just past what it allows`(entry: Entry) throws {
        for json in entry.forbidden {
            let faults = try readSchedule(entry.setting(json).json).faults
            #expect(faults == ["/\(entry.name) range"], "\(json)")
        }
    }

    @Test(arguments: ScheduleSample.least)
    func `all defaults written out together run`(sample: ScheduleSample) throws {
        var whole = sample
        for entry in Entry.all where entry.sample.type == sample.type {
            guard let listed = entry.document["default"] else { continue }
            whole = whole.setting(entry.name, String(decoding: listed.json(), as: UTF8.self))
        }
        try roundTrip(whole)
        let schedule = try #require(try readSchedule(whole.json).schedule)
        let run = try Run(totalSteps: 100, stepsPerEpoch: 10)
        let rates = try schedule.resolve(for: run).rates(0..<100)
        #expect(rates.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 0.1 })
        #expect(rates.contains { $0 > 0 })
    }
}
