import Testing

@testable import TrainingService

@Suite struct AcceptTests {
    @Test(arguments: [
        (nil as String?, "application/json" as String?), ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"), ("TEXT/CSV; header=present", "text/csv"),
        ("text/*", "text/csv"), ("text/csv;q=0.5, application/json", "application/json"),
        ("text/html, text/csv;q=0.9, */*;q=0.1", "text/csv"),
        ("*/*, application/json;q=0", "text/csv"), ("image/png", nil),
        ("application/json;q=0", nil), ("text/csv;q=nonsense", "text/csv"), (";", nil),
    ])
    func `chooses the type that the client likes best`(field: String?, type: String?) {
        #expect(Accept(field).best(of: ["application/json", "text/csv"]) == type)
    }
}
