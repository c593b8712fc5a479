import TrainingAPI
import TrainingClient

/// Follows a job to its end and shows what it does.
struct JobWatcher {
    /// How the job is shown.
    enum Display {
        /// Drawn over and over at the end of the terminal.
        case live
        /// One line after another.
        case plain
        /// Not at all; the end alone matters.
        case silent
    }

    let client: LehrClient
    let display: Display
    /// The terminal as it is at each moment, since people resize it.
    let terminal: () -> Terminal
    /// How long to wait before a server is asked again that was away.
    var interval: Duration = .milliseconds(300)
    /// How long the server may be away before watching ends with its error.
    var patience: Duration = .seconds(600)
    var clock: any Clock<Duration> = ContinuousClock()

    /// Follows the job until it is final.
    ///
    /// A server that is away does not end the job, and does not end the watching before the patience.
    ///
    /// - Returns: The job at its end.
    func watch(_ id: String) async throws -> Answer<JobBody> {
        var log = WatchLog()
        var live = LiveDisplay()
        var last: (job: JobBody, metrics: MetricsBody?)?
        var absence = ServerAbsence(clock)
        var news: JobEvents.AsyncIterator?
        while true {
            do {
                if news == nil {
                    // Asked before the look, so that nothing can happen between the two and go unseen.
                    let number = try await client.lastEvent(of: id)
                    news = client.events(of: id, after: number).makeAsyncIterator()
                }
                let answer = try await client.job(id)
                let metrics = try await metrics(of: answer.value, from: log.nextStep)
                absence.end()
                last = (answer.value, metrics)
                try show(WatchView(job: answer.value, metrics: metrics), &log, &live)
                if answer.value.isFinal { return answer }
                // After the end of the events, a job that is not final was brought back by a retry.
                if try await news?.next() == nil { news = nil }
                continue
            } catch let error as ClientError where error.isPassing && absence.duration < patience {
                news = nil
                if absence.note(), display == .plain {
                    StandardOutput.note("\(error.detail); waiting for it")
                }
                if let last {
                    let trouble = "\(error.detail); waiting for it"
                    let view = WatchView(job: last.job, metrics: last.metrics, trouble: trouble)
                    if display == .live {
                        try StandardOutput.write(live.text(view.lines(terminal())))
                    }
                }
            }
            try await clock.sleep(for: interval)
        }
    }

    private func metrics(of job: JobBody, from step: Int) async throws -> MetricsBody? {
        guard display != .silent, job.progress.step > 0 else { return nil }
        var query = MetricsQuery(series: WatchView.series)
        if display == .live {
            // Two dots to a character.
            query.maximumPoints = max(terminal().columns * 2, 200)
        } else {
            // Every validation since the last one that was told; between two looks they are few.
            query.fromStep = step
            query.maximumPoints = 10_000
        }
        do {
            return try await client.metrics(of: job.id, query).value
        } catch {
            // A kind of job without these curves is watched by its state.
            guard error.problem?.status == 422 || error.isNotFound else { throw error }
            return nil
        }
    }

    private func show(_ view: WatchView, _ log: inout WatchLog, _ live: inout LiveDisplay) throws {
        switch display {
        case .live: try StandardOutput.write(live.text(view.lines(terminal())))
        case .plain: try StandardOutput.write(lines: log.lines(view.job, view.metrics))
        case .silent: break
        }
    }
}
