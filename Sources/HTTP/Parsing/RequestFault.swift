/// Why a request cannot be taken: the status to answer and a sentence for its sender.
struct RequestFault: Error, Equatable {
    var status: Status
    var detail: String
    /// The fields that belong to the status, such as `Allow`.
    var fields: Fields

    init(_ status: Status, _ detail: String, fields: Fields = [:]) {
        self.status = status
        self.detail = detail
        self.fields = fields
    }

    static func malformed(_ detail: String) -> RequestFault {
        RequestFault(.badRequest, detail)
    }
}
