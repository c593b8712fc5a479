import Foundation
import Testing
import TrainingAPI

@testable import lehr

@Suite(.timeLimit(.minutes(5))) struct CommandLineTests {
    private let id = "0197a3f2-5c1d-7000-8000-000000000001"

    @Test func `says in one sentence that there is no server`() async throws {
        // A port that was free a moment ago.
        let service = try JobService([.sample()])
        service.stop()
        let ending = try await LehrProcess.run("list", server: service.url)
        #expect(ending.status == 4)
        #expect(ending.output == "")
        #expect(
            ending.errors
                == "error: nothing listens at \(service.url); start it with `lehrd serve`\n"
        )
    }

    @Test func `shows every fault of a specification where it stands`() async throws {
        let refusal = Problem(
            status: 422,
            detail: "the job has 2 faults",
            faults: [
                Fault(pointer: "/epochs", detail: "must be a whole number", code: .type),
                Fault(pointer: "/lr", detail: "lr is not a field", code: .unknown),
            ]
        )
        let service = try JobService([.sample()], refusal: refusal)
        defer { service.stop() }
        let ending = try await LehrProcess.run(
            "submit",
            "-",
            "--set",
            "epochs=x",
            server: service.url,
            input: "{\"lr\": 1}"
        )
        #expect(ending.status == 2)
        #expect(ending.output == "")
        #expect(
            ending.errors == """
                error: standard input is refused: 2 faults
                  --set epochs=x      epochs must be a whole number
                  standard input:1:2  lr is not a field

                """
        )
    }

    @Test func `a submission is told by name, id and length`() async throws {
        let service = try JobService([.sample("queued", step: 0)])
        defer { service.stop() }
        let ending = try await LehrProcess.run(
            "submit",
            "-",
            "--server",
            service.url,
            input: "epochs: 10"
        )
        #expect(ending.status == 0)
        #expect(ending.output == "submitted fashion-cosine  \(id)  4,220 steps\n")
    }

    @Test(arguments: [("succeeded", 0), ("failed", 1), ("cancelled", 3)] as [(String, Int32)])
    func `watching ends with the job's outcome`(state: String, status: Int32) async throws {
        let service = try JobService([
            .sample("queued", step: 0), .sample(step: 844), .sample(state, step: 844),
        ])
        defer { service.stop() }
        let ending = try await LehrProcess.run(
            "submit",
            "-",
            "--watch",
            server: service.url,
            input: "epochs: 10"
        )
        #expect(ending.status == status)
        #expect(ending.lines.last == state[...])
        #expect(
            ending.lines.contains(
                "step 844/4,220  epoch 2/10  train_loss 1.8  learning_rate 0.1  "
                    + "validation_loss 0.8  validation_accuracy 0.2"
            )
        )
        #expect(!ending.output.contains("\u{1B}"))
    }

    @Test func `Ctrl-C leaves the job and says how to come back`() async throws {
        let service = try JobService([.sample(step: 0)])
        defer { service.stop() }
        let process = try LehrProcess(
            ["watch", id],
            environment: ["LEHR_SERVER": service.url]
        )
        let presses = Task {
            // The first request looks whether there is such a job; the next ones watch it. A second press would
            // end the command as it ends any other.
            for await request in service.requests.dropFirst() {
                #expect(request == "GET /v1/jobs/\(id)")
                return process.interrupt()
            }
        }
        let ending = try await process.ending()
        presses.cancel()
        #expect(ending.status == 130)
        #expect(
            ending.errors == "\nThe job goes on; `lehr watch \(id)` comes back to it.\n"
        )
    }

    @Test func `JSON is the server's own answer`() async throws {
        let job = JobBody.sample()
        let service = try JobService([job])
        defer { service.stop() }
        let ending = try await LehrProcess.run("show", id, "--json", server: service.url)
        #expect(ending.output == String(decoding: job.json(), as: UTF8.self) + "\n")
    }

    @Test func `a watched job that is printed as JSON is printed at its end alone`() async throws {
        let job = JobBody.sample("succeeded", step: 4220)
        let service = try JobService([.sample(), .sample(), job])
        defer { service.stop() }
        let ending = try await LehrProcess.run("watch", id, "--json", server: service.url)
        #expect(ending.output == String(decoding: job.json(), as: UTF8.self) + "\n")
    }

    @Test func `curves are written as the server's own table`() async throws {
        let service = try JobService([.sample()])
        defer { service.stop() }
        let ending = try await LehrProcess.run("metrics", "@last", "--csv", server: service.url)
        #expect(ending.output == "step,train_loss\n0,2.5\n")
    }

    @Test(arguments: [
        ["list", "--limit", "0"], ["metrics", "x", "--csv", "--json"], ["submit"], ["fly"],
        ["submit", "-", "--validate-only", "--watch"], ["list", "--label", "x"],
    ])
    func `what is not understood ends with 64`(arguments: [String]) async throws {
        let ending = try await LehrProcess(arguments).ending()
        #expect(ending.status == 64)
        #expect(ending.errors.hasPrefix("Error: "))
    }

    @Test func `a schedule is drawn, tabled and described without a server`() async throws {
        let drawn = try await LehrProcess.run("schedule", "preview", "cosine", "--warmup", "5%")
        #expect(drawn.status == 0)
        #expect(
            drawn.lines.first
                == "cosine  1,000 steps, first 0.01961, peak 1 at step 50, last 2.734e-6, mean 0.5005"
        )
        let table = try await LehrProcess.run(
            "schedule",
            "preview",
            "linear",
            "--steps",
            "2",
            "--csv",
            "--learning-rate",
            "0.5"
        )
        #expect(table.output == "step,learning_rate\n0,0.5\n1,0.25\n")
        let types = try await LehrProcess.run("schedule", "types")
        #expect(
            types.lines.contains { $0.hasPrefix("reduce_on_plateau ") && $0.contains("monitor") }
        )
        let type = try await LehrProcess.run("schedule", "types", "cosine")
        #expect(type.output.contains("SGDR"))
    }

    @Test func `a schedule's faults name the options they come from`() async throws {
        let ending = try await LehrProcess.run(
            "schedule",
            "preview",
            "linear",
            "--learning-rate",
            "-1",
            "--warmup",
            "5",
            "--set",
            "gamma=2"
        )
        #expect(ending.status == 2)
        let lines = ending.errors.split(separator: "\n")
        #expect(lines.first == "error: the schedule cannot be drawn")
        #expect(
            Set(lines.dropFirst().map { $0.split(separator: "  ").first }) == [
                "--learning-rate", "--warmup", "--set gamma=2",
            ]
        )
    }
}
