internal import HTTP
internal import Jobs
internal import TrainingAPI

/// The answer to a change of a job, in the form in which it is kept for repetitions too.
struct ActionAnswer {
    private let status: Status
    private let tag: String
    private let body: [UInt8]

    /// The answer that shows a job after an action: 202 while a worker has yet to follow.
    init(_ record: JobRecord, _ job: PresentedJob) {
        status = [.pausing, .cancelling].contains(record.state) ? .accepted : .ok
        tag = job.tag
        body = job.body
    }

    /// The answer to an edit: what it changes, under the tag of the rates.
    init(_ receipt: ScheduleEditReceipt) {
        status = .ok
        tag = "\"\(receipt.version)\""
        body = receipt.json()
    }

    /// An answer that was kept: its status and entity tag in a line before its body.
    ///
    /// - Throws: `Problem` where the line cannot be read.
    init(stored: [UInt8]) throws(Problem) {
        let line = stored.prefix { $0 != UInt8(ascii: "\n") }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard words.count == 2, let code = Int(words[0]) else {
            throw Problem(status: 500, detail: "The stored answer cannot be read.")
        }
        status = Status(code)
        tag = String(words[1])
        body = Array(stored.dropFirst(line.count + 1))
    }

    /// The form that ``init(stored:)`` reads.
    var stored: [UInt8] { Array("\(status.code) \(tag)\n".utf8) + body }

    /// The answer as it is sent.
    func response(isReplayed: Bool) -> Response {
        var fields: Fields = ["ETag": tag]
        if isReplayed { fields.set("Idempotent-Replayed", "true") }
        return Answer.json(body, status: status, fields: fields)
    }
}
