import Foundation
import TrainingAPI
import Testing

@testable import lehr

@Suite struct TopViewTests {
    private func view(_ jobs: [JobBody]) -> TopView {
        TopView(
            server: "http://127.0.0.1:8080",
            rows: jobs.map {
                TopView.Row(job: $0, losses: $0.state == "running" ? [2, 1, 0] : [])
            },
            workers: [
                WorkerBody(
                    name: "local-0",
                    state: .busy,
                    isLocal: true,
                    kinds: ["train"],
                    jobID: "1",
                    lastSeenAt: "2026-11-01T12:00:00Z"
                )
            ]
        )
    }

    private func terminal(columns: Int = 120, rows: Int = 24) -> Terminal {
        Terminal(columns: columns, rows: rows, isInteractive: true, ink: Ink(isColored: false))
    }

    @Test func `counts jobs and workers, and draws how far each job is`() {
        let lines = view([.sample("running", step: 844), .sample("queued", step: 0)])
            .lines(terminal())
        #expect(
            lines[0] == "http://127.0.0.1:8080  1 running, 1 queued  1 worker, 1 busy"
        )
        #expect(lines.count == 4)
        #expect(lines[2].contains("fashion-cosine  running"))
        #expect(lines[2].contains("━━╸") || lines[2].contains("━━─"))
        #expect(lines[2].contains("20 %") || lines[2].contains("20%"))
        #expect(lines[2].contains("█▅▁") || lines[2].contains("█▄▁"))
        #expect(!lines[3].contains("█"))
    }

    @Test func `fits the terminal, and says what is left out`() {
        let jobs = (0..<30).map { _ in JobBody.sample("queued", step: 0) }
        let lines = view(jobs).lines(terminal(columns: 80, rows: 10))
        #expect(lines.count < 10)
        #expect(lines.last == "and 24 more; lehr list")
        #expect(lines.allSatisfy { $0.count <= 100 })
    }

    @Test func `says so where there is nothing`() {
        #expect(view([]).lines(terminal()).last == "no jobs")
    }
}
