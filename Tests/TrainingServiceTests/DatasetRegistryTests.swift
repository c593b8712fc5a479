import Datasets
import Foundation
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct DatasetRegistryTests {
    private let registry = DatasetRegistry(
        DatasetCatalogue(
            cache: FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path,
            fashionMNIST: "/nonexistent"
        ),
        store: InMemoryJobStore()
    )

    private func facts(of name: String) throws -> (DatasetFacts?, [Fault]) {
        var context = DecodingContext()
        let json = Sample.job().replacing("spirals", with: name)
        let (document, _) = try JSONReader.read(Array(json.utf8))
        let job = try #require(JobSpecification(document, &context))
        return (try registry.facts(for: job.dataset, &context), context.faults)
    }

    @Test func `gives what a job is planned with`() throws {
        let (facts, faults) = try facts(of: "spirals")
        #expect(faults.isEmpty)
        #expect(facts?.rows == ["train": 3_000, "validation": 600, "test": 600])
        #expect(facts?.shape == [2])
        #expect(facts?.target == .classes(3))
    }

    @Test func `names the datasets that there are in place of one that there is not`() throws {
        let (facts, faults) = try facts(of: "spiral")
        #expect(facts == nil)
        #expect(faults.map(\.pointer) == ["/dataset/name"])
        #expect(faults[0].detail.contains("linear, moons, spirals"))
    }

    @Test func `says how to get the files that are missing`() throws {
        let (facts, faults) = try facts(of: "fashion-mnist")
        #expect(facts == nil)
        #expect(faults.map(\.pointer) == ["/dataset/name"])
        let body = try #require(try registry.dataset(named: "fashion-mnist"))
        #expect(!body.isAvailable)
        #expect(body.remedy == faults[0].detail)
        #expect(body.remedy?.contains("dataset-fashion-mnist") == true)
    }

    @Test func `describes a dataset that needs no file`() throws {
        let body = try #require(try registry.dataset(named: "spirals"))
        #expect(body.isAvailable)
        #expect(body.remedy == nil)
        #expect(body.hash?.count == 64)
        #expect(
            try registry.all().map(\.name) == [
                "blobs", "fashion-mnist", "linear", "moons", "spirals",
            ]
        )
        #expect(try registry.dataset(named: "none") == nil)
    }
}
