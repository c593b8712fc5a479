import Testing
import TrainingAPI

@testable import lehr

@Suite struct FaultReportTests {
    private let json = """
        {
          "name": "x",
          "optimizer": {"type": "sgd", "momentum": 2},
          "model": {"hidden": [8, -1]},
          "a/b": 1
        }
        """

    private func locator(_ assignments: String...) throws -> FaultLocator {
        FaultLocator(
            file: "job.json",
            document: try JSONReader.read(Array(json.utf8)).document,
            assignments: try assignments.map { try Assignment($0) }
        )
    }

    @Test(arguments: [
        ("/optimizer/momentum", Fault.Code.range, "job.json:3:44"),
        ("/optimizer/momentum", .unknown, "job.json:3:32"),
        ("/model/hidden/1", .range, "job.json:4:27"),
        ("/a~1b", .type, "job.json:5:10"),
        ("/epochs", .missing, "job.json:1:1"),
        ("/optimizer/nesterov", .missing, "job.json:3:16"),
        ("", .type, "job.json:1:1"),
    ])
    func `finds a pointer's place in the file`(
        pointer: String,
        code: Fault.Code,
        place: String
    ) throws {
        let fault = Fault(pointer: pointer, detail: "", code: code)
        #expect(try locator().place(of: fault) == place)
    }

    @Test func `the server's own place goes first while the file was sent as it is`() throws {
        let fault = Fault(
            pointer: "/name",
            detail: "",
            code: .type,
            position: .init(line: 9, column: 4)
        )
        #expect(try locator().place(of: fault) == "job.json:9:4")
        #expect(try locator("seed=1").place(of: fault) == "job.json:2:11")
    }

    @Test func `a fault of what was set names the option`() throws {
        let locator = try locator("optimizer.momentum=3", "model={hidden: [-1]}")
        let places = ["/optimizer/momentum", "/optimizer", "/model/hidden/0"].map {
            locator.place(of: Fault(pointer: $0, detail: "", code: .range))
        }
        #expect(
            places == ["--set optimizer.momentum=3", "job.json:3:16", "--set model={hidden: [-1]}"]
        )
    }

    @Test func `a file that could not be read has but its name`() {
        let fault = Fault(pointer: "/a", detail: "", code: .type)
        #expect(FaultLocator(file: "job.json", document: nil).place(of: fault) == "job.json")
    }

    @Test func `says the field once before what is wrong with it`() throws {
        let report = FaultReport(
            summary: "the job is not valid",
            faults: [
                Fault(
                    pointer: "/optimizer/momentum",
                    detail: "must be below 1, not 2",
                    code: .range
                ),
                Fault(pointer: "/epochs", detail: "epochs is missing", code: .missing),
                Fault(pointer: "/model/hidden", detail: "hidden is too long", code: .range),
                Fault(pointer: "", detail: "must be an object", code: .type),
                Fault(pointer: "/a~1b", detail: "1 is above c, 0", code: .conflict),
            ],
            locator: try locator()
        )
        #expect(
            report.lines(ink: Ink(isColored: false)) == [
                "error: the job is not valid",
                "  job.json:3:44  optimizer.momentum must be below 1, not 2",
                "  job.json:1:1   epochs is missing",
                "  job.json:4:23  model.hidden is too long",
                "  job.json:1:1   must be an object",
                "  job.json:5:10  a/b: 1 is above c, 0",
            ]
        )
    }
}
