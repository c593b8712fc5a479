import Foundation
import TrainingClient

/// Trains one model under three learning rates at once, follows all three, and says which did best on validation.
///
/// `swift run --package-path Examples/SwiftClient` asks the server at `LEHR_SERVER`, else the local one.
@main
struct CompareRates {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        let transport = CurlTransport()
        let client = LehrClient(
            server: try environment["LEHR_SERVER"].map { try ServerAddress($0) } ?? .local,
            token: environment["LEHR_TOKEN"],
            transport: transport
        )
        do {
            async let large = accuracy(of: 0.5, client)
            async let middle = accuracy(of: 0.1, client)
            async let small = accuracy(of: 0.02, client)
            let results = try await [(0.5, large), (0.1, middle), (0.02, small)]
            if let best = results.max(by: { $0.1 < $1.1 }) {
                print("best: \(best.0) with a validation accuracy of \(best.1)")
            }
        } catch let error as ClientError {
            // A refusal names every faulty value; a server that is not there has no problem document.
            print(error.detail)
            for fault in error.problem?.faults ?? [] { print("  \(fault.pointer): \(fault.detail)") }
        }
        await transport.close()
    }

    /// Submits a job, follows it to its end, and returns its validation accuracy; 0 where it failed.
    private static func accuracy(of rate: Double, _ client: LehrClient) async throws -> Double {
        let specification = """
            {"name": "rate \(rate)", "dataset": {"name": "spirals"}, "epochs": 20,
             "model": {"type": "mlp", "hidden": [64]},
             "schedule": {"type": "cosine", "learning_rate": \(rate)}}
            """
        let job = try await client.submit(Array(specification.utf8), .json).value
        // Each change of state is an event; `end` is the last, after which the sequence is over.
        for try await event in client.events(of: job.id) where event.name == "state" {
            print("rate \(rate): \(event.data["state"]?.string ?? "?")")
        }
        let ended = try await client.job(job.id).value
        return ended.summary?.validationAccuracy ?? 0
    }
}
