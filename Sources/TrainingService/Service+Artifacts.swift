internal import Foundation
internal import HTTP
internal import Jobs
internal import TrainingAPI

/// What jobs leave behind.
extension Service {
    /// Stores what a worker has made of its job, whose bytes lie whole at `path`; it is durable when this
    /// returns.
    ///
    /// - Throws: `JobStoreError`; `FileStoreError`.
    func commitArtifact(
        _ path: String,
        _ kind: ArtifactKind,
        of run: ActiveRun
    ) throws -> ArtifactBody {
        let (artifact, replaced) = try files.take(path) { file in
            let artifact = Self.artifact(kind, file, of: run, at: Date())
            return try guarding(run.key) {
                (artifact, try store.attach(ArtifactCommit(key: run.key, artifact: artifact)))
            }
        }
        leases.renew(run.key)
        if let replaced, replaced != artifact.file { removeFiles([replaced]) }
        return Self.body(of: artifact, kind)
    }

    /// What a run has made.
    static func artifact(
        _ kind: ArtifactKind,
        _ file: StoredFile,
        of run: ActiveRun,
        at instant: Date
    ) -> Artifact {
        Artifact(
            name: kind.rawValue,
            file: file,
            mediaType: kind.mediaType,
            fence: run.key.fence,
            committedAt: instant
        )
    }

    /// What a job has left behind, and what can be made of it: the model's files once the job has
    /// succeeded, its metrics at any time.
    ///
    /// - Throws: `JobStoreError`.
    func artifacts(of record: JobRecord) throws -> [ArtifactBody] {
        let sent = try store.artifacts(of: record.id)
        return ArtifactKind.allCases.compactMap { kind in
            guard kind.isSent else {
                return ArtifactBody(
                    name: kind.rawValue,
                    mediaType: kind.mediaType,
                    size: nil,
                    hash: nil,
                    summary: kind.summary
                )
            }
            return sent.first { $0.name == kind.rawValue }.map { Self.body(of: $0, kind) }
        }
    }

    /// Makes an artifact of what is stored, and sends it.
    ///
    /// - Throws: `JobStoreError`; `CurveCoding.CorruptCurve`.
    func send(
        _ kind: ArtifactKind,
        of record: JobRecord,
        _ request: Request,
        _ stream: ResponseStream
    ) throws {
        let disposition = "attachment; filename=\"\(kind.rawValue)\""
        if kind == .specification {
            let stored = StoredJob(reading: record.specification)?.specification.document
            stream.send(
                Answer.tagged(
                    (stored ?? Document(.null)).yaml(),
                    mediaType: kind.mediaType,
                    fields: ["Content-Disposition": disposition],
                    for: request
                )
            )
            return
        }
        // The version changes with every report, and rows are made of reports alone.
        let tag = "\"\(record.version)-\(kind.rawValue)\""
        var fields: Fields = ["ETag": tag, "Cache-Control": "no-cache"]
        if request.fields.values(for: "If-None-Match").contains(where: { Answer.matches($0, tag) })
        {
            stream.send(Response(status: .notModified, fields: fields))
            return
        }
        fields.set("Content-Disposition", disposition)
        let export = MetricsExport(try rows(kind, of: record), kind.mediaType, stream: stream)
        export.begin(fields: fields)
    }

    private func rows(_ kind: ArtifactKind, of record: JobRecord) throws -> MetricsSource {
        let names =
            kind == .rates
            ? ["learning_rate", "momentum"]
            : try store.seriesNames(of: record.id).filter { $0 != SeriesEncoding.wallTime }
        let steps = 0..<max(record.totalSteps, 1) + 1
        let reader = CurveReader(store, record, in: steps)
        // A point for each report: few, and needed whole to be drawn between.
        let seconds =
            kind == .rates
            ? nil : try reader.curves([SeriesEncoding.wallTime], in: steps).first?.curve ?? Curve()
        let stepsPerEpoch = StoredJob(reading: record.specification)?.stepsPerEpoch ?? 1
        return try MetricsSource(windows: reader.windows(for: names)) { window, hasHeading in
            MetricsRows(
                format: .csv,
                names: names,
                curves: try reader.curves(names, in: window),
                stepsPerEpoch: stepsPerEpoch,
                seconds: seconds,
                hasHeading: hasHeading
            )
        }
    }

    private static func body(of artifact: Artifact, _ kind: ArtifactKind) -> ArtifactBody {
        ArtifactBody(
            name: artifact.name,
            mediaType: artifact.mediaType,
            size: artifact.file.size,
            hash: artifact.file.hash,
            summary: kind.summary
        )
    }
}
