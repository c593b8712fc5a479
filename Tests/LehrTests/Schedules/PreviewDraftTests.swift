import ArgumentParser
import Testing
import TrainingAPI

@testable import lehr

@Suite struct PreviewDraftTests {
    private func request(
        _ arguments: String...,
        file: String? = nil,
        isDrawn: Bool = false
    ) throws -> String {
        let options = try PreviewOptions.parse(arguments)
        let document = try file.map { try YAMLReader.read($0).document }
        let draft = try PreviewDraft(
            options,
            kind: options.types.first.map { try PreviewKind($0) },
            file: document,
            isDrawn: isDrawn
        )
        return String(decoding: draft.document.json(), as: UTF8.self)
    }

    @Test func `a kind alone is drawn over a thousand steps to a peak of one`() throws {
        #expect(
            try request("cosine")
                == #"{"schedule":{"type":"cosine","learning_rate":1},"steps":1000}"#
        )
    }

    @Test func `each option becomes its field`() throws {
        #expect(
            try request(
                "step",
                "--learning-rate",
                "0.1",
                "--steps",
                "500",
                "--warmup",
                "5%",
                "--to",
                "10%",
                "--floor",
                "0.001",
                "--over",
                "80%",
                "--every",
                "10ep",
                "--factor",
                "0.5",
                "--milestones",
                "30ep, 60ep",
                "--steps-per-epoch",
                "20",
                "--set",
                "patience=5",
                "--metrics",
                "1,nan,0.5"
            )
                == #"{"schedule":{"type":"step","learning_rate":0.1,"floor":0.001,"#
                + #""to":{"fraction_of_peak":0.1},"over":"80%","every":"10ep","factor":0.5,"#
                + #""milestones":["30ep","60ep"],"warmup":{"length":"5%"},"patience":5},"#
                + #""steps":500,"steps_per_epoch":20,"metrics":[1,"NaN",0.5]}"#
        )
    }

    @Test func `options go over what a job's file says`() throws {
        let job = """
            epochs: 3
            schedule: {type: linear, learning_rate: 0.2, to: 0.1}
            """
        #expect(
            try request("--spec", "job.yaml", "--to", "0", "--steps-per-epoch", "100", file: job)
                == #"{"schedule":{"type":"linear","learning_rate":0.2,"to":0},"steps":300,"#
                + #""steps_per_epoch":100}"#
        )
        #expect(
            try request("--spec", "job.yaml", "--steps", "7", file: job)
                == #"{"schedule":{"type":"linear","learning_rate":0.2,"to":0.1},"steps":7}"#
        )
    }

    @Test func `a file may hold the schedule alone`() throws {
        #expect(
            try request("--spec", "s.yaml", file: "type: constant")
                == #"{"schedule":{"type":"constant","learning_rate":1},"steps":1000}"#
        )
    }

    @Test(arguments: [
        ("schedule: {type: constant}", #""learning_rate":0.001"#),
        ("optimizer: {type: sgd}", ""),
        ("optimizer: {type: adam}", #""learning_rate":0.001"#),
    ])
    func `a job's own peak holds where none is written`(job: String, peak: String) throws {
        #expect(
            try request("--spec", "job.yaml", "--steps", "7", "--set", "type=constant", file: job)
                == #"{"schedule":{"type":"constant"\#(peak.isEmpty ? "" : ",")\#(peak)},"steps":7}"#
        )
    }

    @Test func `a picture of a long run shows some of its steps`() throws {
        #expect(
            try request("cosine", "--steps", "200000", isDrawn: true).hasSuffix(
                #""steps":200000,"max_points":5000}"#
            )
        )
        #expect(
            try request("cosine", "--steps", "200000", isDrawn: false).hasSuffix(
                #""steps":200000}"#
            )
        )
        #expect(
            try request("cosine", "--steps", "200000", "--max-points", "9", isDrawn: true)
                .hasSuffix(
                    #""steps":200000,"max_points":9}"#
                )
        )
    }

    @Test func `asks for the length of an epoch where it is not known`() {
        #expect {
            try request("cosine", "--epochs", "10")
        } throws: {
            "\($0)"
                == "the run has 10 epochs; say with --steps-per-epoch how many updates one has, "
                + "or write --steps"
        }
    }

    @Test(arguments: ["", ",", "a", "1,b"])
    func `asks for numbers as metrics`(text: String) {
        #expect {
            try request("cosine", "--metrics", text)
        } throws: {
            "\($0)"
                == "--metrics \(text): write numbers with commas between them, such as 0.9,0.8,0.8"
        }
    }

    @Test(arguments: [
        [], ["cosine", "--steps", "0"], ["cosine", "--steps", "5", "--epochs", "1"],
        ["cosine", "--epochs", "0"], ["cosine", "--epochs", "nan"],
        ["cosine", "--steps-per-epoch", "-1"],
    ])
    func `refuses a run that is none`(arguments: [String]) {
        #expect(throws: (any Error).self) { try PreviewOptions.parse(arguments) }
    }
}
