import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"))
struct TrainingTests {
    @Test func `a cosine job on real images uses the formula's rates and learns`() async throws {
        let bench = try Bench()
        let server = try await bench.start()
        let id = try await server.client.submit(
            """
            {"dataset": {"name": "fashion-mnist"}, "model": {"type": "mlp", "hidden": [256, 128]},
             "optimizer": {"type": "sgd", "momentum": 0.9},
             "schedule": {"type": "cosine", "learning_rate": 0.1},
             "epochs": 5, "batch_size": 128, "seed": 7}
            """
        )
        let job = try await server.client.wait(for: id)
        #expect(job["state"]?.string == "succeeded")
        let total = 5 * 422
        #expect(job["progress"]?["total_steps"]?.integer == total)
        // Such a perceptron reaches 0.88 in five epochs; 0.86 leaves room for other seeds.
        #expect(try #require(job["summary"]?["test_accuracy"]?.number) > 0.86)
        #expect(try #require(job["summary"]?["validation_accuracy"]?.number) > 0.86)

        let rates = try await server.client.curve("learning_rate", of: id)
        #expect(rates.steps == Array(0..<total))
        let formula = (0..<total).map { step in
            0.1 * 0.5 * (1 + cos(.pi * (Double(step) / Double(total))))
        }
        // The C library's cosine and the schedule's own may differ in their last bit.
        #expect(zip(rates.values, formula).allSatisfy { abs($0 - $1) <= 1e-16 })
        let validations = try await server.client.curve("validation_loss", of: id)
        #expect(validations.steps == [422, 844, 1_266, 1_688, 2_110])
        #expect(await server.stop() == .exit(0))
    }

    @Test func `the same job gives the same bits, alone or beside another`() async throws {
        let bench = try Bench(workers: 2)
        let server = try await bench.start()
        let spec = """
            {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [32]},
             "schedule": {"learning_rate": 0.01}, "epochs": 20, "batch_size": 32, "seed": 3}
            """
        let alone = try await server.client.submit(spec)
        _ = try await server.client.wait(for: alone)
        let pair = [try await server.client.submit(spec), try await server.client.submit(spec)]
        for id in pair { _ = try await server.client.wait(for: id) }
        let losses = try await server.client.curve("train_loss", of: alone).values
        #expect(losses.count == 20 * 85)
        for id in pair {
            let others = try await server.client.curve("train_loss", of: id).values
            #expect(others.map(\.bitPattern) == losses.map(\.bitPattern))
        }
    }

    @Test func `a rate that is far too large ends the job, naming step and rate`() async throws {
        let bench = try Bench()
        let server = try await bench.start()
        let id = try await server.client.submit(
            """
            {"dataset": {"name": "spirals"}, "model": {"type": "mlp", "hidden": [16]},
             "optimizer": {"type": "sgd"}, "schedule": {"type": "constant", "learning_rate": 1e30}}
            """
        )
        let job = try await server.client.wait(for: id)
        #expect(job["state"]?.string == "failed")
        #expect(job["failure"]?["code"]?.string == "diverged")
        let detail = try #require(job["failure"]?["detail"]?.string)
        #expect(detail.contains("step") && detail.contains("1e+30"), "\(detail)")
        #expect(job["attempt"]?.integer == 1)
    }

    @Test func `a plateau lowers the rate from the step that its event names`() async throws {
        let bench = try Bench()
        let server = try await bench.start()
        let id = try await server.client.submit(
            """
            {"dataset": {"name": "spirals"}, "model": {"type": "softmax"},
             "optimizer": {"type": "sgd"}, "epochs": 12, "batch_size": 64,
             "schedule": {"type": "reduce_on_plateau", "learning_rate": 0.1, "factor": 0.5,
                          "patience": 1, "threshold": 0.5}}
            """
        )
        let job = try await server.client.wait(for: id)
        #expect(job["state"]?.string == "succeeded")
        let schedule = try await server.client.get("/v1/jobs/\(id)/schedule").json()
        let events = try #require(schedule["events"]?.array)
        #expect(events.count == 5)
        let planned = try #require(schedule["learning_rates"]?.array).compactMap(\.number)
        let used = try await server.client.curve("learning_rate", of: id).values
        #expect(used == planned)
        for event in events {
            let step = try #require(event["step"]?.integer)
            #expect(used[step] == event["after"]?.number)
            #expect(used[step - 1] == event["before"]?.number)
            #expect(event["reason"]?.string?.hasPrefix("step \(step): best ") == true)
        }
        let metrics = try await server.client.get("/metrics").text
        #expect(metrics.contains("lehr_audit_mismatched_steps_total 0\n"))
    }
}
